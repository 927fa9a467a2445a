import { setTimeout as sleep } from "node:timers/promises";
import { ringWorkers } from "#jobs/queue.ts";
import type { TestApp } from "./app.ts";

const ahead = new WeakMap<TestApp, number>();

/** The clock of the database goes on, and what is due then comes. */
export async function passMinutes(app: TestApp, minutes: number): Promise<void> {
  await whenAllIsSaid(app);
  const aheadMs = (ahead.get(app) ?? 0) + minutes * 60_000;
  ahead.set(app, aheadMs);
  await app.database.setNow(new Date(Date.now() + aheadMs));
  for (let ring = 0; ring < 3; ring += 1) {
    await ringWorkers(app.db); // who sleeps by the clock as it was, or just looked at it
    await sleep(300);
  }
}

/** What is still on its way would hold up the turn whose time is over. */
async function whenAllIsSaid({ db }: TestApp): Promise<void> {
  for (;;) {
    const waiting = await db
      .selectFrom("job")
      .select("id")
      .where("name", "not in", ["ticket.contact-due", "ticket.send-comment", "ticket.ending-due"])
      .where("done_at", "is", null)
      .where("dead_at", "is", null)
      .execute();
    if (waiting.length === 0) return;
    await sleep(50);
  }
}
