import type { Logger } from "pino";
import { Problem } from "#errors.ts";
import type { Metrics } from "#metrics.ts";
import type { Texts } from "#text/texts.ts";
import { inert } from "./mrkdwn.ts";

const ANSWER_MS = 2000; // of Slack's 3 seconds; looking the workspace up may have taken one part of it

type Guarded = {
  reply: { isDone(): boolean };
  work(): Promise<void>;
  sorry(sentence: string): Promise<void>;
  whenUnsaved?: "not-saved";
};

/** What we say to a person: at once as far as they are known, and in their own language when Slack says it in time. */
export type Words = { atOnce: Texts; own(): Promise<Texts> };

/** Everything thrown becomes one sentence for the person; what is not a Problem, one log line with its reference. */
export async function guarded(
  words: Words,
  { log, metrics }: { log: Logger; metrics: Metrics },
  how: Guarded,
): Promise<void> {
  const began = performance.now();
  const late = new Error(`no answer within ${ANSWER_MS} ms`);
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      how.work(),
      new Promise((_resolve, reject) => {
        timer = setTimeout(() => how.reply.isDone() || reject(late), ANSWER_MS);
      }),
    ]);
  } catch (error) {
    const texts = await inTime(words, began + ANSWER_MS - performance.now());
    const sentence = sentenceFor(error, texts);
    await how.sorry(sentence).catch((err) => log.warn({ err }, "a person could not be answered"));
  } finally {
    clearTimeout(timer);
  }

  function sentenceFor(error: unknown, texts: Texts): string {
    metrics.refused(error instanceof Problem ? error.code : (how.whenUnsaved ?? "unexpected"));
    if (error instanceof Problem) return texts.problem(inertProblem(error));
    const reference = crypto.randomUUID().slice(0, 8);
    log.error({ reference, err: error }, "an interaction failed");
    return how.whenUnsaved
      ? texts.problem(new Problem(how.whenUnsaved, {}))
      : texts.unexpected(reference);
  }
}

/** Whoever is known is not waited for: their words are there before any timer. */
async function inTime({ atOnce, own }: Words, leftMs: number): Promise<Texts> {
  const timeIsUp = Promise.withResolvers<Texts>();
  const timer = setTimeout(() => timeIsUp.resolve(atOnce), Math.max(0, leftMs));
  try {
    return await Promise.race([own(), timeIsUp.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Its facts may hold what people typed, a name for one; ids and numbers stay as they are. */
function inertProblem({ code, facts }: Problem): Problem {
  const shown = Object.entries(facts).map(([name, fact]) => [
    name,
    typeof fact === "string" ? inert(fact) : fact,
  ]);
  return new Problem(code, Object.fromEntries(shown)); // the same names
}

/** Slack takes one answer to a delivery; the second is ours to swallow. */
export function onlyOnce<A extends unknown[]>(ack: (...answer: A) => Promise<void>) {
  let done = false;
  return {
    isDone: () => done,
    async say(...answer: A): Promise<void> {
      if (done) return;
      done = true;
      await ack(...answer);
    },
  };
}
