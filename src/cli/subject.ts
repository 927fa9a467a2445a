import type { Db } from "#db/connect.ts";
import type { JobSeen } from "#jobs/dead.ts";
import { findTicketNumbers } from "./store.ts";

/** Whom a job is for, as people name it: "DL-1042 of acme". */
export type SubjectOf = (job: JobSeen) => string;

/** Reads the numbers of all their tickets at once. A payload may be of any shape: it may be why the job was given up. */
export async function subjectsOf(db: Db, jobs: readonly JobSeen[]): Promise<SubjectOf> {
  const ids = jobs.map(ticketIdOf).filter((id) => id !== undefined);
  const numbers = ids.length > 0 ? await findTicketNumbers(db, ids) : new Map<string, number>();
  return (job) => {
    const { accountId, tickets } = job.payload;
    if (Array.isArray(tickets)) return `${tickets.length} tickets`;
    const number = numbers.get(ticketIdOf(job) ?? "");
    const account = typeof accountId === "string" ? accountId : "-";
    return number === undefined ? account : `DL-${number} of ${account}`;
  };
}

function ticketIdOf({ payload }: JobSeen): string | undefined {
  const { ticketId } = payload;
  return typeof ticketId === "string" && UUID.test(ticketId) ? ticketId : undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
