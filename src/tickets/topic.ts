import { z } from "zod";
import type { Policy, Topic } from "#accounts/ask.ts";
import type { Db, Tx } from "#db/connect.ts";
import { onceDelivered, type Source, takeDelivery } from "#db/inbox.ts";
import { redrawCards, refOf, tellAgents, tellDesk } from "./outbox.ts";
import { lockTicket, saveTopic, type Ticket, type TicketRef } from "./store.ts";
import { type Actor, insertEvent } from "./store-history.ts";
import { nextStatus } from "./ticket.ts";

type TopicChange = {
  topic: Pick<Topic, "id" | "name">;
  by: Actor;
  delivery: { source: Source; key: string };
};

const Done = z.object({});

/** Those that have tickets; another team handles the others, and nothing is filed. */
export function filedTopics({ topics }: Pick<Policy, "topics">): Topic[] {
  return topics.filter(({ redirect }) => !redirect);
}

/** The customer sees it on the card; the agents and the desk are told. The same topic again changes nothing. */
export async function changeTopic(db: Db, ref: TicketRef, change: TopicChange): Promise<void> {
  const { source, key } = change.delivery;
  await onceDelivered(db, { source, key, answer: Done }, () =>
    db.transaction().execute(async (tx) => {
      const ticket = await lockTicket(tx, ref);
      nextStatus("take", ticket); // a ticket that has ended stays as it was
      await takeDelivery(tx, source, key);
      if (ticket.topic !== change.topic.id) await write(tx, ticket, change);
      return {};
    }),
  );
}

async function write(tx: Tx, ticket: Ticket, { topic, by }: TopicChange): Promise<void> {
  const { topic: id, topic_name: name } = ticket;
  const to = { id: topic.id, name: topic.name[ticket.language] };
  await saveTopic(tx, refOf(ticket), to);
  const detail = { topic: { from: id && { id, name: name ?? id }, to } };
  const historyId = await insertEvent(tx, ticket, { event: "topic", by, detail });
  await redrawCards(tx, ticket);
  await tellAgents(tx, ticket, historyId);
  await tellDesk(tx, ticket, historyId);
}
