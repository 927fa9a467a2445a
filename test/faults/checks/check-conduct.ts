import { textsOf } from "#text/texts.ts";
import { isCard, isTriageCard, says } from "../people/effects.ts";
import { isHeldAt, isOf } from "../witnesses/job-witness.ts";
import type { Post } from "../witnesses/slack-witness.ts";
import { LEASE_MS, type World } from "../world/world.ts";
import type { JobRow, Records } from "./records.ts";
import type { Finding } from "./violations.ts";

type Check = Pick<Finding, "claim" | "claimCount">;

export const RESUME_MS = LEASE_MS + 5000;
/** On top of it and of the start of a process: for working off what waits, on a machine that does ten of these at once. */
const BUSY_MS = 10_000;
const SLOW = 2; // where a start takes long, the rest does, too
const GAP_MS = 700; // Slack: one message a second in a channel, as its clock sees them come

/** The queue is empty, Slack was never pressed, every card shows what is, and what a dead worker did was taken up in time. */
export function checkConduct(world: World, records: Records, finding: Check): void {
  for (const job of records.jobs) {
    finding.claim(!!job.doneAt || !!job.deadAt, "a job is not done", job);
    finding.claim(!job.deadAt || job.isPoison, "a job was given up", job);
    finding.claim(!!job.deadAt || !job.isPoison, "a poison was not given up", job);
  }
  checkPace(world, finding);
  for (const { jobs, afterMs, bootMs } of resumptions(world, records)) {
    const isLate = afterMs > RESUME_MS + SLOW * bootMs + BUSY_MS;
    const what = `work was done ${afterMs} ms after the kill, with ${bootMs} ms to start again`;
    finding.claim(!isLate, what, ...jobs);
  }
  checkCards(world, records, finding);
  finding.claim(world.lateStops.length === 0, "a process did not stop as it must", world.lateStops);
}

export function checkPace({ slack, plan }: World, finding: Check): void {
  const pressed = slack.calls.filter(({ error }) => error === "ratelimited");
  finding.claim(pressed.length === 0, "Slack was called too fast", ...pressed);
  if (plan.isPaced !== false) checkGaps(slack.posts, finding);
}

function checkGaps(posts: readonly Post[], { claim }: Check): void {
  const last = new Map<string, Post>();
  for (const post of posts) {
    const before = last.get(post.channel);
    const gap = before ? post.at - before.at : GAP_MS;
    claim(gap >= GAP_MS, `two messages came into one channel within ${gap} ms`, before, post);
    last.set(post.channel, post);
  }
}

export type Resumption = {
  jobs: JobRow[];
  /** From the kill until everything that was under way was done. */
  afterMs: number;
  /** Of that, until the process ran again. */
  bootMs: number;
};

/**
 * How long it took after each kill until everything that the process had under way was done; without what somebody
 * lost once more after it: to the next kill, or to a machine that stood still for a lease.
 */
export function resumptions({ strikes, apps }: World, { jobs, holds }: Records): Resumption[] {
  const kills = strikes.entries.filter(({ action }) => action === "kill");
  return kills.flatMap(({ at, name }) => {
    const lost = holds.filter((hold) => isOf(name, hold) && isHeldAt(hold, at));
    const wasLostAgain = ({ id }: JobRow) =>
      holds.some(({ jobId, end, at: since }) => jobId === id && end === "left" && at < +since);
    const taken = jobs.filter((job) => lost.some(({ jobId }) => jobId === job.id));
    const done = taken.filter((job) => job.doneAt && !wasLostAgain(job));
    if (done.length === 0) return [];
    const runsAgain = apps.find((app) => app.name === name)?.runs.find((run) => run > at) ?? at;
    const afterMs = Math.max(...done.map(({ doneAt }) => (doneAt?.getTime() ?? 0) - at));
    return [{ jobs: done, afterMs, bootMs: runsAgain - at }];
  });
}

function checkCards({ slack }: World, { tickets }: Records, { claim }: Check): void {
  for (const ticket of tickets) {
    const texts = textsOf(ticket.language);
    const about = slack.posts.filter((post) => says(post, ticket.subject));
    const card = about.find(isCard);
    const triage = about.find(isTriageCard);
    const label = texts.statuses[ticket.status];
    const agentsLabel = texts.triage.statuses[ticket.status];
    claim(
      !card || card.words.includes(label),
      `the card does not say "${label}"`,
      ticket,
      card?.words,
    );
    const isTrue = !triage || triage.words.includes(agentsLabel);
    claim(isTrue, `the triage card does not say "${agentsLabel}"`, ticket, triage?.words);
  }
}
