import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { about, handlersOf, quiet, send } from "../support/jobs.ts";
import { recording } from "./worker.contract.ts";
import { openOnPostgres, openOnRedis } from "./worker-systems.ts";

describe.each([
  ["the embedded worker", openOnPostgres],
  ["the BullMQ worker", () => openOnRedis(2)],
])("%s whose LISTEN connection is cut", (_name, open) => {
  it("picks up what it did not hear of, and hears the next", async () => {
    await using system = await open();
    const { db } = system.database;
    const { ran, handler } = recording();
    await using _worker = await system.startWorker(handlersOf({ "ticket.file": handler }), quiet);
    await sleep(300);

    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where query = 'listen job' and datname = current_database()`.execute(db);
    await send(db, "ticket.file", about("unheard"));
    await expect.poll(() => ran, { timeout: 6000 }).toEqual(["unheard"]);

    await sleep(700);
    const sent = Date.now();
    await send(db, "ticket.file", about("heard"));
    await expect.poll(() => ran, { interval: 10, timeout: 8000 }).toEqual(["unheard", "heard"]);
    expect(Date.now() - sent).toBeLessThan(3000); // the sweep would come after 5 s
  });

  it("picks up everything when the database was gone for a while", async () => {
    await using system = await open();
    const { db } = system.database;
    const { ran, handler } = recording();
    await using _worker = await system.startWorker(handlersOf({ "ticket.file": handler }), quiet);

    await send(db, "ticket.file", about("t1"));
    for (let n = 0; n < 5; n++) {
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where pid <> pg_backend_pid() and datname = current_database()`.execute(db);
      await sleep(100);
    }
    await send(db, "ticket.file", about("t2"));

    await expect.poll(() => [...ran].sort(), { timeout: 8000 }).toEqual(["t1", "t2"]);
  });
});
