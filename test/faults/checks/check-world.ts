import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import type { World } from "../world/world.ts";
import { checkClient } from "./check-client.ts";
import { checkConduct, type Resumption, resumptions } from "./check-conduct.ts";
import { checkFiles } from "./check-files.ts";
import { checkLanes } from "./check-lanes.ts";
import { checkOutside } from "./check-outside.ts";
import { checkSentFiles } from "./check-sent-files.ts";
import { checkStops, type Stop, stopsOf } from "./check-stops.ts";
import { checkVisits } from "./check-visits.ts";
import { type Records, readRecords } from "./records.ts";
import { startFinding, type Violation } from "./violations.ts";

const CALM_MS = 60_000; // after the last fault the queue is empty within so long
const LOOK_MS = 500;
const QUIET_MS = 4000; // longer than any pause between two jobs

export type Outcome = {
  violations: Violation[];
  records: Records;
  resumptions: Resumption[];
  stops: Stop[];
  /** What was under way when a process was killed, by the name of the job. */
  interrupted: Record<string, number>;
};

/** Waits until all is calm, and holds what people were told, the database and the witnesses against each other. */
export async function checkWorld(world: World): Promise<Outcome> {
  await untilCalm(world);
  const records = await world.withDatabase(readRecords);
  const held = await world.desk.held();
  world.slack.look();
  world.mail.look();
  const finding = startFinding();
  checkClient(world, records, finding);
  checkOutside(world, { records, held }, finding);
  checkVisits(world, records, finding);
  await checkFiles(world, { records, held }, finding);
  await checkSentFiles(world, records, finding);
  checkLanes(world.slack.posts, records, finding);
  checkConduct(world, records, finding);
  checkStops(world, records, finding);
  const resumed = resumptions(world, records);
  return {
    violations: finding.violations,
    records,
    resumptions: resumed,
    stops: stopsOf(world, records),
    interrupted: countNames(resumed),
  };
}

/** Not longer than it may take: what is not done then, the check names. */
async function untilCalm(world: World): Promise<void> {
  const deadline = Date.now() + CALM_MS;
  const isInside = world.plan.mode === "pglite";
  while (Date.now() < deadline) {
    if (isInside) await untilQuiet(world, deadline);
    if (await world.withDatabase(isAllDone)) return;
    await sleep(LOOK_MS);
  }
}

/** The embedded database can be looked into only when the app is stopped. */
async function untilQuiet({ slack, desk, mail }: World, deadline: number): Promise<void> {
  const heard = () => slack.calls.length + desk.entries.length + mail.entries.length;
  while (Date.now() < deadline) {
    const before = heard();
    await sleep(QUIET_MS);
    if (heard() === before) return;
  }
}

/** And nothing becomes due while one looks. */
export async function isAllDone(db: Db): Promise<boolean> {
  const { rows } = await sql`
    select from job where done_at is null and dead_at is null
      and due_at < deskline_now() + interval '10 seconds' limit 1`.execute(db);
  return rows.length === 0;
}

function countNames(all: Resumption[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name } of all.flatMap(({ jobs }) => jobs)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
