import type { SlackTicket } from "#tickets/store.ts";
import type { Attachment } from "#tickets/store-files.ts";
import type { Comment, HistoryRow } from "#tickets/store-history.ts";
import type { Outgoing } from "#tickets/store-outgoing.ts";

/** Rows as the views get them. */

/** A filed ticket with both its cards. */
export function ticket(given: Partial<SlackTicket> = {}): SlackTicket {
  const at = new Date("2027-01-15T09:00:00Z");
  return {
    id: "5c0c8a3e-8f0e-4a44-9d0e-3b1e0f3d5a11",
    account_id: "acme",
    number: 1042,
    subject: "Sign in",
    description: "It fails.",
    what: "nothing-works",
    who: "all",
    workaround: "none",
    priority: "urgent",
    status: "new",
    language: "en",
    requester_team_id: "T0ACME",
    requester_user_id: "U0HANA",
    requester_name: "Hana",
    requester_email: null,
    assignee_user_id: null,
    assignee_name: null,
    topic: null,
    asked_message_ts: null,
    asked_thread_ts: null,
    message_url: null,
    card_thread_ts: null,
    topic_name: null,
    why: null,
    contact_team_id: null,
    contact_user_id: null,
    contact_name: null,
    asked_priority: null,
    contact_state: "off",
    contact_turn: 0,
    contact_round: 0,
    contact_due_at: null,
    contact_declined: false,
    contact_email: null,
    asked_team_id: "T0ACME",
    asked_channel_id: "C0ACMEHELP",
    card_channel_id: "C0ACMEHELP",
    card_ts: "1000.0001",
    card_url: "https://acme.slack.com/archives/C0ACMEHELP/p10000001",
    triage_team_id: "T0KUMO",
    triage_channel_id: "C0AGENTS",
    triage_ts: "1000.0002",
    triage_listed_at: null,
    seen_at: null,
    waits_since: at,
    first_answered_at: null,
    follows_id: null,
    follows_number: null,
    opened_by_name: null,
    links: 0,
    merged_into_id: null,
    merged_into_number: null,
    merged_at: null,
    unmerged_status: null,
    unmerged_waits_since: null,
    attachments: 0,
    refused_attachments: 0,
    desk_name: "embedded",
    desk_id: "DL-1042",
    desk_url: "https://desk.example/1042",
    version: 1,
    created_at: at,
    updated_at: at,
    ...given,
  };
}

export function history(name: string): HistoryRow {
  return {
    id: "a",
    at: new Date(0),
    event: "reply",
    actor_kind: "agent",
    actor_user_id: "U0AKI",
    actor_name: name,
    detail: { from: "new", to: "open" },
  };
}

/** As an agent made it, with the other ticket in another thread. */
export function merged(
  event: "merged" | "unmerged" | "absorbed" | "released",
  { name, subject }: { name: string; subject: string },
): HistoryRow {
  const other = { ticketId: "5c0c8a3e-8f0e-4a44-9d0e-3b1e0f3d5a12", number: "DL-1001", subject };
  const urls = { url: "https://acme.slack.com/p1", triageUrl: "https://kumo.slack.com/p2" };
  return { ...history(name), event, detail: { ...other, ...urls, isSameRequester: true } };
}

export function comment(body: string): Comment {
  const author = { author_kind: "agent", author_name: "Aki" } as const;
  return { id: "a", ...author, body, edits: 0, deleted_at: null };
}

export function attachment(given: Partial<Attachment> = {}): Attachment {
  return {
    id: "0b9f5c3e-6f0d-4c55-9d6a-2f3a1f0c7e11",
    team_id: "T0ACME",
    file_id: "F0ERROR",
    agent_name: null,
    history_id: null,
    name: "error.png",
    size: 1_250_000,
    sha256: "a".repeat(64),
    upload_id: null,
    state: "delivered",
    why: null,
    created_at: new Date(0),
    ...given,
  };
}

export function fileRefused(name: string): HistoryRow {
  const detail = { name, why: "forbidden-type" };
  return { ...history("Deskline"), event: "file-refused", actor_kind: "deskline", detail };
}

export function outgoingRow(values: Partial<Outgoing> = {}): Outgoing {
  return {
    id: "0b1c2d3e-0000-4000-8000-00000000000f",
    account_id: "acme",
    ticket_id: "0b1c2d3e-0000-4000-8000-000000000001",
    team_id: "T0KUMO",
    view_id: "V0001",
    step: "reply",
    helps: null,
    body: "Try again.",
    files: [],
    author_user_id: "U0AKI",
    author_name: "Aki",
    state: "draft",
    written_at: new Date(),
    sends_at: null,
    ...values,
  };
}
