import { Problem, RetryLater } from "#errors.ts";
import type { DeskOutcome, Ended, Metrics } from "#metrics.ts";
import { type Desk, NotFromDesk } from "./desk.ts";

/** The same desk, with every dealing counted. */
export function counted(desk: Desk, metrics: Metrics): Desk {
  const attach = desk.attach?.bind(desk);
  const receive = desk.receive?.bind(desk);
  return {
    name: desk.name,
    create: (...asked) => counting(metrics.beginDeskCall("create"), desk.create(...asked)),
    change: (...asked) => counting(metrics.beginDeskCall("change"), desk.change(...asked)),
    ...(attach && {
      attach: (...asked) => counting(metrics.beginDeskCall("attach"), attach(...asked)),
    }),
    ...(receive && {
      receive(delivery) {
        const ended = metrics.beginDeskCall("receive");
        try {
          const news = receive(delivery);
          ended("ok");
          return news;
        } catch (error) {
          ended(error instanceof NotFromDesk ? "not-from-desk" : "unreadable");
          throw error;
        }
      },
    }),
  };
}

async function counting<T>(ended: Ended<DeskOutcome>, asked: Promise<T>): Promise<T> {
  try {
    const answer = await asked;
    ended("ok");
    return answer;
  } catch (error) {
    ended(outcomeOf(error));
    throw error;
  }
}

function outcomeOf(error: unknown): DeskOutcome {
  if (error instanceof RetryLater) return "later";
  return error instanceof Problem ? "refused" : "failed";
}
