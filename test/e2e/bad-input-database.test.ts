import { once } from "node:events";
import { createServer } from "node:net";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import type { Db } from "#db/connect.ts";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { type Gate, openGate } from "../support/gate.ts";
import { cardIn, FACTS, says, settled, submit, until, untilTrue } from "./slack-trouble.ts";

const NOT_SAVED = "This could not be saved just now. What you typed is still here.";
const TYPED = { subject: "Typed while it was down", ...FACTS };

type Breaks = (behind: Behind) => void | Promise<void>;

const UNREADABLE: [string, Breaks, RegExp][] = [
  ["that refuses connections", ({ gate }) => goDown(gate), /^the database does not answer$/],
  [
    "that swallows what it is told",
    ({ gate, hole }) => goSilent(gate, hole),
    /^(the database does not answer|no answer in time)$/,
  ],
];
const UNWRITABLE: [string, Breaks, RegExp][] = [
  ["that is read-only", goReadOnly, /^the database is read-only$/],
  ["whose disk is full", fillUp, /^the disk of the database is full$/],
];

describe.each([...UNREADABLE, ...UNWRITABLE])("a database %s", (_, breakIt, reason) => {
  it("costs nobody their words, and one ticket comes of it", async () => {
    await using world = await startBehindGate();
    const { app } = world;
    const tom = app.simulator.as("U0TOM");
    await tom.command(HELP, "/tickets"); // he is known by now
    const modal = await tom.command(HELP, "/ticket");
    await breakIt(world);

    const begun = Date.now();
    const refused = await tom.submit(modal, TYPED);
    const took = Date.now() - begun;

    expect(refused.errors?.subject).toContain(NOT_SAVED);
    expect(took).toBeLessThan(2500);
    expect(JSON.stringify(tom.modals().at(-1)?.values)).toContain(TYPED.subject);

    await world.mend();
    const saved = await untilTrue(async () => {
      const { modal: next, errors } = await tom.submit(tom.modals().at(-1));
      return errors ? undefined : next;
    });
    const number = /DL-\d+/.exec(JSON.stringify(saved))?.[0] ?? "";
    await cardIn(app, HELP, number);
    await settled(app);
    expect(await tickets(app)).toMatchObject([{ subject: TYPED.subject }]);
  });

  it("shows in the health checks, which answer in time", async () => {
    await using world = await startBehindGate();
    const health = async (path: string) => {
      const begun = Date.now();
      const answer = await fetch(new URL(path, world.app.url));
      const said = await answer.text();
      return { status: answer.status, said, isInTime: Date.now() - begun < 2500 };
    };
    expect(await health("/readyz")).toEqual({ status: 200, said: "ok", isInTime: true });
    await breakIt(world);

    await untilTrue(async () => (await health("/readyz")).status === 503);
    const unready = { status: 503, said: expect.stringMatching(reason), isInTime: true };
    expect(await health("/readyz")).toEqual(unready);
    expect(await health("/livez")).toEqual({ status: 200, said: "ok", isInTime: true });
    await world.mend();
    await untilTrue(async () => (await health("/readyz")).status === 200);
  });
});

describe.each(UNREADABLE)("a database %s", (_, breakIt) => {
  it("answers commands and presses with a sentence, and opens the form all the same", async () => {
    await using world = await startBehindGate();
    const { app } = world;
    const [tom, aki] = [app.simulator.as("U0TOM"), app.simulator.as("U0AKI")];
    const triage = await cardIn(app, AGENTS, await submit(app));
    await aki.press({ ts: triage.ts }, "ticket.take"); // he is known by now
    await settled(app);
    await breakIt(world);

    const modal = await tom.command(HELP, "/ticket");
    await tom.command(HELP, "/tickets");
    await aki.press({ ts: triage.ts }, "ticket.solve");
    const sentences = [
      await until(app, () => tom.ephemerals(HELP).at(-1)),
      await until(app, () => aki.ephemerals(AGENTS).at(-1)),
    ];

    expect(modal?.title).toBe("Submit a ticket");
    expect(sentences[0]).toSatisfy((it) => says(it, "This did not work."));
    expect(sentences[1]).toSatisfy((it) => says(it, "処理を完了できませんでした。"));
  });
});

