import type { z } from "zod";
import type { Db } from "#db/connect.ts";
import { faultPoint } from "./fault-points.ts";
import { findOutsideWrite, saveIntent, saveReference } from "./outside-writes.ts";
import type { Run } from "./run.ts";

/**
 * One outside write, once, however often the job runs: intent committed → send → reference committed.
 * An intent without a reference is looked up first, for the answer may have been lost after acceptance.
 */
export async function once<S extends z.ZodType<Record<string, unknown>>>(
  { db, run }: { db: Db; run: Run },
  key: string,
  write: {
    reference: S;
    /** Undefined: it is certainly not there. */
    lookUp(intendedAt: Date): Promise<z.output<S> | undefined>;
    send(): Promise<z.output<S>>;
  },
): Promise<z.output<S>> {
  const before = await findOutsideWrite(db, key);
  if (before?.reference) return write.reference.parse(before.reference);
  if (before) {
    const found = await write.lookUp(before.intended_at);
    if (found) {
      await saveReference(db, key, found);
      return found;
    }
  } else await saveIntent(db, key);

  await run.keepLease();
  await faultPoint("once.before-send");
  const sent = await write.send();
  await faultPoint("once.after-send");
  await saveReference(db, key, sent);
  return sent;
}
