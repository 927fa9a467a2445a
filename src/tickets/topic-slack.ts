import { type AgentsChannel, mustBeAgent, type PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import type { People } from "#slack/people.ts";
import type { Door, PressCall, SubmitCall } from "#slack/replies.ts";
import { findTicket, type Ticket } from "./store.ts";
import { agentOf } from "./store-history.ts";
import { nextStatus, readRef } from "./ticket.ts";
import { changeTopic, filedTopics } from "./topic.ts";
import { TOPIC, topicModal } from "./topic-views.ts";

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel; policy: PolicyNow };

/** An agent says what a ticket is about. */
export function registerTopic(door: Door, needs: Needs): void {
  door.submit(TOPIC, (call) => submitTopic(call, needs));
}

/** For an agent. */
export async function openTopic(
  call: PressCall,
  { policy }: Pick<Needs, "policy">,
  ticket: Ticket,
): Promise<void> {
  nextStatus("take", ticket); // a ticket that has ended stays as it was
  const topics = filedTopics(policy());
  if (topics.length === 0) throw new Problem("no-topics", {}); // an old card
  await call.open((texts) => topicModal(texts, ticket, topics));
}

async function submitTopic(call: SubmitCall, needs: Needs): Promise<void> {
  const { db, people, agentsChannel, policy } = needs;
  const { caller, key, values, metadata } = call;
  const ref = readRef(metadata);
  await findTicket(db, ref);
  await mustBeAgent(people, agentsChannel, caller);
  const topic = policy().topics.find(({ id }) => id === values.topic);
  const { choose, topicNotFiled } = caller.texts.fields;
  if (!topic) return call.refuse({ topic: choose });
  if (topic.redirect) return call.refuse({ topic: topicNotFiled });
  await changeTopic(db, ref, {
    topic,
    by: agentOf(caller),
    delivery: { source: "slack.view", key },
  });
  await call.close();
}
