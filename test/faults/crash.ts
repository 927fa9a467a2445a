import { parseArgs } from "node:util";
import { checkWorld } from "./checks/check-world.ts";
import { strikeAtWork } from "./crash/episode.ts";
import { killAt, pointsOf } from "./crash/plan.ts";
import { sayCrashes } from "./crash/report.ts";
import { isAboutWaiting } from "./crash/waiting.ts";
import { carryOut } from "./deeds/done.ts";
import { fileTicket } from "./deeds/file-ticket.ts";
import { GENERAL, HELP, openTown, REQUESTERS, type Town } from "./people/town.ts";
import type { Order } from "./processes/orders.ts";
import { anySeed, randomFrom } from "./world/random.ts";
import { type Servers, withServers } from "./world/servers.ts";
import { someAtOnce } from "./world/some-at-once.ts";
import { MODES, type Mode, openWorld, type WorldPlan } from "./world/world.ts";

/** `npm run test:crash`: kills the real processes at every fault point, while people work, and looks at what became of it. */

const WORLDS_OF_A_MODE = 3;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: String(anySeed()) },
    mode: { type: "string", multiple: true, default: [...MODES] },
    point: { type: "string" },
    /** Worlds side by side: they mostly wait for leases. */
    "at-once": { type: "string", default: "6" },
  },
});
const seed = Number(values.seed);
const modes = MODES.filter((mode) => values.mode.includes(mode));
console.log(`test:crash --seed ${seed} --rounds ${values.rounds}`);
await withServers(async (servers) => {
  const plans = modes.flatMap((mode) => planWorlds(mode, Number(values.rounds)));
  return sayCrashes(
    await someAtOnce(plans, Number(values["at-once"]), (plan) => crashWorld(servers, plan)),
  );
});

export type CrashPlan = WorldPlan & { kills: Order[][] };
export type Kill = { orders: Order[]; victim: string | undefined; tookMs: number };

function planWorlds(mode: Mode, rounds: number): CrashPlan[] {
  const random = randomFrom(seed).fork(mode);
  const points = pointsOf(mode, values.point);
  const kills = Array.from({ length: rounds }, () =>
    random.shuffled(points).map((point) => killAt(point, random)),
  ).flat();
  const isLate = (orders: Order[]) => orders.some(({ point }) => isAboutWaiting(point));
  const shares = deal(
    kills.filter((orders) => !isLate(orders)),
    WORLDS_OF_A_MODE,
  );
  const worlds = shares.map((share, index) => {
    const name = `${mode}-${index + 1}`;
    return { name, mode, random: random.fork(name), kills: share };
  });
  const name = `${mode}-late`;
  const late = {
    name,
    mode,
    random: random.fork(name),
    kills: kills.filter(isLate),
    isPaced: false,
  };
  return [...worlds, late].filter((plan) => plan.kills.length > 0);
}

function deal<T>(list: T[], hands: number): T[][] {
  return Array.from({ length: hands }, (_, hand) => list.filter((_one, at) => at % hands === hand));
}

async function crashWorld(servers: Servers, plan: CrashPlan) {
  await using world = await openWorld(servers, plan);
  const town = openTown(world);
  await settleIn(town);
  const kills: Kill[] = [];
  for (const orders of plan.kills) {
    const begun = Date.now();
    const strike = await strikeAtWork(town, orders);
    const kill = { orders, victim: strike?.name, tookMs: Date.now() - (strike?.at ?? begun) };
    kills.push(kill);
    sayKill(plan.name, kill);
  }
  return { plan, kills, world: { ops: world.history.ops }, outcome: await checkWorld(world) };
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

function sayKill(name: string, { orders, victim, tookMs }: Kill): void {
  const { point, nth } = orders.at(-1) ?? { point: "nowhere", nth: 0 };
  const came = victim ? `${victim} killed, all there ${seconds(tookMs)} later` : "NEVER HIT";
  console.log(`${name.padEnd(11)} ${`${point} #${nth}`.padEnd(28)} ${came}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
