import { setTimeout as sleep } from "node:timers/promises";
import { carryOut } from "../deeds/done.ts";
import { fileTicket } from "../deeds/file-ticket.ts";
import { HELP, REQUESTERS, type Town } from "../people/town.ts";
import type { KeptRunning } from "../processes/kept-running.ts";

/** For a machine that is busy with other worlds; what was measured is printed. */
const BUSY_MS = 10_000;
const FEWEST = 3;
const FILINGS_A_STRIKE = 50;

/** One blow, and how long it took until a ticket filed after it was everywhere. */
export type Blow = { what: string; recoveredMs: number };

/** A blow that waited for its moment. */
export type Struck = { what: string; at: number };

/** Strikes again and again, at moments of its own, each time when the last blow is over. */
export async function strikeOften(
  town: Town,
  count: number,
  blow: (nth: number) => Promise<string | Struck>,
): Promise<Blow[]> {
  const random = town.world.plan.random.fork("strikes");
  const blows: Blow[] = [];
  while (blows.length < Math.max(FEWEST, Math.ceil(count / FILINGS_A_STRIKE))) {
    await sleep(random.int(500, 3000));
    const began = Date.now();
    const struck = await blow(blows.length);
    const { what, at } = typeof struck === "string" ? { what: struck, at: began } : struck;
    const by = random.pick(REQUESTERS);
    await carryOut(town, fileTicket(town, { by, channel: HELP }));
    blows.push({ what, recoveredMs: Date.now() - at });
  }
  return blows;
}

export function tellBlows(blows: Blow[]): string {
  const told = blows.map(({ what, recoveredMs }) => `${what} ${(recoveredMs / 1000).toFixed(1)} s`);
  return `filed and everywhere after: ${told.join(", ")}`;
}

export function isRecovered({ recoveredMs }: Blow, withinMs: number): boolean {
  return recoveredMs <= withinMs + BUSY_MS;
}

/** It ended with an error after it had run. A start is tried again, when a busy machine leaves it no time. */
export function hasBrokenDown({ deaths, runs }: KeptRunning): boolean {
  const [first = Number.POSITIVE_INFINITY] = runs;
  return deaths.some(({ at, code }) => code && at > first);
}
