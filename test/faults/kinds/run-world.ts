import { checkWorld } from "../checks/check-world.ts";
import { startFinding, type Violation } from "../checks/violations.ts";
import { watch } from "../checks/watch.ts";
import { openTown } from "../people/town.ts";
import type { Deed, Op } from "../world/history.ts";
import type { Random } from "../world/random.ts";
import type { Servers } from "../world/servers.ts";
import { type Mode, openWorld, type WorldPlan } from "../world/world.ts";
import type { Disturbance, Kind } from "./kind.ts";
import { work } from "./work.ts";

export type KindWorld = {
  name: string;
  mode: Mode;
  random: Random;
  count: number;
  point: string | undefined;
  alarm?: WorldPlan["alarm"];
  /** What goes wrong in it, all at once. */
  kinds: { kind: Kind; variant: string | undefined }[];
};
export type KindResult = { name: string; said: string[]; violations: Violation[] };

const FILINGS: readonly Deed[] = ["file", "ask-by-web", "confirm"];
const IN_COMPANY_MS = 60_000; // two silent links in a row, on a machine that does four worlds at once
const SETTLE_MS = 120_000; // the faults go on meanwhile: ten starts in a row take a minute on a slow machine
const SETTLE_IN_COMPANY_MS = 150_000;

/** People work in a world while everything that was asked for goes wrong; then all is held against each other. */
export async function runWorld(servers: Servers, asked: KindWorld): Promise<KindResult> {
  const { name, mode, random, count, point, kinds } = asked;
  await using stack = new AsyncDisposableStack();
  const disturbances: Disturbance[] = [];
  for (const { kind, variant } of kinds) {
    const patienceMs = kinds.length > 1 ? IN_COMPANY_MS : 0;
    disturbances.push(await kind.begin(stack, { mode, variant, random, count, patienceMs, point }));
  }
  const world = stack.use(await openWorld(servers, joinPlans(asked, disturbances)));
  using _watched = watch(world);
  const town = openTown(world);
  const faults = Promise.all(disturbances.map(({ strike }) => strike?.(town)));
  await work(town, { count, faults });
  const { violations } = await checkWorld(world);

  const finding = startFinding();
  const said = disturbances.map(({ judge }) => judge(world, finding));
  const filings = world.history.ops.filter(({ deed }) => FILINGS.includes(deed));
  const untaken = filings.filter(({ outcome }) => outcome !== "ok");
  finding.claim(
    untaken.length === 0,
    "people could not file, however often they tried",
    ...untaken,
  );
  const { ops } = world.history;
  const sums = `${countOf(ops, "file")} filings, ${countOf(ops, "confirm")} by web, ${ops.length} deeds`;
  return { name, said: [sums, ...said], violations: [...violations, ...finding.violations] };
}

function countOf(ops: readonly Op[], deed: Deed): number {
  return ops.filter((op) => op.deed === deed).length;
}

function joinPlans(
  { name, mode, random, alarm }: KindWorld,
  disturbances: Disturbance[],
): WorldPlan {
  const desk = disturbances.flatMap(({ plan }) => plan?.desk ?? []);
  const plan = Object.assign({}, ...disturbances.map((one) => one.plan));
  return {
    ...plan,
    ...{ name, mode, random, desk, alarm },
    settleMs: disturbances.length > 1 ? SETTLE_IN_COMPANY_MS : SETTLE_MS,
    async through(at) {
      let led = at;
      for (const { between } of disturbances) led = (await between?.(led)) ?? led;
      return { DATABASE_URL: led.databaseUrl, REDIS_URL: led.redisUrl };
    },
  };
}
