import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RetryLater } from "#errors.ts";
import { channelLane } from "#jobs/lanes.ts";
import { gatherJobs } from "#jobs/moves.ts";
import { waitForCard } from "#tickets/replace-card.ts";
import type { TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";
import { about, contextOf, runAllDue, send } from "../support/jobs.ts";

const TURNS = 7;

describe.each(databases)("what waited long for its card, on %s,", (_kind, open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it("holds the lane that it comes into no longer than any other when it fails there", async () => {
    const { db } = database;
    const lane = channelLane("T0KUMO", "C0AGENTS");
    const names = ["ticket.tell-agents"] as const;
    const context = contextOf(db, {
      "ticket.tell-agents": { run: () => Promise.reject(new RetryLater("not now")) },
    });
    await send(db, "ticket.tell-agents", { ...about("t1"), historyId: "h" });
    for (let turn = 0; turn < TURNS; turn += 1) {
      await sql`update job set run_at = deskline_now()`.execute(db);
      await runAllDue(context);
    }

    await db.transaction().execute((tx) => gatherJobs(tx, { ticketId: "t1", names }, lane));
    await runAllDue(context);

    const { rows } = await sql<{ isLong: boolean }>`
      select next_at > deskline_now() + interval '1 second' as "isLong" from lane`.execute(db);
    expect(rows).toEqual([{ isLong: false }]);
  });

  it("stays in the lane that it was gathered into while it looked in vain", async () => {
    const { db } = database;
    const lane = channelLane("T0KUMO", "C0AGENTS2");
    const names = ["ticket.tell-agents"] as const;
    const context = contextOf(db, {
      "ticket.tell-agents": {
        async run(_payload, run) {
          // It has read that there is no card; now there is one.
          await db.transaction().execute((tx) => gatherJobs(tx, { ticketId: "t2", names }, lane));
          return waitForCard(db, run);
        },
      },
    });
    await send(db, "ticket.tell-agents", { ...about("t2"), historyId: "h" });

    await runAllDue(context);

    const { rows } = await sql<{ lane: string | null }>`
      select lane from job where payload ->> 'ticketId' = 't2'`.execute(db);
    expect(rows).toEqual([{ lane }]);
  });
});
