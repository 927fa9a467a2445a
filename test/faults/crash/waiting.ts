import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import type { FaultPoint } from "#fault-points.ts";
import { channelLane, type Lane } from "#jobs/lanes.ts";
import { comment } from "../deeds/comment.ts";
import { carryOut } from "../deeds/done.ts";
import { fileTicket } from "../deeds/file-ticket.ts";
import { cardOf, triageCardOf } from "../people/effects.ts";
import { GENERAL, HELP, type Known, REQUESTERS, type Town } from "../people/town.ts";
import type { Order } from "../processes/orders.ts";
import { AGENTS } from "../world/world.ts";

const MANY = 24; // more than 20 waiting cards become a digest
const TRIAGE = channelLane("T0KUMO", AGENTS);
const CARDS_MS = 60_000;
const A_MOMENT_MS = 3000;
const LOOK_MS = 50;

/** What becomes of much that waits, or of what waits long, comes only after an outage. */
export function isAboutWaiting(point: FaultPoint): boolean {
  return point.startsWith("digest.") || point.startsWith("catch-up.");
}

/** Lanes are held while people go on; with the orders given, they are let go. */
export async function letWait(town: Town, orders: Order[]): Promise<void> {
  const { world } = town;
  const isMany = orders.at(-1)?.point.startsWith("digest.");
  const lanes = isMany ? await manyTickets(town) : await lateWords(town);
  await sleep(A_MOMENT_MS); // what agents say is sent, and the jobs that follow are saved
  world.arm(orders);
  await world.withDatabase((db) => letGo(db, lanes));
}

async function manyTickets(town: Town): Promise<Lane[]> {
  const { world } = town;
  await world.withDatabase((db) => hold(db, [TRIAGE]));
  const before = town.tickets.length;
  for (let n = 0; n < MANY; n += 1) {
    const by = REQUESTERS[n % REQUESTERS.length] ?? "U0HANA";
    const channel = world.plan.random.pick([HELP, GENERAL]);
    town.begin(carryOut(town, fileTicket(town, { by, channel })));
  }
  const links = () =>
    world.slack.calls.filter(({ method, ok }) => ok && method === "chat.getPermalink");
  const linked = links().length;
  const areThere = () => town.tickets.length >= before + MANY && links().length >= linked + MANY;
  await world.slack.until(areThere, CARDS_MS);
  return [TRIAGE];
}

/** Two comments for one thread, older than anybody should wait. */
async function lateWords(town: Town): Promise<Lane[]> {
  const { world } = town;
  const ticket = await talkedOf(town);
  const lanes = [TRIAGE, channelLane("T0ACME", cardOf(world, ticket)?.channel ?? HELP)];
  await world.withDatabase((db) => hold(db, lanes));
  for (const step of ["reply", "ask"] as const) {
    const done = await comment(town, step, ticket);
    town.begin(carryOut(town, Promise.resolve(done)));
  }
  return lanes;
}

async function talkedOf(town: Town): Promise<Known> {
  const { world } = town;
  const isReady = (one: Known) => one.status !== "solved" && triageCardOf(world, one) !== undefined;
  const ready = town.tickets.find(isReady);
  if (!ready) throw new Error("No ticket has a triage card.");
  return ready;
}

/** Not while a job is under way in it: its end would let the lane go. */
async function hold(db: Db, lanes: Lane[]): Promise<void> {
  for (const key of lanes) {
    await sql`insert into lane (key) values (${key}) on conflict do nothing`.execute(db);
    while (!(await holdFree(db, key))) await sleep(LOOK_MS);
  }
}

async function holdFree(db: Db, key: Lane): Promise<boolean> {
  const { rows } = await sql`
    update lane set next_at = deskline_now() + interval '1 hour'
    where key = ${key} and (claim is null or leased_until < deskline_now())
    returning 1`.execute(db);
  return rows.length > 0;
}

async function letGo(db: Db, lanes: Lane[]): Promise<void> {
  await sql`
    update job set due_at = due_at - interval '2 minutes'
    where name like 'ticket.tell-%' and done_at is null`.execute(db);
  for (const key of lanes) {
    await sql`update lane set next_at = deskline_now() where key = ${key}`.execute(db);
  }
  await sql`select pg_notify('job', '')`.execute(db);
}