describe("a reply in the thread while the database is down for a moment", () => {
  it("is taken when Slack delivers it again", async () => {
    await using world = await startBehindGate();
    const { app, gate } = world;
    const tom = app.simulator.as("U0TOM");
    const card = await cardIn(app, HELP, await submit(app));
    await settled(app);
    goDown(gate);

    await tom.send(HELP, "It still says 503.", card.ts);
    await untilTrue(async () => app.logged.some(({ msg }) => msg === "an event was not handled"));
    await world.mend();

    const comments = () => app.db.selectFrom("comment").select("body").execute();
    await untilTrue(async () => (await comments()).length > 0);
    expect(await comments()).toEqual([{ body: "It still says 503." }]);
  });
});

type Behind = AsyncDisposable & { app: TestApp; gate: Gate; hole: number; mend(): Promise<void> };

/** The app reaches its database through a gate; the test itself does not. */
async function startBehindGate(): Promise<Behind> {
  await using stack = new AsyncDisposableStack();
  const gate = Promise.withResolvers<{ gate: Gate; port: number }>();
  const hole = createServer(() => {});
  hole.listen(0, "127.0.0.1");
  await once(hole, "listening");
  stack.defer(() => void hole.close());
  const app = stack.use(
    await startTestApp({
      mode: "http",
      async env({ databaseUrl }) {
        const url = new URL(databaseUrl);
        const port = Number(url.port || 5432);
        const opened = stack.use(await openGate(port));
        gate.resolve({ gate: opened, port });
        return { DATABASE_URL: Object.assign(url, { host: `127.0.0.1:${opened.port}` }).href };
      },
    }),
  );
  const behind = await gate.promise;
  const address = hole.address();
  const parts = stack.move();
  return {
    app,
    gate: behind.gate,
    hole: typeof address === "object" ? (address?.port ?? 0) : 0,
    async mend() {
      behind.gate.leadTo(behind.port);
      await makeWritable(app.db);
    },
    [Symbol.asyncDispose]() {
      behind.gate.leadTo(behind.port);
      return parts.disposeAsync();
    },
  };
}

function goDown(gate: Gate): void {
  gate.leadTo(undefined);
  gate.cut();
}

/** The open links go half-open, and new ones lead to somebody who never answers. */
function goSilent(gate: Gate, hole: number): void {
  gate.leadTo(hole);
  gate.silence();
}

/** As after a failover: the open links go on, and write no more. */
async function goReadOnly({ app, gate }: Behind): Promise<void> {
  await onDatabase(app.db, "set default_transaction_read_only = on");
  gate.cut();
}

/** As PostgreSQL says it when a table cannot grow. */
async function fillUp({ app }: Behind): Promise<void> {
  await sql`
    create function refuse() returns trigger language plpgsql as $$ begin
      raise exception 'could not extend file "base/5/16500": No space left on device' using errcode = '53100';
    end $$`.execute(app.db);
  await sql`create trigger full_disk before insert on inbox execute function refuse()`.execute(
    app.db,
  );
}

async function makeWritable(db: Db): Promise<void> {
  await onDatabase(db, "reset default_transaction_read_only");
  await sql`drop trigger if exists full_disk on inbox`.execute(db);
}

async function onDatabase(db: Db, setting: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`set transaction read write`.execute(tx);
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(tx);
    await sql`alter database ${sql.ref(rows[0]?.name ?? "")} ${sql.raw(setting)}`.execute(tx);
  });
}

async function tickets(app: TestApp) {
  return app.db.selectFrom("ticket").select("subject").execute();
}
