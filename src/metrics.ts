import { Counter, Gauge, Histogram, Registry } from "prom-client";

export const ACK_KINDS = ["view", "press", "command", "message", "event", "other"] as const;
export type AckKind = (typeof ACK_KINDS)[number];
/** `late`: after Slack's 3 seconds. `unheard`: nobody here listens to it. `unsigned`: not from Slack. */
export const ACK_OUTCOMES = [
  "ok",
  "repeated",
  "late",
  "failed",
  "unheard",
  "unreadable",
  "unsigned",
] as const;
export type AckOutcome = (typeof ACK_OUTCOMES)[number];
/** `later`: it was not the time. `failed`: an outage or a bug, tried again five times in all. */
export type JobOutcome =
  | "done"
  | "later"
  | "failed"
  | "given-up"
  | "taken-over"
  | "handed-back"
  | "unsaved";
export type SlackOutcome =
  | "ok"
  | "limited"
  | "no-answer"
  | "token-ended"
  | "unreachable"
  | "gone"
  | "refused";
export type DeskOperation = "create" | "change" | "attach" | "receive";
/** `held`: not made, because the desk is silent. */
export type DeskOutcome =
  | "ok"
  | "later"
  | "held"
  | "refused"
  | "failed"
  | "not-from-desk"
  | "unreadable";

/** Ends what was begun. Only the first end counts. */
export type Ended<O extends string> = (outcome: O) => void;
export type Metrics = ReturnType<typeof createMetrics>;

const ACK_S = 3; // Slack waits no longer
const ACK_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5];
const CALL_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const WAIT_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800, 7200, 43_200];

/**
 * What this process counts, in a registry of its own: two apps in one process share nothing. Labels come from closed
 * sets, never from what people typed or whom it is about: each new value is a series for ever.
 */
export function createMetrics() {
  const registry = new Registry();
  const acks = timesIn<"kind", AckOutcome>(registry, {
    name: "ack",
    of: "Answers to what Slack sent",
    label: "kind",
    buckets: ACK_BUCKETS,
  });
  const jobs = timesIn<"job", JobOutcome>(registry, {
    name: "job",
    of: "Runs of jobs",
    label: "job",
    buckets: CALL_BUCKETS,
  });
  const slackCalls = timesIn<"method", SlackOutcome>(registry, {
    name: "slack_call",
    of: "Calls to Slack",
    label: "method",
    buckets: CALL_BUCKETS,
  });
  const deskCalls = timesIn<"operation", DeskOutcome>(registry, {
    name: "desk_call",
    of: "Calls to the desk, and its news",
    label: "operation",
    buckets: CALL_BUCKETS,
  });
  const waits = { buckets: WAIT_BUCKETS, registers: [registry] };
  const jobAge = new Histogram({
    ...waits,
    name: "deskline_job_age_seconds",
    help: "Age of a job when a run of it begins, since it was first due",
    labelNames: ["job"],
  });
  const laneWait = new Histogram({
    ...waits,
    name: "deskline_lane_wait_seconds",
    help: "How long a job in a lane waited past its due",
    labelNames: ["lane"],
  });
  const refusals = new Counter({
    name: "deskline_refusals_total",
    help: "Sentences that told a person no, by their reason",
    labelNames: ["problem"],
    registers: [registry],
  });
  const cleared = new Counter({
    name: "deskline_rows_cleared_total",
    help: "Old rows that were removed",
    labelNames: ["table"],
    registers: [registry],
  });
  const links = gaugeIn(registry, "link_up", {
    help: "1 while a link stands that this process keeps open",
    labels: ["to"],
  });

  // An alarm on a rise sees none from "absent" to 1.
  for (const kind of ACK_KINDS) for (const outcome of ACK_OUTCOMES) acks.expect(kind, outcome);
  for (const problem of ["unexpected", "not-saved"]) refusals.inc({ problem }, 0);

  return {
    registry,
    beginAck(kind: AckKind): Ended<AckOutcome> {
      return acks.begin(kind, (outcome, seconds) =>
        outcome === "ok" && seconds > ACK_S ? "late" : outcome,
      );
    },
    /** `problem`: the code of the sentence, or "unexpected". */
    refused: (problem: string): void => refusals.inc({ problem }),
    beginJob(job: { name: string; ageMs: number; waitedMs: number; lane: string | undefined }) {
      jobAge.observe({ job: job.name }, job.ageMs / 1000);
      if (job.lane) laneWait.observe({ lane: job.lane }, job.waitedMs / 1000);
      return jobs.begin(job.name);
    },
    beginSlackCall: (method: string): Ended<SlackOutcome> => slackCalls.begin(method),
    beginDeskCall: (operation: DeskOperation): Ended<DeskOutcome> => deskCalls.begin(operation),
    /** It took no time: what a desk takes is not shown shorter for it. */
    deskCallHeld: (operation: DeskOperation): void => deskCalls.count(operation, "held"),
    cleared: (table: string, rows: number): void => cleared.inc({ table }, rows),
    /** Redis, and Slack in Socket Mode; absent in a process that does not open it. */
    link: (to: "redis" | "slack", isUp: boolean): void => links.set({ to }, isUp ? 1 : 0),
  };
}

export function gaugeIn<L extends string = never>(
  registry: Registry,
  name: string,
  { help, labels = [] }: { help: string; labels?: L[] },
): Gauge<L> {
  return new Gauge({
    name: `deskline_${name}`,
    help,
    labelNames: labels,
    registers: [registry],
  });
}

/** How often something ended in which way, and how long it took. */
function timesIn<L extends string, O extends string>(
  registry: Registry,
  about: { name: string; of: string; label: L; buckets: number[] },
) {
  const { name, of, label, buckets } = about;
  const count = new Counter<string>({
    name: `deskline_${name}s_total`,
    help: `${of}, by how they ended`,
    labelNames: [label, "outcome"],
    registers: [registry],
  });
  const seconds = new Histogram<string>({
    name: `deskline_${name}_seconds`,
    help: `${of}, by how long they took`,
    labelNames: [label],
    buckets,
    registers: [registry],
  });
  return {
    /** Shows it as 0 until it happens. */
    expect: (of: string, outcome: O): void => count.inc({ [label]: of, outcome }, 0),
    count: (of: string, outcome: O): void => count.inc({ [label]: of, outcome }),
    begin(of: string, judge: (outcome: O, seconds: number) => O = (outcome) => outcome): Ended<O> {
      const begunAt = performance.now();
      let hasEnded = false;
      return (outcome) => {
        if (hasEnded) return;
        hasEnded = true;
        const took = (performance.now() - begunAt) / 1000;
        count.inc({ [label]: of, outcome: judge(outcome, took) });
        seconds.observe({ [label]: of }, took);
      };
    },
  };
}
