import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { type Gate, openGate } from "../support/gate.ts";
import { cardIn, FACTS, says, settled, submit, until, untilTrue } from "./slack-trouble.ts";

const NOT_SAVED = "This could not be saved just now. What you typed is still here.";
const TYPED = { subject: "Typed while it was down", ...FACTS };

describe.each<[string, (db: Behind) => Promise<void>]>([
  ["that refuses connections", async ({ gate }) => goDown(gate)],
  ["that swallows what it is told", async ({ gate, hole }) => goSilent(gate, hole)],
])("a database %s", (_, breakIt) => {
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

    world.mend();
    const saved = await untilTrue(async () => {
      const { modal: next, errors } = await tom.submit(tom.modals().at(-1));
      return errors ? undefined : next;
    });
    const number = /DL-\d+/.exec(JSON.stringify(saved))?.[0] ?? "";
    await cardIn(app, HELP, number);
    await settled(app);
    expect(await tickets(app)).toMatchObject([{ subject: TYPED.subject }]);
  });

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

  it("shows in the health checks, which answer in time", async () => {
    await using world = await startBehindGate();
    const health = async (path: string) => {
      const begun = Date.now();
      const { status } = await fetch(new URL(path, world.app.url));
      return { status, isInTime: Date.now() - begun < 2500 };
    };
    expect(await health("/readyz")).toEqual({ status: 200, isInTime: true });
    await breakIt(world);

    expect(await health("/readyz")).toEqual({ status: 503, isInTime: true });
    expect(await health("/livez")).toEqual({ status: 200, isInTime: true });
    world.mend();
    await untilTrue(async () => (await health("/readyz")).status === 200);
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
    world.mend();

    const comments = () => app.db.selectFrom("comment").select("body").execute();
    await untilTrue(async () => (await comments()).length > 0);
    expect(await comments()).toEqual([{ body: "It still says 503." }]);
  });
});

type Behind = AsyncDisposable & { app: TestApp; gate: Gate; hole: number; mend(): void };

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
    mend: () => behind.gate.leadTo(behind.port),
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

async function tickets(app: TestApp) {
  return app.db.selectFrom("ticket").select("subject").execute();
}
