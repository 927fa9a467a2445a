import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { HELP } from "../support/app.ts";
import { FAKE_DESK_SECRET, startFakeDesk } from "../support/fake-desk.ts";
import { DRAFT, startProcesses, terminate } from "../support/processes.ts";

it("ends in time while the desk keeps a call hanging, and the next worker files the ticket at once", async () => {
  await using desk = await startFakeDesk();
  desk.book.faults.push("hang");
  await using world = await startProcesses({
    DESK: "http",
    DESK_URL: desk.url,
    DESK_SECRET: FAKE_DESK_SECRET,
    HTTP_TIMEOUT_MS: "60000",
  });
  const tom = world.simulator.as("U0TOM");
  await tom.submit(await tom.command(HELP, "/ticket"), DRAFT);
  await expect.poll(() => desk.book.faults.length, { timeout: 10_000 }).toBe(0);
  await sleep(200);

  expect(await terminate(world.worker)).toBe(0);
  const [job] = await world.db
    .selectFrom("job")
    .selectAll()
    .where("name", "=", "ticket.file")
    .execute();
  expect(job).toMatchObject({ claim: null, failures: 0, attempts: 0 });
  await world.startWorker();

  await expect.poll(() => desk.book.held.length, { timeout: 5000 }).toBe(1);
});
