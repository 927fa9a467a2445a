import { type AgentsChannel, mustBeAgent } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { People } from "#slack/people.ts";
import type { Door, PressCall } from "#slack/replies.ts";
import type { Ticket } from "./store.ts";
import { findTicketAtStep } from "./store-history.ts";
import { readPart, readRef } from "./ticket.ts";
import { READ_WHOLE, wholeModal } from "./whole-views.ts";

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel };

/** What was too long for a message of a thread, to whoever reads that thread. */
export function registerWhole(door: Door, needs: Needs): void {
  door.press(READ_WHOLE, async (call) => {
    const { value } = call;
    const asked = { ...readRef(value), historyId: readPart(value) };
    const { ticket, step } = await findTicketAtStep(needs.db, asked);
    await mustReadThere(call, needs, ticket);
    await call.open((texts) => wholeModal(texts, ticket, step));
  });
}

/** Slack shows the customer's thread to those who press there; anybody else must be an agent. */
async function mustReadThere(
  { caller, channelId }: PressCall,
  { people, agentsChannel }: Needs,
  { card_channel_id: threads }: Ticket,
): Promise<void> {
  if (threads !== null && channelId === threads) return;
  await mustBeAgent(people, agentsChannel, caller);
}
