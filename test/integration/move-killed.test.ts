import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { connect } from "#db/connect.ts";
import { openDatabase } from "#db/open.ts";
import { MOVE_FAULT_POINTS } from "#fault-points.ts";
import { createEmbeddedFolder, createEmptyDatabase } from "../support/database.ts";
import { type Ended, runDeskline, startDeskline } from "../support/deskline.ts";
import { openGate } from "../support/gate.ts";
import { everyRow, fillTickets } from "../support/moved-rows.ts";

const STRIKE = new URL("../support/strike.ts", import.meta.url);
vi.setConfig({ testTimeout: 180_000 }); // each case starts the program two times or more, and opens both sides
const KILLS = 5;

it.each([
  ...MOVE_FAULT_POINTS.map((point) => [point, 1] as const),
  ["move.before-commit", 10] as const,
  ["move.after-commit", 10] as const,
])("goes on after a SIGKILL at %s, time %i", async (point, times) => {
  await using world = await createWorld(1200);
  const env = { STRIKE_AT: point, STRIKE_TIMES: String(times) };
  const { child, ended } = startDeskline(world.words, env, STRIKE);
  await ended;
  expect(child.signalCode).toBe("SIGKILL");

  const meanwhile = await world.starts();
  const again = await runDeskline(world.words);

  expect(meanwhile).toEqual([
    expect.stringContaining(point === "move.after-left" ? "was moved to" : "is on its way to"),
    point === "move.after-mark" ? "started" : expect.stringContaining("Only a part of the rows"),
  ]);
  await world.isWhole(again);
});

it("goes on after each of many SIGKILLs at any moment, with nothing lost and nothing twice", async () => {
  await using world = await createWorld(20_000);
  let kills = 0;
  let last: Ended | undefined;
  while (!last) {
    const { child, ended } = startDeskline(world.words, {});
    if (kills < KILLS) await killSometime(child);
    const done = await ended;
    if (done.code === null) kills++;
    else last = done;
  }

  expect(kills).toBeGreaterThan(0);
  await world.isWhole(last);
});

it("says at Ctrl-C what to do, and goes on", async () => {
  await using world = await createWorld(20_000);
  const { child, ended } = startDeskline(world.words, {});
  await (child.stdout && once(child.stdout, "data"));
  child.kill("SIGINT");
  const stopped = await ended;

  expect(stopped.complaint).toBe(
    "Stopped. The same command goes on from here; with --undo instead of --to it gives up.\n",
  );
  expect(stopped.code).toBe(130);
  await world.isWhole(await runDeskline(world.words));
});

it("says what to do when the connection breaks, and goes on once it is back", async () => {
  await using world = await createWorld(20_000);
  await using gate = await openGate(Number(new URL(world.url).port));
  const url = Object.assign(new URL(world.url), { hostname: "127.0.0.1", port: gate.port }).href;
  const words = ["move", "--to", url, "--from", world.folder];
  const { child, ended } = startDeskline(words, {});
  await (child.stdout && once(child.stdout, "data"));
  gate.leadTo(undefined);
  gate.cut();
  const broken = await ended;
  gate.leadTo(Number(new URL(world.url).port));

  expect(broken.code).toBe(1);
  expect(broken.complaint).toMatch(
    /^The database at .+ cannot be reached \(E.+\)\. .+ goes on where it stopped/,
  );
  expect(broken.complaint).not.toContain("    at ");
  await world.isWhole(await runDeskline(words));
});

/** At any moment after its first word, which it says before the first row. */
async function killSometime(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  await Promise.race([child.stdout && once(child.stdout, "data"), ended]);
  await Promise.race([sleep(Math.random() * 700), ended]);
  child.kill("SIGKILL");
}

/** What the next start of Deskline on it says. */
async function startOn(place: Parameters<typeof openDatabase>[0]): Promise<string> {
  try {
    await using _database = await openDatabase(place);
    return "started";
  } catch (error) {
    return String(error);
  }
}

async function createWorld(tickets: number) {
  const stack = new AsyncDisposableStack();
  const { folder } = stack.use(await createEmbeddedFolder());
  const { url } = stack.use(await createEmptyDatabase());
  const before = await filled(folder, tickets);

  const starts = async () => [await startOn({ folder }), await startOn({ url })];
  return {
    folder: dirname(folder),
    url,
    words: ["move", "--to", url, "--from", dirname(folder)],
    starts,
    async isWhole({ code, out, complaint }: Ended) {
      expect(complaint).toBe("");
      expect(out).toContain("Both sides are equal.");
      expect(code).toBe(0);
      expect(await starts()).toEqual([expect.stringContaining("was moved to"), "started"]);
      await using to = await connect({ url });
      expect(await everyRow(to.db)).toEqual(before);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function filled(folder: string, tickets: number): Promise<Record<string, string[]>> {
  await using database = await connect({ folder });
  await fillTickets(database.db, tickets);
  return await everyRow(database.db);
}
