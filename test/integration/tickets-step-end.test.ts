import { afterEach, beforeEach, expect, it } from "vitest";
import { findOpenNotices } from "#db/notices.ts";
import { methodLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";

let worker: TicketWorker;
beforeEach(async () => {
  worker = await openTicketWorker();
});
afterEach(() => worker[Symbol.asyncDispose]());

it("tells the operator of a workflow that waits because Slack did not take its end, until it takes one", async () => {
  await end("Fx0NOTTHERE");

  await worker.runAll();

  const job = await worker.db.selectFrom("job").select(["id", "dead_at"]).executeTakeFirstOrThrow();
  expect(job.dead_at).not.toBeNull();
  expect(await findOpenNotices(worker.db)).toEqual([
    { key: "workflow-waits:T0ACME", detail: job.id.slice(0, 8) },
  ]);

  const { world } = worker.simulator;
  const run = world.runStep("T0ACME", "file_ticket", {});
  await end(run.id);
  await worker.runAll();

  expect(world.stepRun(run.id).state).toBe("completed");
  expect(await findOpenNotices(worker.db)).toEqual([]);
});

async function end(executionId: string): Promise<void> {
  const payload = { teamId: "T0ACME", executionId, number: "DL-1001" };
  const lane = methodLane("T0ACME", "functions.complete");
  await worker.db.transaction().execute((tx) => enqueue(tx, "ticket.end-step", payload, { lane }));
}
