import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { channelLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import { startWatchdog } from "#jobs/watchdog.ts";
import { createTestDatabase } from "../support/database.ts";
import { about, claimTheOne, quiet, send } from "../support/jobs.ts";

const STILL_MS = 300;
const LONG_MS = 6 * STILL_MS;

describe("the watchdog", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let rebuilt: number;
  let gaveUp: number;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    await database.db.deleteFrom("job").execute();
    rebuilt = 0;
    gaveUp = 0;
  });

  it("makes the connections anew twice, then ends the process, while due work does not move", async () => {
    await send(database.db, "ticket.file", about("t1"));
    using _watchdog = watch();

    await expect.poll(() => gaveUp).toBeGreaterThan(0);

    expect(rebuilt).toBe(2);
  });

  it("also sees what waits in a lane", async () => {
    const lane = channelLane("T1", "C1");
    await database.db
      .transaction()
      .execute((tx) => enqueue(tx, "ticket.file", about("t1"), { lane }));
    using _watchdog = watch();

    await expect.poll(() => rebuilt).toBeGreaterThan(0);
  });

  it.for([
    ["nothing waits", async () => {}],
    [
      "what waits is for later",
      () => send(database.db, "ticket.file", about("t1"), { runAt: new Date(Date.now() + 60_000) }),
    ],
    [
      "a worker has it",
      async () => {
        await send(database.db, "ticket.file", about("t1"));
        await claimTheOne(database.db);
      },
    ],
  ] as const)("does nothing while %s", async ([_what, prepare]) => {
    await prepare();
    using _watchdog = watch();

    await sleep(LONG_MS);

    expect({ rebuilt, gaveUp }).toEqual({ rebuilt: 0, gaveUp: 0 });
  });

  it("does nothing while work moves, and while Redis is known to be away", async () => {
    await send(database.db, "ticket.file", about("t1"));
    using busy = watch();
    using _waiting = watch({ isOutage: () => true });

    for (let round = 0; round < LONG_MS; round += 50) {
      busy.moved();
      await sleep(50);
    }

    expect({ rebuilt, gaveUp }).toEqual({ rebuilt: 0, gaveUp: 0 });
  });

  function watch(more: { isOutage?: () => boolean } = {}) {
    return startWatchdog({
      db: database.db,
      log: quiet,
      stillMs: STILL_MS,
      rebuild: () => {
        rebuilt += 1;
      },
      giveUp: () => {
        gaveUp += 1;
      },
      ...more,
    });
  }
});
