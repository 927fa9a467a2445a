import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { chanceFrom } from "./chance.ts";
import { readManifest } from "./manifest.ts";
import type { WitnessEntry } from "./sim.ts";
import { startSimulator } from "./simulator.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    file: { type: "string" },
    "deliver-to": { type: "string" },
    manifest: { type: "string", default: "manifest.yml" },
    /** Milliseconds before each retry of an event, e.g. 0,1000,5000. */
    "event-retries": { type: "string" },
    unpaced: { type: "boolean", default: false },
    /** Makes the draws of faults with a share the same in each run. */
    seed: { type: "string" },
    log: { type: "string" },
  },
});

const log = values.log ? openSync(values.log, "a") : undefined;
const simulator = await startSimulator({
  manifest: await readManifest(values.manifest),
  port: Number(values.port),
  paced: !values.unpaced,
  ...(values["event-retries"] && {
    eventRetries: values["event-retries"].split(",").map(Number),
  }),
  ...(values.file && { file: values.file }),
  ...(values["deliver-to"] && { deliverTo: values["deliver-to"] }),
  ...(values.seed && { chance: chanceFrom(Number(values.seed)) }),
  ...(log !== undefined && { witness: (entry: WitnessEntry) => write(log, entry) }),
});
const { url, apiUrl, filesUrl, signingSecret, appToken, tokens } = simulator;
const said = { url, apiUrl, filesUrl, signingSecret, appToken, tokens };
process.stdout.write(`${JSON.stringify(said)}\n`);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);

/** On the disk before the answer leaves: the log is a witness when either side is killed. */
function write(file: number, entry: WitnessEntry): void {
  writeSync(file, `${JSON.stringify(entry)}\n`);
  fsyncSync(file);
}

async function stop(): Promise<void> {
  await simulator[Symbol.asyncDispose]();
  if (log !== undefined) closeSync(log);
}
