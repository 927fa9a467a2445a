import type { Stop } from "../checks/check-stops.ts";
import { tellViolation } from "../checks/violations.ts";
import type { CrashedWorld } from "../crash.ts";
import type { Order } from "../processes/orders.ts";
import { LEASE_MS } from "../world/world.ts";

const ENDS: Partial<Record<Order["action"], string>> = { kill: "kills", term: "gentle stops" };

/** Prints what came of all worlds; true when nothing is wrong and every point was hit. */
export function sayCrashes(results: CrashedWorld[]): boolean {
  const points = [...hitsByPoint(results)];
  console.log("");
  for (const [where, hits] of points) {
    console.log(hits > 0 ? `PASS  ${where}: ${hits}` : `FAIL  violation: ${where}: never`);
  }
  const violations = results.flatMap(({ plan, outcome }) =>
    outcome.violations.map((violation) => tellViolation(plan.name, violation)),
  );
  for (const line of violations) console.log(line);
  saySums(results);
  const unhit = points.filter(([, hits]) => hits === 0).length;
  console.log(`${points.length - unhit} passed, ${unhit + violations.length} failed`);
  return unhit + violations.length === 0;
}

/** "kills at job.after-claim with bullmq": each point in each mode must have killed, and stopped, at least once. */
function hitsByPoint(results: CrashedWorld[]): Map<string, number> {
  const points = new Map<string, number>();
  for (const { plan, ends } of results) {
    for (const { orders, victim } of ends) {
      const last = orders.at(-1);
      const where = `${last && ENDS[last.action]} at ${last?.point} with ${plan.mode}`;
      points.set(where, (points.get(where) ?? 0) + (victim ? 1 : 0));
    }
  }
  return points;
}

function saySums(results: CrashedWorld[]): void {
  console.log("");
  for (const action of ["kill", "term"] as const) {
    const victims = victimsOf(results, action);
    const byProcess = tally(victims.map(withoutNumber));
    console.log(`${ENDS[action]}: ${victims.length}, by process: ${byProcess}`);
  }
  const ops = results.flatMap(({ world }) => world.ops);
  const again = ops.filter(({ tries }) => tries > 1).length;
  console.log(`deeds: ${tally(ops.map(({ deed }) => deed))}`);
  console.log(
    `as people saw them: ${tally(ops.map(({ outcome }) => outcome))}; tried again: ${again}`,
  );
  sayResumptions(results);
  sayStops(results.flatMap(({ outcome }) => outcome.stops));
}

function sayResumptions(results: CrashedWorld[]): void {
  const resumptions = results.flatMap(({ outcome }) => outcome.resumptions);
  if (resumptions.length === 0) return;
  const interrupted = results.flatMap(({ outcome }) => repeated(outcome.interrupted));
  const after = spread(resumptions.map(({ afterMs }) => afterMs));
  const boots = spread(resumptions.map(({ bootMs }) => bootMs));
  console.log(`interrupted jobs: ${tally(interrupted)}`);
  console.log(`what was under way was done after: ${after} (a lease is ${inSeconds(LEASE_MS)})`);
  console.log(`of that, until the process ran again: ${boots}`);
}

function sayStops(stops: Stop[]): void {
  if (stops.length === 0) return;
  console.log(`stops took: ${spread(stops.flatMap(({ tookMs }) => tookMs ?? []))}`);
  const fates = stops.flatMap(({ underWay }) => underWay.map((end) => end ?? "never done"));
  console.log(`jobs under way at a stop: ${tally(fates)}`);
  const waits = stops.flatMap(({ waitsMs }) => waitsMs);
  if (waits.length > 0) {
    console.log(`what was handed back was in the next hand after: ${spread(waits)}`);
  }
}

function victimsOf(results: CrashedWorld[], action: "kill" | "term"): string[] {
  const ends = results.flatMap((result) => result.ends);
  const own = ends.filter(({ orders }) => orders.at(-1)?.action === action);
  return own.flatMap(({ victim }) => victim ?? []);
}

function tally(words: readonly string[]): string {
  const counts = Object.entries(Object.groupBy(words, (word) => word));
  return counts.map(([word, list]) => `${word} ${list?.length ?? 0}`).join(", ") || "none";
}

function repeated(counts: Record<string, number>): string[] {
  return Object.entries(counts).flatMap(([name, count]) => Array(count).fill(name));
}

function withoutNumber(victim: string): string {
  return victim.replace(/-\d+$/, "");
}

function spread(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const [middle, last] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return `median ${inSeconds(middle)}, longest ${inSeconds(last)}`;
}

function inSeconds(ms: number | undefined): string {
  return ms === undefined ? "never" : `${(ms / 1000).toFixed(1)} s`;
}
