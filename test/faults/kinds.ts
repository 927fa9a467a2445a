import { parseArgs } from "node:util";
import { tellViolation } from "./checks/violations.ts";
import { halfOpen } from "./kind-half-open.ts";
import { lostDesk } from "./kind-lost-desk.ts";
import { lostSlack } from "./kind-lost-slack.ts";
import { redis } from "./kind-redis.ts";
import type { Kind } from "./kinds/kind.ts";
import { type KindResult, type KindWorld, runWorld } from "./kinds/run-world.ts";
import { anySeed, randomFrom } from "./world/random.ts";
import { startServers } from "./world/servers.ts";

/** `npm run test:faults -- <kind>`: people work while something goes wrong again and again; nothing may be lost or doubled. */

/** In this order they stand before the servers: a link leads to whatever Redis is behind it. */
const KINDS: Record<string, Kind> = {
  "lost-desk": lostDesk,
  "lost-slack": lostSlack,
  redis,
  "half-open": halfOpen,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: String(anySeed()) },
    /** Filings, instead of as many as the kind has. */
    count: { type: "string" },
    tenth: { type: "boolean", default: false },
    mode: { type: "string", multiple: true, default: ["embedded", "bullmq"] },
  },
});
const seed = Number(values.seed);
/** "redis+half-open": both at once, in one world. */
const asked = positionals.length > 0 ? positionals : Object.keys(KINDS);
const worlds = asked.flatMap(planWorlds);
console.log(`test:faults ${asked.join(" ")} --seed ${seed}`);

await using servers = await startServers();
const results: KindResult[] = [];
for (const one of asked) {
  const own = worlds.filter(({ name }) => name.startsWith(`${one} `));
  const done = await Promise.all(own.map((world) => runWorld(servers, world)));
  for (const result of done) tell(result);
  results.push(...done);
}
const violations = results.flatMap((result) => result.violations).length;
const sound = results.filter((result) => result.violations.length === 0).length;
if (violations > 0) {
  servers.keepFolder();
  console.log(`What was written down is in ${servers.folder}.`);
}
console.log(`${sound} passed, ${violations} failed`);
process.exitCode = violations > 0 ? 1 : 0;

function planWorlds(together: string): KindWorld[] {
  const kinds = Object.keys(KINDS)
    .filter((name) => together.split("+").includes(name))
    .map((name) => KINDS[name] as Kind); // one of its own names
  if (kinds.length !== together.split("+").length) {
    throw new Error(`There is no such kind: ${together}. There are ${Object.keys(KINDS)}.`);
  }
  const modes = values.mode.flatMap((mode) => kinds[0]?.modes.filter((own) => own === mode) ?? []);
  const shared = modes.filter((mode) => kinds.every((kind) => kind.modes.includes(mode)));
  const most = Math.max(...kinds.map(({ count }) => count));
  const count = Number(values.count ?? (values.tenth ? most / 10 : most));
  return shared.flatMap((mode) =>
    variantsOf(kinds).map((variants) => {
      const name = [together, mode, ...variants].filter((word) => word !== undefined).join(" ");
      return {
        ...{ name, mode, count: Math.ceil(count / shared.length) },
        random: randomFrom(seed).fork(name),
        kinds: kinds.map((kind, index) => ({ kind, variant: variants[index] })),
      };
    }),
  );
}

/** Each with each. */
function variantsOf(kinds: Kind[]): (string | undefined)[][] {
  return kinds.reduce<(string | undefined)[][]>(
    (lists, { variants = [undefined] }) =>
      lists.flatMap((list) => variants.map((variant) => [...list, variant])),
    [[]],
  );
}

function tell({ name, said, violations }: KindResult): void {
  const mark = violations.length === 0 ? "PASS  " : ""; // each violation has its own
  console.log(`${mark}${name}: ${said.join("; ")}`);
  for (const violation of violations) console.log(tellViolation(name, violation));
}
