import { availableParallelism, loadavg } from "node:os";
import { drainBacklog } from "./backlog.ts";
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
const steady = await holdRate(report, world);
const fresh = await drainBacklog(report, world, steady.p99);
await claimNothingLost(report, world, {
  acks: [...steady.acks, ...fresh],
  seeded: options.backlog,
});
report.end();
