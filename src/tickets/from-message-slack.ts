import { z } from "zod";
import type { AgentsChannel } from "#accounts/ask.ts";
import { onceDelivered, takeDelivery } from "#db/inbox.ts";
import { methodLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import { asRead, mentionedIn, readWithNames } from "#slack/as-read.ts";
import type { FindInstallation } from "#slack/installation.ts";
import type { Messenger } from "#slack/messenger.ts";
import type { Caller, Door, EventCall, PressCall, ShortcutCall } from "#slack/replies.ts";
import { OPEN_FROM_MESSAGE } from "./ask.ts";
import { type FormPlace, readPlace } from "./form-place.ts";
import { readingModal } from "./forms.ts";
import { newTicketModal } from "./new-ticket-form.ts";
import { type NewTicketNeeds, openNewTicket, selfServiceIfFree } from "./new-ticket-slack.ts";

type Needs = NewTicketNeeds & {
  findInstallation: FindInstallation;
  messenger: Pick<Messenger, "findMessage">;
  agentsChannel: AgentsChannel;
};

/** What somebody wrote becomes a ticket: by the shortcut in its menu, or by the button that a 🎫 brings. */
export function registerFromMessage(door: Door, needs: Needs): void {
  door.shortcut(OPEN_FROM_MESSAGE, (call) => openFromMessage(call, needs));
  door.press(OPEN_FROM_MESSAGE, (call) => openFromOffer(call, needs), "opens-at-once");
  door.event("reaction_added", (call) => offerForm(call, needs));
}

async function openFromMessage(call: ShortcutCall, needs: Needs): Promise<void> {
  const { caller, channelId = "", message } = call;
  const { teamId } = caller;
  const text = message?.text ?? "";
  const place = placeOf(needs, caller, { channelId, message });
  const nameOf = (userId: string) => needs.people.known({ teamId, userId })?.name;
  if (mentionedIn(text).every(nameOf))
    return openNewTicket(call, needs, { place, description: asRead(text, nameOf) });
  await openOnceRead(call, needs, { place, read: async () => text });
}

/** The value says which message; one of another channel than that of the button is none of ours. */
async function openFromOffer(call: PressCall, needs: Needs): Promise<void> {
  const { caller, channelId = "" } = call;
  const { message, channelId: offeredIn } = readPlace(call.value);
  if (!message || offeredIn !== channelId)
    return openNewTicket(call, needs, { place: { channelId } });
  const at = { teamId: caller.teamId, channelId, ts: message.ts };
  const read = async () => (await needs.messenger.findMessage(at, "quick"))?.text ?? "";
  const place = placeOf(needs, caller, { channelId, message });
  await openOnceRead(call, needs, { place, read });
}

/** The agents' channel is no place to answer a customer: its threads stay the agents'. */
function placeOf({ agentsChannel }: Needs, { teamId }: Caller, place: FormPlace): FormPlace {
  const isAgents = agentsChannel.teamId === teamId && agentsChannel.channelId === place.channelId;
  return isAgents ? { channelId: place.channelId } : place;
}

/** The form follows once the words are there, and whoever they name; without an answer it stands without. */
async function openOnceRead(
  { caller, open }: Pick<PressCall, "caller" | "open">,
  needs: Needs,
  { place, read }: { place: FormPlace; read(): Promise<string> },
): Promise<void> {
  const { teamId } = caller;
  const { people, policy } = needs;
  await open(readingModal, async () => {
    const text = await read().catch(() => "");
    const description = await readWithNames(people, teamId, text);
    const selfService = await selfServiceIfFree(caller, needs, place).catch(() => undefined);
    return (
      selfService ?? ((texts) => newTicketModal(texts, { place, description, policy: policy() }))
    );
  });
}

const Reacted = z.object({
  user: z.string(),
  reaction: z.literal("ticket"),
  item: z.object({ type: z.literal("message"), channel: z.string(), ts: z.string() }),
  /** Who wrote it. */
  item_user: z.string().optional(),
});

/** A reaction opens no form, for it brings no trigger: it is answered with a button, once for a message and person. */
async function offerForm({ teamId, event }: EventCall, needs: Needs): Promise<void> {
  const reacted = Reacted.safeParse(event);
  if (!reacted.success) return;
  const { user: userId, item, item_user: writtenBy } = reacted.data;
  const { channel: channelId, ts } = item;
  if (!needs.policy().reaction_channels.includes(`${teamId}/${channelId}`)) return;
  const own = await needs.findInstallation(teamId);
  if (own && [userId, writtenBy].includes(own.botUserId)) return; // a card of ours, also one that is not saved yet
  const person = await needs.people.meet({ teamId, userId });
  const payload = { teamId, channelId, ts, userId, language: person?.language ?? "en" };
  const key = `${teamId}+${channelId}+${ts}+ticket+${userId}`;
  await onceDelivered(needs.db, { source: "slack.message", key, answer: z.object({}) }, () =>
    needs.db.transaction().execute(async (tx) => {
      await takeDelivery(tx, "slack.message", key);
      const lane = methodLane(teamId, "conversations.replies");
      await enqueue(tx, "ticket.offer-form", payload, { lane });
      return {};
    }),
  );
}
