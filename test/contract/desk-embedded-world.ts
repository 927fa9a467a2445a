import { type KyselyPlugin, sql } from "kysely";
import type { Db } from "#db/connect.ts";
import type { DeskChange, NewDeskTicket } from "#desk/desk.ts";
import { openEmbeddedDesk } from "#desk/embedded.ts";
import type { DeskWorld, Held } from "./desk-world.ts";

const LOCKED_MS = 2500; // longer than lock_timeout

/** The embedded desk in a migrated database, which is left empty. */
export async function openEmbeddedWorld(db: Db): Promise<DeskWorld> {
  const ends = new AsyncDisposableStack();
  const answers = losingAnswers();
  const desk = await openEmbeddedDesk({}, { db: db.withPlugin(answers.plugin) });
  const spoil = {
    busy: () => ends.use(lockTickets(db)).locked,
    hang: () => ends.use(lockTickets(db)).locked,
    lose: answers.loseNext,
    async refuse() {
      await sql`alter table desk_ticket add constraint refused check (false) not valid`.execute(db);
      ends.defer(async () => {
        await sql`alter table desk_ticket drop constraint refused`.execute(db);
      });
    },
  };
  ends.defer(async () => {
    await sql`truncate desk_ticket, desk_change`.execute(db);
  });
  return {
    desk,
    busyForMs: undefined,
    held: () => readHeld(db),
    failNext: (fault) => spoil[fault](),
    [Symbol.asyncDispose]: () => ends.disposeAsync(),
  };
}

/** The statement is committed, and the connection breaks before its result is read. */
function losingAnswers() {
  let isLost = false;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (!isLost) return result;
      isLost = false;
      throw new Error("Connection terminated unexpectedly");
    },
  };
  return {
    plugin,
    loseNext(): void {
      isLost = true;
    },
  };
}

/** Another session has the table for a while, as a migration might. */
function lockTickets(db: Db) {
  const { promise: locked, resolve } = Promise.withResolvers<void>();
  const released = new AbortController();
  const transaction = db.transaction().execute(async (tx) => {
    await sql`lock table desk_ticket in access exclusive mode`.execute(tx);
    resolve();
    await new Promise<void>((free) => {
      setTimeout(free, LOCKED_MS);
      released.signal.addEventListener("abort", () => free());
    });
  });
  return {
    locked,
    async [Symbol.asyncDispose]() {
      released.abort();
      await transaction;
    },
  };
}

async function readHeld(db: Db): Promise<Held[]> {
  const rows = await db
    .selectFrom("desk_ticket")
    .selectAll()
    .orderBy("created_at")
    .orderBy("number")
    .execute();
  return Promise.all(
    rows.map(async ({ ticket_id, ticket }) => {
      const changes = await db
        .selectFrom("desk_change")
        .select("change")
        .where("ticket_id", "=", ticket_id)
        .orderBy("seq")
        .execute();
      return {
        ticket: revive<NewDeskTicket>(ticket, "createdAt"),
        changes: changes.map(({ change }) => revive<DeskChange>(change, "at")),
      };
    }),
  );
}

/** JSON keeps dates as text. */
function revive<T>(json: Record<string, unknown>, date: string): T {
  return { ...json, [date]: new Date(String(json[date])) } as T; // compared whole with what was sent
}
