import { type RawBuilder, sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Db } from "#db/connect.ts";
import { onFaultPoint } from "#fault-points.ts";
import { once } from "#jobs/once.ts";
import { findOutsideWrite, saveReference } from "#jobs/outside-writes.ts";
import type { ClaimedJob } from "#jobs/queue.ts";
import type { TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";
import { about, allJobs, claimTheOne, runOf, send } from "../support/jobs.ts";

const reference = z.object({ ts: z.string() });

describe.each(databases)("an outside write with its record on %s", (_kind, open) => {
  let database: TestDatabase;
  let db: Db;
  let job: ClaimedJob;
  let outside: string[]; // what the other side has
  beforeAll(async () => {
    database = await open();
    db = database.db;
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    await db.deleteFrom("job").execute();
    await db.deleteFrom("outside_write").execute();
    outside = [];
    await send(db, "ticket.file", about("t1"));
    job = await claimTheOne(db);
    return () => onFaultPoint(undefined);
  });

  it("is sent with its intent committed, and its reference is kept", async () => {
    let intended: unknown;

    const answer = await write({
      send: async () => {
        intended = await findOutsideWrite(db, "k");
        return accept();
      },
    });

    expect(intended).toMatchObject({ reference: null });
    expect(answer).toEqual({ ts: "1" });
    expect(await findOutsideWrite(db, "k")).toMatchObject({ reference: { ts: "1" } });
  });

  it("ends its job in the statement of its reference", async () => {
    await write({ save: endWith });

    expect(await findOutsideWrite(db, "k")).toMatchObject({ reference: { ts: "1" } });
    expect(await allJobs(db)).toMatchObject([{ done_at: expect.any(Date), claim: null }]);
  });

  it("leaves its job alone when a reference stands already, and answers that one", async () => {
    const answer = await write({
      send: async () => {
        await saveReference(db, "k", { ts: "from the event" });
        return accept();
      },
      save: endWith,
    });

    expect(answer).toEqual({ ts: "from the event" });
    expect(await allJobs(db)).toMatchObject([{ done_at: null, claim: job.claim }]);
  });

  it("keeps its reference when what follows finds things changed", async () => {
    await write({ save: async () => false });

    expect(await findOutsideWrite(db, "k")).toMatchObject({ reference: { ts: "1" } });
  });

  it("is not sent again, nor looked up, when its reference is there", async () => {
    await write();

    const again = await write({ lookUp: () => Promise.reject(new Error("looked up")) });

    expect(again).toEqual({ ts: "1" });
    expect(outside).toEqual(["1"]);
  });

  it("is found, not sent again, when the answer was lost after acceptance", async () => {
    const lost = write({
      send: async () => {
        accept();
        throw new Error("socket hang up");
      },
    });
    await expect(lost).rejects.toThrow("socket hang up");

    const again = await write();

    expect(again).toEqual({ ts: "1" });
    expect(outside).toEqual(["1"]);
    expect(await findOutsideWrite(db, "k")).toMatchObject({ reference: { ts: "1" } });
  });

  it("is sent when it never arrived", async () => {
    await expect(write({ send: () => Promise.reject(new Error("refused")) })).rejects.toThrow();

    expect(await write()).toEqual({ ts: "1" });
    expect(outside).toEqual(["1"]);
  });

  it.each(["once.before-send", "once.after-send"] as const)(
    "happens once when the worker dies at %s",
    async (point) => {
      onFaultPoint(async (at) => {
        if (at === point) throw new Error("died");
      });
      await expect(write()).rejects.toThrow("died");
      onFaultPoint(undefined);

      await write();

      expect(outside).toEqual(["1"]);
    },
  );

  it("tells the look-up when it was intended, and sends nothing when it cannot look", async () => {
    await expect(write({ send: () => Promise.reject(new Error("refused")) })).rejects.toThrow();
    const times: Date[] = [];

    const blind = write({
      lookUp: async (at) => {
        times.push(at);
        throw new Error("cannot look");
      },
    });

    await expect(blind).rejects.toThrow("cannot look");
    expect(Math.abs((times[0]?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(outside).toEqual([]);
  });

  it("takes the reference that an event brought while it was looked up", async () => {
    await expect(write({ send: () => Promise.reject(new Error("cut")) })).rejects.toThrow();

    const answer = await write({
      lookUp: async () => {
        await saveReference(db, "k", { ts: "from the event" });
        return undefined;
      },
    });

    expect(answer).toEqual({ ts: "from the event" });
    expect(outside).toEqual([]);
  });

  it("lets the reference stand that an event brought before the answer came", async () => {
    const answer = await write({
      send: async () => {
        const sent = accept();
        await saveReference(db, "k", { ts: "first" });
        return sent;
      },
    });

    expect(answer).toEqual({ ts: "first" });
    expect(await findOutsideWrite(db, "k")).toMatchObject({ reference: { ts: "first" } });
  });

  it("takes no reference for what it never intended", async () => {
    await saveReference(db, "forged", { ts: "1" });

    expect(await findOutsideWrite(db, "forged")).toBeUndefined();
  });

  it("is found by a second worker that comes while the first is sending", async () => {
    const [arrived, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = write({
      send: async () => {
        const sent = accept();
        arrived.resolve();
        await answer.promise;
        return sent;
      },
    });
    await arrived.promise;

    const second = await write();
    answer.resolve();

    expect([await first, second]).toEqual([{ ts: "1" }, { ts: "1" }]);
    expect(outside).toEqual(["1"]);
  });

  it("is looked up when another worker intended it in between", async () => {
    let looked = 0;
    const lookUp = async () => {
      looked += 1;
      return undefined;
    };
    const send = () => Promise.reject(new Error("cut"));

    await Promise.allSettled([1, 2, 3, 4].map(() => write({ lookUp, send })));

    expect(looked).toBe(3);
  });

  function endWith(_saved: unknown, tables: RawBuilder<unknown>): Promise<boolean> {
    return runOf(db, job).finish({ tables, isMade: sql`exists (select from referenced)` });
  }
  function accept(): { ts: string } {
    outside.push(String(outside.length + 1));
    return { ts: outside.at(-1) ?? "" };
  }
  function write(some: Partial<Parameters<typeof once<typeof reference>>[2]> = {}) {
    return once({ db, run: runOf(db, job) }, "k", {
      reference,
      lookUp: async () => (outside[0] ? { ts: outside[0] } : undefined),
      send: async () => accept(),
      ...some,
    });
  }
});
