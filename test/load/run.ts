import { availableParallelism, loadavg } from "node:os";
import { drainBacklog } from "./backlog.ts";
import { findBearableRate } from "./bearable.ts";
import { claimNothingLost } from "./checks.ts";
import { readOptions } from "./options.ts";
import { openReport } from "./report.ts";
import { holdRate } from "./steady.ts";
import { openWorld } from "./world.ts";

const options = readOptions();
const report = openReport();
const [busy = 0] = loadavg();
report.note(`load average before: ${busy.toFixed(1)} on ${availableParallelism()} cores`);
await using world = await openWorld(options);
const asked = options.rate;
const tried = options.tenth ? await findBearableRate(report, world) : { rate: asked, acks: [] };
if (tried.rate < asked) report.note(`this machine bears ${tried.rate} a second, not ${asked}`);
const steady = await holdRate(report, world);
const fresh = await drainBacklog(report, world, {
  p99Before: steady.p99,
  slowness: asked / tried.rate,
});
await claimNothingLost(report, world, {
  acks: [...tried.acks, ...steady.acks, ...fresh],
  seeded: options.backlog,
});
report.end();
