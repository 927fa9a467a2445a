import type { RawBuilder } from "kysely";
import type { z } from "zod";
import type { Db } from "#db/connect.ts";
import { faultPoint } from "#fault-points.ts";
import { fenced } from "#fence.ts";
import type { Run } from "./handlers.ts";
import { findOutsideWrite, referenced, saveReference } from "./outside-writes.ts";

type Reference<S extends z.ZodType<Record<string, unknown>>> = {
  reference: S;
  /** Undefined: it is certainly not there. */
  lookUp(intendedAt: Date): Promise<z.output<S> | undefined>;
};
type Write<S extends z.ZodType<Record<string, unknown>>> = Reference<S> & {
  send(): Promise<z.output<S>>;
  /**
   * Saves what follows from it in one statement with the reference, whose table it is given. False: it did not find
   * things as it expects them, and nothing is saved.
   */
  save?(reference: z.output<S>, table: RawBuilder<unknown>): Promise<boolean>;
};

/**
 * One outside write, once, however often the job runs: intent committed → send → reference committed.
 * An intent without a reference is looked up first, for the answer may have been lost after acceptance.
 */
export async function once<S extends z.ZodType<Record<string, unknown>>>(
  { db, run }: { db: Db; run: Run },
  key: string,
  write: Write<S>,
): Promise<z.output<S>> {
  if (!(await run.intend(key))) {
    const standing = await findStanding(db, key, write);
    if (standing) return standing;
    await run.keepLease();
  }
  await faultPoint("once.before-send");
  run.mustHold();
  const sent = await fenced(run.mustHold, () => write.send());
  await faultPoint("once.after-send");
  if (await write.save?.(sent, referenced(key, sent))) return sent;
  return settle(db, key, sent, write);
}

async function settle<S extends z.ZodType<Record<string, unknown>>>(
  db: Db,
  key: string,
  found: Record<string, unknown>,
  write: Reference<S>,
): Promise<z.output<S>> {
  return write.reference.parse(await saveReference(db, key, found));
}

/** What was intended before and stands; nothing is sent. */
export async function findStanding<S extends z.ZodType<Record<string, unknown>>>(
  db: Db,
  key: string,
  write: Reference<S>,
): Promise<z.output<S> | undefined> {
  await faultPoint("once.before-look-up");
  const before = await findOutsideWrite(db, key);
  if (before?.reference) return settle(db, key, before.reference, write);
  const found = before && (await write.lookUp(before.intended_at));
  if (found) return settle(db, key, found, write);
  const after = await findOutsideWrite(db, key); // an event may have settled it while we looked
  return after?.reference ? settle(db, key, after.reference, write) : undefined;
}
