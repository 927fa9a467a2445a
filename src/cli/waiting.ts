import type { Waiting } from "#jobs/waiting.ts";
import { clean } from "./table.ts";

const SOON_S = 10; // what Redis lost is rung again after 5 s
const WHY_LENGTH = 120;

/** What waits now, a line for each kind; none when nothing does. */
export function waitingLines(waiting: Waiting): string[] {
  const { open, retried, behind } = waiting;
  return [
    ...(open > 0 ? [openLine(waiting)] : []),
    ...(retried > 0 ? [retriedLine(waiting)] : []),
    ...(behind > 0 ? [`${jobs(behind, "waits", "wait")} behind others for their turn.`] : []),
  ];
}

function openLine({ open, openS, running }: Waiting): string {
  if (openS < SOON_S)
    return `${jobs(open, "is", "are")} due, and no worker has taken ${open === 1 ? "it" : "them"} yet: look again in a few seconds.`;
  const since = `${jobs(open, "has", "have")} waited for ${span(openS)}`;
  if (running > 0) return `${since}; workers have ${running} more in hand.`;
  return `${since} and no worker has taken ${open === 1 ? "it" : "them"}: see whether a worker runs, and whether it reaches Redis.`;
}

function retriedLine({ retried, reasons }: Waiting): string {
  const [only] = reasons;
  const said =
    only?.jobs === retried
      ? reasonIn(only.error)
      : reasons.map((each) => `${each.jobs} × ${reasonIn(each.error)}`).join("; ");
  const others = retried - reasons.reduce((sum, each) => sum + each.jobs, 0);
  return `${jobs(retried, "is", "are")} tried again: ${said}${others > 0 ? `; ${others} for other reasons` : ""}`;
}

/** A last error for a line: cut between two words, and without the name of what is no fault. */
export function reasonIn(error: string): string {
  const whole = clean(error).replace(/^(RetryLater|Silence): /, "");
  if (whole.length <= WHY_LENGTH) return whole;
  return `${whole.slice(0, WHY_LENGTH).replace(/\s+\S*$/, "")} …`;
}

function jobs(count: number, one: string, many: string): string {
  return count === 1 ? `1 job ${one}` : `${count} jobs ${many}`;
}

function span(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
