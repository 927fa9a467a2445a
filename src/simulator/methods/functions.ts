import type { Fields } from "#simulator/block-rules.ts";
import { type Call, textArg } from "#simulator/method.ts";
import type { StepRun } from "#simulator/records.ts";
import { SlackError } from "#simulator/slack-error.ts";

export function completeSuccess(call: Call): Fields {
  const { outputs } = call.args;
  return end(call, { state: "completed", outputs: outputs as Record<string, unknown> }); // read as JSON
}

export function completeError(call: Call): Fields {
  return end(call, { state: "failed", error: textArg(call, "error") });
}

/** A run ends once, by the app whose step it is. */
function end({ sim, install, args }: Call, outcome: Partial<StepRun>): Fields {
  const run = sim.world.stepRuns.get(String(args.function_execution_id));
  if (run?.teamId !== install.teamId) throw new SlackError("function_execution_not_found");
  if (run.state !== "running") throw new SlackError("execution_not_in_running_state");
  sim.world.stepRuns.put(run.id, { ...run, ...outcome });
  sim.changes.tell({ what: "world" });
  return {};
}
