import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Worker } from "node:worker_threads";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect, type Database, type Db } from "#db/connect.ts";
import { openPGlite } from "#db/pglite-proxy.ts";
import { createEmbeddedFolder } from "../support/database.ts";

let place: AsyncDisposable & { folder: string };
let database: Database;
let thread: Worker | undefined;
beforeEach(async () => {
  place = await createEmbeddedFolder();
  subscribe("worker_threads", onThread);
  database = await connect({ folder: place.folder });
  unsubscribe("worker_threads", onThread);
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

describe("when the embedded database is disposed", () => {
  it("the open transaction and what waits behind it are done first", async () => {
    const begun = Promise.withResolvers<void>();
    const disposing = Promise.withResolvers<void>();
    const open = database.db.transaction().execute(async (tx) => {
      await addAccount(tx, "first");
      begun.resolve();
      await disposing.promise;
      await addAccount(tx, "second");
    });
    await begun.promise;
    const waiting = [addInTransaction(database.db), ask(database.db)];

    const disposed = database[Symbol.asyncDispose]();
    disposing.resolve();

    await Promise.all([open, ...waiting, disposed]);
    await using again = await connect({ folder: place.folder });
    expect(await accounts(again.db)).toEqual(["first", "late", "second"]);
  });

  it("what comes at the same moment is answered or refused, and what comes later refused", async () => {
    await ask(database.db);

    const disposed = database[Symbol.asyncDispose]();
    await Promise.allSettled([addInTransaction(database.db), ask(database.db), disposed]);
    const later = [addInTransaction(database.db), ask(database.db), listen(database)];

    for (const { reason } of await refused(later))
      expect(reason.message).toMatch(/closed|destroyed/);
    database.whenBroken(() => expect.fail("it was only closed"));
  });
});

describe.each<[string, (thread: Worker) => unknown, RegExp]>([
  ["ends", (thread) => thread.terminate(), /is closed/],
  ["crashes", (thread) => thread.postMessage(null), /broke down/],
])("when the thread of the embedded database %s", (_, end, words) => {
  it("whoever waits for it, or comes later, is refused in words", async () => {
    const begun = Promise.withResolvers<void>();
    const ending = Promise.withResolvers<void>();
    const open = database.db.transaction().execute(async (tx) => {
      await addAccount(tx, "lost");
      begun.resolve();
      await ending.promise;
      await ask(tx);
    });
    await begun.promise;
    const waiting = refused([open, addInTransaction(database.db), ask(database.db)]);

    end(thread as Worker); // it was started before each
    ending.resolve();
    const pending = await waiting;
    const later = [addInTransaction(database.db), ask(database.db), listen(database)];

    for (const { reason } of [...pending, ...(await refused(later))])
      expect(reason.message).toMatch(words);
  });

  it("a transaction that just then asks nothing is refused its commit", async () => {
    const begun = Promise.withResolvers<void>();
    const ended = new Promise((resolve) => thread?.once("exit", resolve));
    const open = database.db.transaction().execute(async (tx) => {
      await addAccount(tx, "lost");
      begun.resolve();
      await ended;
    });
    await begun.promise;

    end(thread as Worker);

    await expect(open).rejects.toThrow(words);
  });

  it("the process is told, and the folder is free again", async () => {
    const broken = new Promise<Error>((resolve) => database.whenBroken(resolve));
    end(thread as Worker);
    expect((await broken).message).toMatch(words);

    await database[Symbol.asyncDispose]();
    await using again = await connect({ folder: place.folder });

    expect(await accounts(again.db)).toEqual([]);
  });
});

it("a thread that does not answer any more is ended, and everybody told", async () => {
  await database[Symbol.asyncDispose]();
  const pglite = await openPGlite(place.folder, { silentMs: 1000 });

  const spinning = pglite.query("select pg_sleep(600)");

  await expect(spinning).rejects.toThrow("does not answer any more");
  await expect(pglite.query("select 1")).rejects.toThrow("does not answer any more");
  expect((await pglite.broken).message).toContain("does not answer any more");
  await pglite.close();
});

function onThread(message: unknown): void {
  thread = (message as { worker: Worker }).worker; // Node says this of each new thread
}

async function refused(asked: Promise<unknown>[]): Promise<PromiseRejectedResult[]> {
  const answers = await Promise.allSettled(asked);
  expect(answers.map(({ status }) => status)).toEqual(asked.map(() => "rejected"));
  return answers.filter((answer) => answer.status === "rejected");
}

function addInTransaction(db: Db): Promise<void> {
  return db.transaction().execute((tx) => addAccount(tx, "late"));
}

async function ask(db: Db): Promise<unknown> {
  return sql`select 1`.execute(db);
}

async function listen(database: Database): Promise<void> {
  await database.listen("job", () => {});
}

async function addAccount(db: Db, id: string): Promise<void> {
  await db.insertInto("account").values({ id, name: id }).execute();
}

async function accounts(db: Db): Promise<string[]> {
  const rows = await db.selectFrom("account").select("id").orderBy("id").execute();
  return rows.map((row) => row.id);
}
