import { parseArgs } from "node:util";
import type { FaultPoint } from "#fault-points.ts";
import { checkWorld } from "./checks/check-world.ts";
import { watch } from "./checks/watch.ts";
import { strikeAtWork } from "./crash/episode.ts";
import { isAboutUploads, killAt, pointsOf, stopAt } from "./crash/plan.ts";
import { sayCrashes } from "./crash/report.ts";
import { isAboutWaiting } from "./crash/waiting.ts";
import { carryOut } from "./deeds/done.ts";
import { fileTicket } from "./deeds/file-ticket.ts";
import { GENERAL, HELP, openTown, REQUESTERS, type Town } from "./people/town.ts";
import type { Order } from "./processes/orders.ts";
import { openAlarm } from "./world/alarm.ts";
import { anySeed, type Random, randomFrom } from "./world/random.ts";
import { type Servers, withServers } from "./world/servers.ts";
import { someAtOnce } from "./world/some-at-once.ts";
import { MODES, type Mode, openWorld, type WorldPlan } from "./world/world.ts";

/** `npm run test:crash`: kills the real processes at every fault point, while people work, or tells them to stop, and looks at what became of it. */

const WORLDS_OF_A_MODE = 3;
const LATE_MS = 120_000; // what was held back is waited for twice as long
const WORKERS = 2; // the other is the next owner of what a stopping one hands back

const { values } = parseArgs({
  options: {
    /** Of kills, at each point one. */
    rounds: { type: "string", default: "3" },
    /** Rounds in which processes are told to stop. */
    stops: { type: "string", default: "1" },
    seed: { type: "string", default: String(anySeed()) },
    mode: { type: "string", multiple: true, default: [...MODES] },
    point: { type: "string" },
    /** A search: the first thing that is wrong ends it. */
    "until-found": { type: "boolean", default: false },
    /** Worlds side by side: they mostly wait for leases. */
    "at-once": { type: "string", default: "6" },
  },
});
const seed = Number(values.seed);
const alarm = values["until-found"] ? openAlarm() : undefined;
const modes = MODES.filter((mode) => values.mode.includes(mode));
console.log(`test:crash --seed ${seed} --rounds ${values.rounds} --stops ${values.stops}`);
await withServers(async (servers) => {
  const plans = modes.flatMap((mode) => [
    ...planStops(mode, Number(values.stops)),
    ...planKills(mode, Number(values.rounds)),
  ]);
  const crashes = someAtOnce(plans, Number(values["at-once"]), (plan) =>
    crashWorld(servers, { ...plan, alarm }),
  );
  const verdict = crashes.then(sayCrashes);
  return alarm ? alarm.orVerdict(verdict) : verdict;
});

/** `ends`: of its processes, one after the other, by which orders. */
export type CrashPlan = WorldPlan & { ends: Order[][] };
export type End = { orders: Order[]; victim: string | undefined; tookMs: number };

/** Lanes make no pauses: what a stop leaves behind is the same in all worlds. */
function planStops(mode: Mode, rounds: number): CrashPlan[] {
  const name = `${mode}-stops`;
  const random = randomFrom(seed).fork(name);
  const points = pointsOf(mode, values.point);
  const round = () => random.shuffled(points).map((point) => stopAt(point, random));
  const stops = Array.from({ length: rounds }, round).flat();
  const [uploads, ends] = parted(stops, isAboutUploads);
  const all = { mode, isPaced: false, workers: WORKERS };
  const plans: CrashPlan[] = [
    { ...all, name, random, ends },
    { ...all, ...withUploads(`${name}-files`, random), ends: uploads },
  ];
  return plans.filter((plan) => plan.ends.length > 0);
}

function planKills(mode: Mode, rounds: number): CrashPlan[] {
  const random = randomFrom(seed).fork(mode);
  const points = pointsOf(mode, values.point);
  const round = () => random.shuffled(points).map((point) => killAt(point, random));
  const kills = Array.from({ length: rounds }, round).flat();
  const [waiting, soon] = parted(kills, isAboutWaiting);
  const [uploads, usual] = parted(soon, isAboutUploads);
  const shares = deal(usual, WORLDS_OF_A_MODE);
  const worlds = shares.map((share, index) => {
    const name = `${mode}-${index + 1}`;
    return { name, mode, random: random.fork(name), ends: share };
  });
  const name = `${mode}-late`;
  const late = {
    name,
    mode,
    random: random.fork(name),
    ends: waiting,
    isPaced: false,
    settleMs: LATE_MS,
  };
  const files = { ...withUploads(`${mode}-files`, random), mode, ends: uploads };
  return [...worlds, late, files].filter((plan) => plan.ends.length > 0);
}

/** Those about such a point, and the others. */
function parted(all: Order[][], isAbout: (point: FaultPoint) => boolean) {
  const isSuch = (orders: Order[]) => orders.some(({ point }) => isAbout(point));
  return [all.filter(isSuch), all.filter((orders) => !isSuch(orders))] as const;
}

function withUploads(name: string, random: Random) {
  return { name, random: random.fork(name), filesInSlack: true } as const;
}

function deal<T>(list: T[], hands: number): T[][] {
  return Array.from({ length: hands }, (_, hand) => list.filter((_one, at) => at % hands === hand));
}

async function crashWorld(servers: Servers, plan: CrashPlan) {
  await using world = await openWorld(servers, plan);
  using _watched = watch(world);
  const town = openTown(world);
  await settleIn(town);
  const ends: End[] = [];
  for (const orders of plan.ends) {
    const begun = Date.now();
    const strike = await strikeAtWork(town, orders);
    const end = { orders, victim: strike?.name, tookMs: Date.now() - (strike?.at ?? begun) };
    ends.push(end);
    sayEnd(plan.name, end);
  }
  const outcome = await checkWorld(world);
  const [violation] = outcome.violations;
  console.log(`${plan.name.padEnd(11)} over, with ${outcome.violations.length} violations`);
  if (violation) alarm?.ring(plan.name, violation);
  return { plan, ends, world: { ops: world.history.ops }, outcome };
}
export type CrashedWorld = Awaited<ReturnType<typeof crashWorld>>;

/** Something that everything else can be about. */
async function settleIn(town: Town): Promise<void> {
  const channels = [HELP, GENERAL, HELP];
  const filed = REQUESTERS.map((by, index) =>
    carryOut(town, fileTicket(town, { by, channel: channels[index] ?? HELP })),
  );
  await Promise.all(filed);
}

function sayEnd(name: string, { orders, victim, tookMs }: End): void {
  const { point, nth, action } = orders.at(-1) ?? { point: "nowhere", nth: 0 };
  const what = action === "term" ? "stopped" : "killed";
  const came = victim ? `${victim} ${what}, all there ${seconds(tookMs)} later` : "NEVER HIT";
  console.log(`${name.padEnd(11)} ${`${point} #${nth}`.padEnd(28)} ${came}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
