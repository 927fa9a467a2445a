import type { Tx } from "#db/connect.ts";
import type { Problem } from "#errors.ts";
import type { Absorbed } from "./absorb.ts";
import { type JobName, type JobPayload, jobSchemas } from "./catalogue.ts";
import type { Change, ClaimedJob } from "./queue.ts";

export type Handlers = { [N in JobName]: JobHandler<N> };

export type JobHandler<N extends JobName> = {
  run(payload: JobPayload<N>, run: Run): Promise<void>;
  /** In the transaction of the burial: what the person must be told. `reference` finds the row again. */
  bury?(
    tx: Tx,
    payload: JobPayload<N>,
    why: { problem?: Problem; reference: string },
  ): Promise<void>;
};

/** What a handler may know of the run it is in. */
export type Run = {
  id: string;
  attempt: number;
  /** Since the job was first due, by the clock of the database. */
  ageMs: number;
  /** Aborted when another worker has taken over, when the run hangs, and when the worker stops. */
  signal: AbortSignal;
  /** Call right before an outside write. Throws LostLease when another worker has taken over. */
  keepLease(): Promise<void>;
  /** The same, and saves the intent of a write that must happen once. False: it was intended before. */
  intend(key: string): Promise<boolean>;
  /** Asks nobody: throws LostLease when the lease may have ended since it was kept. The last thing before a call. */
  mustHold(): void;
  /** Ends the job in the statement of its last change. False: that found no row, and the job goes on. */
  finish(change: Change): Promise<boolean>;
  hasEnded(): boolean;
  /**
   * In one commit, which is this worker's or fails: the job becomes what `choose` says, and the jobs it names are
   * done. Answers the new payload; undefined when nothing was chosen.
   */
  absorb<N extends JobName>(
    kind: "digest" | "catch-up",
    choose: (tx: Tx) => Promise<Absorbed<N> | undefined>,
  ): Promise<JobPayload<N> | undefined>;
};

/** With its payload, read. Throws when there is no such job, and when its payload is not that of its name. */
export function handlerOf(handlers: Handlers, job: ClaimedJob) {
  const { name } = job;
  if (!isKnown(name)) throw new Error(`there is no job "${name}"`);
  // The schema and the handler share a key, which TypeScript cannot follow through the union.
  const handler = handlers[name] as JobHandler<JobName>;
  return { handler, payload: jobSchemas[name].parse(job.payload) as never };
}

export function isReadable({ name, payload }: ClaimedJob): boolean {
  return isKnown(name) && jobSchemas[name].safeParse(payload).success;
}

export function isKnown(name: string): name is JobName {
  return Object.hasOwn(jobSchemas, name);
}
