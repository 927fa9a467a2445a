import { randomUUID } from "node:crypto";
import { NO_POLICY } from "#accounts/policy.ts";
import { textsOf } from "#text/texts.ts";
import { newTicketModal } from "#tickets/new-ticket-form.ts";
import type { TicketDraft } from "#tickets/ticket.ts";
import type { Asker } from "./places.ts";

export const DRAFT: Omit<TicketDraft, "subject"> = {
  description: "Since nine o'clock nobody can sign in. 全員がログインできません。",
  what: "nothing-works",
  who: "all",
  workaround: "none",
  priority: "normal",
};

/** `/ticket`, as Slack posts it. */
export function ticketCommand({ teamId, channelId, userId }: Asker): string {
  return new URLSearchParams({
    team_id: teamId,
    team_domain: teamId.toLowerCase(),
    channel_id: channelId,
    channel_name: "help",
    user_id: userId,
    user_name: userId.toLowerCase(),
    command: "/ticket",
    text: "",
    api_app_id: "A0DESKLINE",
    is_enterprise_install: "false",
    response_url: "http://127.0.0.1:1/none",
    trigger_id: randomUUID(),
  }).toString();
}

/** The form of `/ticket`, filled in and submitted: the whole view comes back, as from Slack. */
export function ticketSubmission(asker: Asker, subject: string): string {
  const { teamId, channelId, userId } = asker;
  const id = `V${randomUUID()}`;
  const payload = {
    type: "view_submission",
    team: { id: teamId, domain: teamId.toLowerCase() },
    user: { id: userId, username: userId, name: userId, team_id: teamId },
    api_app_id: "A0DESKLINE",
    trigger_id: randomUUID(),
    view: {
      ...newTicketModal(textsOf("en"), { place: { channelId }, policy: NO_POLICY }),
      id,
      team_id: teamId,
      app_installed_team_id: teamId,
      app_id: "A0DESKLINE",
      bot_id: "B0DESKLINE",
      root_view_id: id,
      previous_view_id: null,
      state: { values: typed({ ...DRAFT, subject }) },
    },
    response_urls: [],
    is_enterprise_install: false,
    enterprise: null,
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

function typed(draft: TicketDraft) {
  const text = (name: "subject" | "description") => [
    name,
    { [name]: { type: "plain_text_input", value: draft[name] } },
  ];
  const choice = (name: "what" | "who" | "workaround" | "priority") => [
    name,
    { [name]: { type: "static_select", selected_option: { value: draft[name] } } },
  ];
  return Object.fromEntries([
    text("subject"),
    text("description"),
    ...(["what", "who", "workaround", "priority"] as const).map(choice),
  ]);
}
