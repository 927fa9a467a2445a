import type { App, ReceiverEvent } from "@slack/bolt";
import type { Logger } from "pino";
import type { AckOutcome, Ended, Metrics } from "#metrics.ts";
import { createMemory, type Memory } from "./memory.ts";
import { ackKindOf, mustBeReadable, Unreadable } from "./readable.ts";

export type Deliver = (event: ReceiverEvent) => Promise<void>;

type Bolt = Pick<App, "processEvent">;
type Answers = Memory<Promise<unknown>>;
type Counted = ReceiverEvent & { repeated(): void };

/**
 * Hands what Slack sends to Bolt, over HTTP and Socket Mode alike. An event is acked when its effect is saved, for Slack
 * sends it again otherwise; a repeated delivery does nothing and is answered as the first was.
 */
export function createDeliver(bolt: Bolt, log: Logger, metrics: Metrics): Deliver {
  const answers: Answers = createMemory();
  return async (event) => {
    const ended = metrics.beginAck(ackKindOf(event.body));
    try {
      await take(counting(event, ended));
      ended("unheard");
    } catch (error) {
      ended(error instanceof Unreadable ? "unreadable" : "failed");
      throw error;
    }
  };

  async function take(event: Counted): Promise<void> {
    const { body } = event;
    if (body.type === "app_rate_limited") {
      log.warn({ teamId: body.team_id }, "Slack holds events back: there were too many");
      return event.ack();
    }
    mustBeReadable(body);
    if (body.event) return takeEvent(bolt, answers, event);
    return takeInteraction(bolt, answers, event);
  }
}

function counting(event: ReceiverEvent, ended: Ended<AckOutcome>): Counted {
  return {
    ...event,
    repeated: () => ended("repeated"),
    async ack(said) {
      ended("ok");
      await event.ack(said);
    },
  };
}

async function takeEvent(bolt: Bolt, answers: Answers, event: Counted): Promise<void> {
  const key = `event ${event.body.event_id}`;
  const before = answers.get(key);
  const done = before ?? bolt.processEvent({ ...event, ack: async () => {} });
  if (before === undefined) answers.put(key, done);
  try {
    await done;
  } catch (error) {
    answers.forget(key); // it comes again, and then it counts
    throw error;
  }
  if (before !== undefined) event.repeated();
  await event.ack();
}

async function takeInteraction(bolt: Bolt, answers: Answers, event: Counted): Promise<void> {
  const trigger: unknown = event.body.trigger_id;
  if (!trigger) return bolt.processEvent(event);
  const key = `trigger ${trigger}`;
  const before = answers.get(key);
  if (before !== undefined) {
    const said = await before;
    event.repeated();
    return event.ack(said);
  }

  const answer = Promise.withResolvers<unknown>();
  answer.promise.catch(() => {}); // heard by whoever repeats it, and by nobody else
  answers.put(key, answer.promise);
  let isAnswered = false;
  const ack = async (said: unknown) => {
    isAnswered = true;
    answer.resolve(said);
    await event.ack(said);
  };
  try {
    await bolt.processEvent({ ...event, ack });
  } finally {
    if (!isAnswered) {
      answers.forget(key);
      answer.reject(new Error("nobody answered it"));
    }
  }
}
