import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readManifest } from "#simulator/manifest.ts";
import { type Simulator, startSimulator } from "#simulator/simulator.ts";
import { readAppConfig, startApp } from "../../src/app.ts";
import { createLog } from "../../src/log.ts";
import { connectCustomers } from "../../src/try.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { createEmptyDatabase } from "../support/database.ts";
import { runDeskline } from "../support/deskline.ts";
import { textOf, walk } from "../support/ticket-walk.ts";

it("goes on after a move where it was: the next number, the jobs that waited, the threads", async () => {
  await using world = await createWorld();
  const { simulator } = world;
  const { as, file, filed, card, triage, inThread, shows } = walk(world);
  const [hana, aki] = [as("U0HANA"), as("U0AKI")];

  const first = await world.day({}, async () => {
    const ticket = await filed();
    await aki.press(ticket.triage, "ticket.take");
    await shows(hana, ticket.card, "Aki");
    await hana.send(HELP, "「503」です。", ticket.card.ts);
    await inThread(aki, ticket.triage, "「503」です。");
    return ticket;
  });
  const waiting = await world.day({}, async () => {
    simulator.faults.add({ kind: "500", method: "chat.postMessage" });
    return file(hana, HELP, "夜のあいだの障害");
  });
  const moved = await runDeskline(["move", "--to", world.url, "--from", world.folder]);
  simulator.faults.end();

  expect(moved).toMatchObject({ code: 0, complaint: "" });
  await expect(world.day({}, async () => {})).rejects.toThrow("was moved to");
  await world.day({ DATABASE_URL: world.url }, async () => {
    await card(hana, HELP, waiting);
    await triage(waiting);
    await hana.send(HELP, "まだ出ます。", first.card.ts);
    await inThread(aki, first.triage, "まだ出ます。");
    await aki.press(first.triage, "ticket.solve");
    await inThread(hana, first.card, "解決にしました");
    const next = await filed("次の日");

    expect([first.number, waiting, next.number]).toEqual(["DL-1001", "DL-1002", "DL-1003"]);
  });
  const cards = hana.messages(HELP).filter(({ blocks }) => /DL-100\d/.test(textOf(blocks)));
  expect(cards).toHaveLength(3);
});

/** A small team's Deskline: one folder, one PostgreSQL that waits for it, one Slack. */
async function createWorld() {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "deskline-move-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const { url } = stack.use(await createEmptyDatabase());
  const manifest = await readManifest(new URL("../../manifest.yml", import.meta.url));
  const simulator = stack.use(await startSimulator({ manifest, eventRetries: [0, 200, 400] }));
  const parts = stack.move();
  return {
    folder,
    url,
    simulator,
    /** Starts the app, lets things happen, and stops it. */
    async day<T>(env: Record<string, string>, happens: () => Promise<T>): Promise<T> {
      await using app = await startApp(configOf(simulator, { DESKLINE_DATA: folder, ...env }), {
        log: createLog("silent"),
      });
      await connectCustomers(app.database.db, simulator);
      return await happens();
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function configOf(simulator: Simulator, env: Record<string, string>) {
  return readAppConfig({
    SLACK_BOT_TOKEN: simulator.tokens.T0KUMO,
    SLACK_SIGNING_SECRET: simulator.signingSecret,
    SLACK_APP_TOKEN: simulator.appToken,
    SLACK_API_URL: simulator.apiUrl,
    SLACK_AGENTS_CHANNEL: AGENTS,
    HOST: "127.0.0.1",
    PORT: "0",
    ...env,
  });
}
