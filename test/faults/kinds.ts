import { parseArgs } from "node:util";
import { tellViolation } from "./checks/violations.ts";
import { halfOpen } from "./kind-half-open.ts";
import { lostDesk } from "./kind-lost-desk.ts";
import { lostSlack } from "./kind-lost-slack.ts";
import { poison } from "./kind-poison.ts";
import { postgres } from "./kind-postgres.ts";
import { redis } from "./kind-redis.ts";
import { stop } from "./kind-stop.ts";
import type { Kind } from "./kinds/kind.ts";
import { type KindResult, type KindWorld, runWorld } from "./kinds/run-world.ts";
import { openAlarm } from "./world/alarm.ts";
import { anySeed, randomFrom } from "./world/random.ts";
import { type Servers, withServers } from "./world/servers.ts";
import { someAtOnce } from "./world/some-at-once.ts";

/** `npm run test:faults -- <kind>`: people work while something goes wrong again and again; nothing may be lost or doubled. */

/** In this order they stand before the servers: a link leads to whatever Redis is behind it. */
const KINDS: Record<string, Kind> = {
  "lost-desk": lostDesk,
  "lost-slack": lostSlack,
  postgres,
  redis,
  "half-open": halfOpen,
  stop,
  poison,
};
const PAIR_COUNT = 300; // filings: that both go wrong at once is the point, not how often

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: String(anySeed()) },
    /** Filings, instead of as many as the kind has. */
    count: { type: "string" },
    tenth: { type: "boolean", default: false },
    /** Only there, for a kind that strikes at points. */
    point: { type: "string" },
    mode: { type: "string", multiple: true, default: ["embedded", "bullmq"] },
    /** A search: the first thing that is wrong ends it. */
    "until-found": { type: "boolean", default: false },
    /** Worlds side by side. */
    "at-once": { type: "string", default: "4" },
  },
});
const seed = Number(values.seed);
const alarm = values["until-found"] ? openAlarm() : undefined;
/** "redis+half-open": both at once, in one world. "pairs": each with each other. */
const asked = positionals.length > 0 ? positionals : [...Object.keys(KINDS), "pairs"];
const worlds = asked.flatMap((one) => (one === "pairs" ? pairs() : [one])).flatMap(planWorlds);
console.log(`test:faults ${asked.join(" ")} --seed ${seed}`);

await withServers(async (servers) => {
  const results = someAtOnce(worlds, Number(values["at-once"]), (world) => runOne(servers, world));
  const verdict = results.then(sum);
  return alarm ? alarm.orVerdict(verdict) : verdict;
});

async function runOne(servers: Servers, world: KindWorld): Promise<KindResult> {
  const result = await runWorld(servers, { ...world, alarm });
  const [violation] = result.violations;
  if (violation) alarm?.ring(world.name, violation);
  tell(result);
  return result;
}

function sum(results: KindResult[]): boolean {
  const violations = results.flatMap((result) => result.violations).length;
  const sound = results.filter((result) => result.violations.length === 0).length;
  console.log(`${sound} passed, ${violations} failed`);
  return violations === 0;
}

function pairs(): string[] {
  const names = Object.keys(KINDS);
  return names.flatMap((one, index) => names.slice(index + 1).map((other) => `${one}+${other}`));
}

function planWorlds(together: string): KindWorld[] {
  const kinds = Object.keys(KINDS)
    .filter((name) => together.split("+").includes(name))
    .map((name) => KINDS[name] as Kind); // one of its own names
  if (kinds.length !== together.split("+").length) {
    throw new Error(`There is no such kind: ${together}. There are ${Object.keys(KINDS)}.`);
  }
  const modes = values.mode.flatMap((mode) => kinds[0]?.modes.filter((own) => own === mode) ?? []);
  const shared = modes.filter((mode) => kinds.every((kind) => kind.modes.includes(mode)));
  const isPair = kinds.length > 1;
  const most = isPair ? PAIR_COUNT : Math.max(...kinds.map(({ count }) => count));
  const count = Number(values.count ?? (values.tenth ? most / 10 : most));
  // A tenth of the pairs is each of them once.
  const isOnce = isPair && values.tenth;
  const chosen = isOnce ? shared.slice(-1) : shared;
  return chosen.flatMap((mode) =>
    variantsOf(kinds, isOnce).map((variants) => {
      const name = [together, mode, ...variants].filter((word) => word !== undefined).join(" ");
      return {
        ...{ name, mode, count: Math.ceil(count / chosen.length), point: values.point },
        random: randomFrom(seed).fork(name),
        kinds: kinds.map((kind, index) => ({ kind, variant: variants[index] })),
      };
    }),
  );
}

/** Each with each, or the first of each. */
function variantsOf(kinds: Kind[], isOnce: boolean): (string | undefined)[][] {
  const all = kinds.reduce<(string | undefined)[][]>(
    (lists, { variants = [undefined] }) =>
      lists.flatMap((list) => variants.map((variant) => [...list, variant])),
    [[]],
  );
  return isOnce ? all.slice(0, 1) : all;
}

function tell({ name, said, violations }: KindResult): void {
  const mark = violations.length === 0 ? "PASS  " : ""; // each violation has its own
  console.log(`${mark}${name}: ${said.join("; ")}`);
  for (const violation of violations) console.log(tellViolation(name, violation));
}
