import type { Post } from "../witnesses/slack-witness.ts";
import type { JobRow, Records } from "./records.ts";
import type { Finding } from "./violations.ts";

/** The witness sees what was committed some moments after the claim did. */
const MOMENT_MS = 500;

const JOB_OF_MARK: Record<string, string> = {
  card: "ticket.post-card",
  triage: "ticket.post-triage-card",
  customer: "ticket.tell-customer",
  agents: "ticket.tell-agents",
  failure: "ticket.tell-failure",
  digest: "ticket.post-digest",
  "access.tell-end": "access.tell-end",
};

/** Two messages of a channel, and the jobs that said them: the second stood before the first in their lane. */
type Overtaking = { first: Post; second: Post; before: JobRow; passed: JobRow };

/**
 * A channel's messages come in the order in which their jobs stood in its lane. Not promised: an order among jobs whose
 * transactions commit at once, and a place for a job that has left its lane, to wait for a card, or whose words went
 * into a message of one before it, a digest or what came late.
 */
export function checkLanes(posts: readonly Post[], records: Records, { claim }: Finding): void {
  for (const { first, second, before, passed } of overtakings(posts, records)) {
    claim(false, "a message overtook another in its lane", ...[first, second].map(brief), [
      before,
      passed,
    ]);
  }
}

/** How many messages could be compared with the one before them. */
export function countOrdered(posts: readonly Post[], records: Records): number {
  return spokenFor(posts, records).reduce((sum, said) => sum + Math.max(0, said.length - 1), 0);
}

function overtakings(posts: readonly Post[], records: Records): Overtaking[] {
  return spokenFor(posts, records).flatMap((said) =>
    said.flatMap(({ post: second, job: passed }, index) => {
      const earlier = said.slice(0, index).find(({ job }) => hadToWait(job, passed));
      return earlier ? [{ first: earlier.post, second, before: earlier.job, passed }] : [];
    }),
  );
}

/** The other stood before it, for all to see, when somebody took it up. */
function hadToWait(job: JobRow, other: JobRow): boolean {
  if (job.seq <= other.seq || !job.claimedAt || !other.standsSince) return false;
  const isLong = other.standsSince.getTime() + MOMENT_MS < job.claimedAt.getTime();
  return isLong && isCommitted(other.standsBy ?? 0, job.claimSaw ?? "");
}

/** In PostgreSQL's own words: "xmin:xmax:those between that were under way". */
function isCommitted(xid: number, snapshot: string): boolean {
  const [from = 0, to = 0] = snapshot.split(":").map(Number);
  const underWay = snapshot.split(":")[2]?.split(",").map(Number) ?? [];
  return xid < from || (xid < to && !underWay.includes(xid));
}

type Said = { post: Post; job: JobRow };

/** By lane, in the order in which Slack took them. */
function spokenFor(posts: readonly Post[], { jobs }: Records): Said[][] {
  const byAbout = Map.groupBy(jobs, ({ about }) => about);
  const said = posts.flatMap((post) => {
    const job = jobOf(post, byAbout);
    return job ? [{ post, job }] : [];
  });
  return [...Map.groupBy(said, ({ job }) => job.lane).values()];
}

/** By its mark; undefined when none in the lane of its channel, or several, may have said it. */
function jobOf({ key, channel }: Post, byAbout: Map<string | null, JobRow[]>): JobRow | undefined {
  const [mark = "", id = ""] = (key ?? "").replace("catch-up:", "").split(":");
  const own = (byAbout.get(id) ?? []).filter(
    ({ name, lane }) => name === JOB_OF_MARK[mark] && lane?.split("/")[2] === channel,
  );
  return own.length === 1 ? own[0] : undefined;
}

function brief({ channel, ts, key, at }: Post) {
  return { channel, ts, key, at };
}
