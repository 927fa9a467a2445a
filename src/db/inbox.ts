import type { z } from "zod";
import { faultPoint } from "#fault-points.ts";
import type { Db, Tx } from "./connect.ts";

/** Slack's own keys: `view.id` of a submission, or the id of the workflow step's run that submits, `trigger_id` of a press or command, team+channel+ts of a message. `web`: the nonce of a page. `outgoing`: what an agent has let go. */
export type Source =
  | "slack.view"
  | "slack.press"
  | "slack.command"
  | "slack.message"
  | "outgoing"
  | "desk"
  | "web";

/** Thrown inside the transaction of a repeated delivery, which leaves nothing behind. */
export class RepeatedDelivery extends Error {
  override name = "RepeatedDelivery";
}

/**
 * Notes a delivery in the transaction of its effect, with the answer it got.
 * Throws RepeatedDelivery when it was taken before; `answerOf` then has the first answer.
 */
export async function takeDelivery(
  tx: Tx,
  source: Source,
  key: string,
  answer: Record<string, unknown> = {},
): Promise<void> {
  const row = await tx
    .insertInto("inbox")
    .values({ source, key, answer: JSON.stringify(answer) })
    .onConflict((oc) => oc.columns(["source", "key"]).doNothing())
    .returning("key")
    .executeTakeFirst();
  if (!row) throw new RepeatedDelivery(`${source} ${key}`);
}

/** Whether it was taken before, for what would refuse it now. */
export async function isTaken(tx: Tx, source: Source, key: string): Promise<boolean> {
  const row = await tx
    .selectFrom("inbox")
    .select("key")
    .where("source", "=", source)
    .where("key", "=", key)
    .executeTakeFirst();
  return row !== undefined;
}

/** What the delivery was answered when it came first. */
export async function answerOf<S extends z.ZodType>(
  db: Db,
  source: Source,
  key: string,
  schema: S,
): Promise<z.output<S>> {
  const row = await db
    .selectFrom("inbox")
    .select("answer")
    .where("source", "=", source)
    .where("key", "=", key)
    .executeTakeFirstOrThrow();
  return schema.parse(row.answer);
}

/** Runs a use case; a repeated delivery gets the answer of the first. */
export async function onceDelivered<S extends z.ZodType>(
  db: Db,
  delivery: { source: Source; key: string; answer: S },
  useCase: () => Promise<z.output<S>>,
): Promise<z.output<S>> {
  try {
    await faultPoint(`${delivery.source}.before-commit`);
    const answer = await useCase();
    await faultPoint(`${delivery.source}.after-commit`);
    return answer;
  } catch (error) {
    if (!(error instanceof RepeatedDelivery)) throw error;
    return answerOf(db, delivery.source, delivery.key, delivery.answer);
  }
}
