import { tellViolation } from "../checks/violations.ts";
import type { CrashedWorld } from "../crash.ts";
import { LEASE_MS } from "../world/world.ts";

/** Prints what came of all worlds; true when nothing is wrong and every point was hit. */
export function sayCrashes(results: CrashedWorld[]): boolean {
  const points = [...killsByPoint(results)];
  console.log("");
  for (const [where, kills] of points) {
    console.log(
      kills > 0 ? `PASS  ${where}: ${kills} kills` : `FAIL  violation: ${where} was never hit`,
    );
  }
  const violations = results.flatMap(({ plan, outcome }) =>
    outcome.violations.map((violation) => tellViolation(plan.name, violation)),
  );
  for (const line of violations) console.log(line);
  saySums(results);
  const unhit = points.filter(([, kills]) => kills === 0).length;
  console.log(`${points.length - unhit} passed, ${unhit + violations.length} failed`);
  return unhit + violations.length === 0;
}

/** "job.after-claim with bullmq": each point in each mode must have killed at least once. */
function killsByPoint(results: CrashedWorld[]): Map<string, number> {
  const points = new Map<string, number>();
  for (const { plan, kills } of results) {
    for (const { orders, victim } of kills) {
      const where = `${orders.at(-1)?.point} with ${plan.mode}`;
      points.set(where, (points.get(where) ?? 0) + (victim ? 1 : 0));
    }
  }
  return points;
}

function saySums(results: CrashedWorld[]): void {
  const victims = results.flatMap(({ kills }) => kills.flatMap(({ victim }) => victim ?? []));
  console.log(`\nkills: ${victims.length}, by process: ${tally(victims.map(withoutNumber))}`);
  const interrupted = results.flatMap(({ outcome }) => repeated(outcome.interrupted));
  console.log(`interrupted jobs: ${tally(interrupted)}`);
  const ops = results.flatMap(({ world }) => world.ops);
  const again = ops.filter(({ tries }) => tries > 1).length;
  console.log(`deeds: ${tally(ops.map(({ deed }) => deed))}`);
  console.log(
    `as people saw them: ${tally(ops.map(({ outcome }) => outcome))}; tried again: ${again}`,
  );
  const resumptions = results.flatMap(({ outcome }) => outcome.resumptions);
  const after = spread(resumptions.map(({ afterMs }) => afterMs));
  const boots = spread(resumptions.map(({ bootMs }) => bootMs));
  console.log(`what was under way was done after: ${after} (a lease is ${inSeconds(LEASE_MS)})`);
  console.log(`of that, until the process ran again: ${boots}`);
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
