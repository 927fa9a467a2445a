import { STOPPED_MS } from "../processes/kept-running.ts";
import { type Hold, isHeldAt, isOf } from "../witnesses/job-witness.ts";
import { LEASE_MS, type World } from "../world/world.ts";
import { RESUME_MS } from "./check-conduct.ts";
import type { Records } from "./records.ts";
import type { Finding } from "./violations.ts";

/** Half a lease: most of what is handed back must be in the next hand long before its lease would have ended. */
const SOON_MS = LEASE_MS / 2;
const BUSY_MS = 10_000;

/** A process that was told to stop, and what became of what it had in hand. */
export type Stop = {
  name: string;
  point: string;
  endedAt: number | undefined;
  /** Until it had ended; undefined when it never did. */
  tookMs: number | undefined;
  code: number | null | undefined;
  /** Jobs in its hand at that moment: how each left it. */
  underWay: Hold["end"][];
  /** How long each job that it handed back waited for the next hand. */
  waitsMs: number[];
};

/** Who is told to stop ends in time and well, and leaves nothing that somebody must wait a lease for. */
export function checkStops(world: World, records: Records, { claim }: Finding): void {
  const stops = stopsOf(world, records);
  if (stops.length === 0) return;
  for (const stop of stops) {
    claim(stop.code === 0, "a process that was told to stop did not end with code 0", stop);
    const isLate = stop.tookMs === undefined || stop.tookMs > STOPPED_MS;
    claim(!isLate, `a process took ${stop.tookMs} ms to stop`, stop);
  }
  const waits = stops.flatMap(({ waitsMs }) => waitsMs);
  const longest = Math.max(0, ...waits);
  claim(longest <= RESUME_MS + BUSY_MS, `a job handed back waited ${longest} ms`, ...stops);
  const isSoon = medianOf(waits) <= SOON_MS;
  claim(isSoon, `jobs handed back waited ${medianOf(waits)} ms, most of them`, ...stops);
  const left = records.holds.filter((hold) => stops.some((stop) => isLeftBy(stop, hold)));
  const jobs = records.jobs.filter(({ id }) => left.some(({ jobId }) => jobId === id));
  claim(left.length === 0, "somebody had to wait for the lease of one that stopped", left, jobs);
}

export function stopsOf({ strikes, apps, plan }: World, { holds }: Records): Stop[] {
  const told = strikes.entries.filter(({ action }) => action === "term");
  return told.map(({ name, point, at }) => {
    const app = apps.find((one) => one.name === name);
    const death = app?.deaths.find((one) => one.at >= at);
    const runsAgain = app?.runs.find((run) => run > at) ?? at;
    const underWay = holds.filter((hold) => hold.jobId && isOf(name, hold) && isHeldAt(hold, at));
    const back = underWay.filter(({ end }) => end === "handed-back");
    const readyAt = plan.mode === "pglite" ? runsAgain : 0; // nobody else is there
    return {
      ...{ name, point, endedAt: death?.at, tookMs: death && death.at - at, code: death?.code },
      underWay: underWay.map(({ end }) => end),
      waitsMs: back.map((hold) => waitOf(hold, holds, readyAt)),
    };
  });
}

/** It ended with its hand on it. One that lost its lease while it ran, on a machine that stood still, did not. */
function isLeftBy({ name, endedAt }: Stop, hold: Hold): boolean {
  return hold.end === "left" && isOf(name, hold) && isHeldAt(hold, endedAt ?? 0);
}

/** From when somebody could take it. */
function waitOf({ jobId, until }: Hold, holds: Hold[], readyAt: number): number {
  const free = until?.getTime() ?? 0;
  const next = holds.find((hold) => hold.jobId === jobId && hold.at.getTime() >= free);
  return next ? Math.max(0, next.at.getTime() - Math.max(free, readyAt)) : 0;
}

export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
