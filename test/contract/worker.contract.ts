import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Problem, RetryLater } from "#errors.ts";
import { claimDue } from "#jobs/claims.ts";
import type { Handlers } from "#jobs/handlers.ts";
import { channelLane, deskLane, type Lane } from "#jobs/lanes.ts";
import { enqueue, LEASE_MS } from "#jobs/queue.ts";
import type { TestDatabase } from "../support/database.ts";
import { about, allJobs, handlersOf, send } from "../support/jobs.ts";

/** A database, and workers that serve it each as if on a machine of its own. */
export type WorkerSystem = AsyncDisposable & {
  database: TestDatabase;
  startWorker(handlers: Handlers, log: Logger): Promise<AsyncDisposable>;
};

const SOON_MS = 3000; // on a busy machine; whoever was not rung waits for the sweep, up to 5 s

/** What every worker does, whatever carries the jobs to it. */
export function describeWorker(name: string, open: () => Promise<WorkerSystem>): void {
  describe(name, () => {
    let system: WorkerSystem;
    let complaints: string[];
    let log: Logger;
    beforeAll(async () => {
      system = await open();
    });
    afterAll(() => system[Symbol.asyncDispose]());
    beforeEach(async () => {
      const { db, setNow } = system.database;
      await setNow(null);
      await db.deleteFrom("job").execute();
      await db.deleteFrom("lane").execute();
      complaints = [];
      log = pino({ level: "error" }, { write: (line: string) => void complaints.push(line) });
    });

    it("runs a job soon after its commit, and what was there before it started", async () => {
      const { ran, handler } = recording();
      await file("before");
      await using _worker = await start({ "ticket.file": handler });
      await expect.poll(() => ran).toEqual(["before"]);

      const sent = Date.now();
      await file("after");
      await expect.poll(() => ran, { interval: 10, timeout: 8000 }).toEqual(["before", "after"]);

      expect(Date.now() - sent).toBeLessThan(SOON_MS);
      expect(complaints).toEqual([]);
    });

    it("runs each of 300 jobs once with 3 workers", async () => {
      const { ran, handler } = recording();
      await using workers = new AsyncDisposableStack();
      for (let n = 0; n < 3; n++) workers.use(await start({ "ticket.file": handler }));
      const tickets = Array.from({ length: 300 }, (_, n) => `t${n}`);

      for (let n = 0; n < tickets.length; n += 50)
        await system.database.db.transaction().execute(async (tx) => {
          for (const ticket of tickets.slice(n, n + 50))
            await enqueue(tx, "ticket.file", about(ticket));
        });

      await expect.poll(() => ran.length).toBe(300);
      await sleep(300);
      expect(new Set(ran)).toEqual(new Set(tickets));
      expect(ran).toHaveLength(300);
      expect(complaints).toEqual([]);
    });

    it("runs a job again after the wait it was told", async () => {
      const times: number[] = [];
      await using _worker = await start({
        "ticket.file": {
          async run() {
            times.push(Date.now());
            if (times.length < 3) throw new RetryLater("busy", { afterMs: 400 });
          },
        },
      });

      await file("t1");

      await expect.poll(() => times.length).toBe(3);
      for (const [n, time] of times.slice(1).entries())
        expect(within(time - (times[n] ?? 0), 390, SOON_MS)).toBe(true);
      await expect
        .poll(theJob, { timeout: 5000 })
        .toMatchObject({ done_at: expect.any(Date), attempts: 3 });
    });

    it("gives a refused job up and tells the person", async () => {
      const told: string[] = [];
      await using _worker = await start({
        "ticket.file": {
          run: () => Promise.reject(new Problem("not-the-requester", {})),
          bury: async (_tx, { ticketId }) => void told.push(ticketId),
        },
      });

      await file("t1");

      await expect.poll(() => told).toEqual(["t1"]);
      await expect.poll(theJob).toMatchObject({ dead_at: expect.any(Date) });
    });

    it("lets one message a second into a channel, in order, with 3 workers", async () => {
      const said: { text: string; at: number }[] = [];
      await using workers = new AsyncDisposableStack();
      for (let n = 0; n < 3; n++)
        workers.use(
          await start({
            "ticket.tell-desk": {
              run: async ({ ticketId }) => void said.push({ text: ticketId, at: Date.now() }),
            },
          }),
        );

      for (const text of ["a", "b", "c"]) await tell(text, channelLane("T1", "C1"));
      await tell("beside", channelLane("T1", "C2"));

      await expect.poll(() => said.length).toBe(4);
      const inChannel = said.filter(({ text }) => text !== "beside");
      expect(inChannel.map(({ text }) => text)).toEqual(["a", "b", "c"]);
      for (const [n, { at }] of inChannel.slice(1).entries())
        expect(within(at - (inChannel[n]?.at ?? 0), 1000, SOON_MS)).toBe(true);
    });

    it("goes through a lane without a pause as fast as its jobs end", async () => {
      const said: string[] = [];
      await using _worker = await start({
        "ticket.tell-desk": { run: async ({ ticketId }) => void said.push(ticketId) },
      });
      const sent = Date.now();

      for (let n = 0; n < 20; n++) await tell(String(n), deskLane("t1"));

      await expect
        .poll(() => said, { interval: 10, timeout: 8000 })
        .toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
      expect(Date.now() - sent).toBeLessThan(SOON_MS);
    });

    it("runs a job when it is due", async () => {
      const { ran, handler } = recording();
      await using _worker = await start({ "ticket.file": handler });
      const due = Date.now() + 1500;

      await send(system.database.db, "ticket.file", about("t1"), { runAt: new Date(due) });

      await expect.poll(() => ran, { interval: 10, timeout: 5000 }).toEqual(["t1"]);
      expect(within(Date.now() - due, 0, SOON_MS)).toBe(true);
    });

    it("takes over what a dead worker left, when its lease has ended", async () => {
      const { ran, handler } = recording();
      await tell("in a lane", channelLane("T1", "C1"));
      await file("plain");
      expect(await claimDue(system.database.db, 10)).toHaveLength(2);
      await using _worker = await start({ "ticket.file": handler, "ticket.tell-desk": handler });
      await sleep(300);
      expect(ran).toEqual([]);

      await system.database.setNow(new Date(Date.now() + LEASE_MS + 1000));

      await expect.poll(() => [...ran].sort(), { timeout: 7000 }).toEqual(["in a lane", "plain"]);
    });

    it("finishes what is under way when it is stopped, and takes nothing more", async () => {
      const ran: string[] = [];
      const started = Promise.withResolvers<void>();
      const worker = await start({
        "ticket.file": {
          async run({ ticketId }) {
            started.resolve();
            await sleep(1000);
            ran.push(ticketId);
          },
        },
      });
      await file("t1");
      await started.promise;

      const stopping = worker[Symbol.asyncDispose]();
      await sleep(100);
      await file("t2");
      await stopping;

      expect(ran).toEqual(["t1"]);
      expect(await jobs()).toMatchObject([
        { done_at: expect.any(Date) },
        { done_at: null, claim: null, attempts: 0 },
      ]);
      expect(complaints).toEqual([]);
    });

    it("aborts a hung call 7 s after the stop, hands the job back uncounted, and another goes on", async () => {
      const started = Promise.withResolvers<void>();
      const { ran, handler } = recording();
      let abortedAt = 0;
      const worker = await start({
        "ticket.file": {
          run: (_payload, { signal }) =>
            new Promise((_resolve, reject) => {
              started.resolve();
              signal.addEventListener("abort", () => {
                abortedAt = Date.now();
                reject(signal.reason);
              });
            }),
        },
      });
      await file("t1");
      await started.promise;
      await using _other = await start({ "ticket.file": handler });
      const stoppedAt = Date.now();

      await worker[Symbol.asyncDispose]();

      expect(within(abortedAt - stoppedAt, 6500, 8500)).toBe(true);
      expect(Date.now() - stoppedAt).toBeLessThan(10_000);
      await expect.poll(() => ran, { timeout: SOON_MS }).toEqual(["t1"]);
      expect(await theJob()).toMatchObject({ failures: 0, crashes: 0, attempts: 1 });
    });

    function start(some: Partial<Handlers>): Promise<AsyncDisposable> {
      return system.startWorker(handlersOf(some), log);
    }
    async function file(ticket: string): Promise<void> {
      await send(system.database.db, "ticket.file", about(ticket));
    }
    async function tell(ticket: string, lane: Lane): Promise<void> {
      const payload = { ...about(ticket), historyId: "h" };
      await send(system.database.db, "ticket.tell-desk", payload, { lane });
    }
    async function jobs() {
      return allJobs(system.database.db);
    }
    async function theJob() {
      return (await jobs())[0];
    }
  });
}

/** A handler that says which tickets it was run for. */
export function recording() {
  const ran: string[] = [];
  const handler = {
    async run({ ticketId }: { ticketId: string }) {
      ran.push(ticketId);
    },
  };
  return { ran, handler };
}

function within(ms: number, least: number, most: number): boolean {
  if (ms >= least && ms <= most) return true;
  throw new Error(`${ms} ms is not between ${least} and ${most}.`);
}
