import { z } from "zod";
import { type AgentsChannel, mustBeAgent } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { onceDelivered, takeDelivery } from "#db/inbox.ts";
import { section } from "#slack/blocks.ts";
import type { People } from "#slack/people.ts";
import type { Door } from "#slack/replies.ts";
import { SHOW_CARD } from "./digest-views.ts";
import { postTriageCard } from "./outbox.ts";
import { lockTicket, type TicketRef } from "./store.ts";
import { readRef, ticketNumber } from "./ticket.ts";

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel };
const Shown = z.object({ number: z.string(), stands: z.boolean() });

/** The menu under a digest: the chosen ticket gets its card, with the agents' buttons. */
export function registerDigest(door: Door, { db, people, agentsChannel }: Needs): void {
  door.press(SHOW_CARD, async ({ caller, key, value, answer }) => {
    const ref = readRef(value);
    await mustBeAgent(people, agentsChannel, caller);
    const { number, stands } = await showCard(ref, key);
    const { cardComes, cardStands } = caller.texts.digest;
    const text = stands ? cardStands(number) : cardComes(number);
    await answer({ text, blocks: [section(text)] });
  });

  function showCard(ref: TicketRef, key: string): Promise<z.output<typeof Shown>> {
    return onceDelivered(db, { source: "slack.press", key, answer: Shown }, () =>
      db.transaction().execute(async (tx) => {
        const ticket = await lockTicket(tx, ref);
        const shown = { number: ticketNumber(ticket), stands: ticket.triage_ts !== null };
        await takeDelivery(tx, "slack.press", key, shown);
        if (!shown.stands) await postTriageCard(tx, ticket, agentsChannel, { alone: true });
        return shown;
      }),
    );
  }
}
