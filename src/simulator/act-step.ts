import { Refused } from "./act-place.ts";
import { ownInstall } from "./act-workspace.ts";
import { tellStep } from "./events.ts";
import { newId } from "./ids.ts";
import type { Install, Person, StepRun } from "./records.ts";
import type { Sim } from "./sim.ts";
import { untilTrue } from "./until.ts";

const PATIENCE_MS = 10_000;

type Step = { callbackId: string; inputs: Record<string, unknown> };

/** A workflow in the person's workspace comes to a step of the app; refused with what the app says of its failure. */
export async function runStep(sim: Sim, person: Person, step: Step): Promise<void> {
  const { id } = beginStep(sim, ownInstall(sim, person), step);
  const outcome = () => {
    const run = sim.world.stepRuns.get(id);
    return run?.state !== "running" && run;
  };
  const run = await untilTrue(sim.changes, outcome, PATIENCE_MS).catch(() => undefined);
  if (!run) throw new Refused("The app has not ended this step yet.");
  if (run.state === "failed") throw new Refused(run.error ?? "The step failed.");
}

export function beginStep(sim: Sim, install: Install, { callbackId, inputs }: Step): StepRun {
  const run: StepRun = { id: newId("Fx", 10), teamId: install.teamId, state: "running" };
  sim.world.stepRuns.put(run.id, run);
  tellStep(sim, install, { callbackId, executionId: run.id, inputs });
  return run;
}
