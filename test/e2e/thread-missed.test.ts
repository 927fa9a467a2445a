import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { hear } from "#tickets/hearing.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { passMinutes } from "../support/contract-clock.ts";
import { textOf, type Walk, walk } from "../support/ticket-walk.ts";

const GIVEN_UP_MS = 1500; // the simulator tries an event again after 200 and 400 ms

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ mode: "http", paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("reads up what was written, edited and deleted while nobody heard Slack", async () => {
  const { card, triage } = await w.filed("聞こえない間に");
  const [hana, aki, ben] = [w.as("U0HANA"), w.as("U0AKI"), w.as("U0BEN")];
  const first = await hana.send(card.channel, "はじめの言葉", card.ts);
  const slip = await hana.send(card.channel, "まちがえた言葉", card.ts);
  const note = await ben.send(triage.channel, "消すメモ", triage.ts);
  await w.inThread(aki, triage, "まちがえた言葉");
  await expect.poll(notes).toEqual(["消すメモ"]);

  app.simulator.deliverTo(undefined);
  await hear(app.db);
  await hana.edit(card.channel, first.ts, "なおした言葉");
  await hana.delete(card.channel, slip.ts);
  const log = hana.chooseFile({ name: "server.log", bytes: Buffer.from("log\n") });
  await hana.send(card.channel, "聞こえなかった言葉", card.ts, [log]);
  await aki.send(triage.channel, "聞こえなかったメモ", triage.ts);
  await ben.delete(triage.channel, note.ts);
  await sleep(GIVEN_UP_MS);
  app.simulator.deliverTo(app.url);
  expect(await comments()).toEqual(["はじめの言葉", "まちがえた言葉"]);

  await passMinutes(app, 2);
  expect(await hear(app.db)).toBeDefined();

  await w.inThread(aki, triage, "聞こえなかった言葉");
  await w.inThread(aki, triage, "server.log");
  await w.inThread(aki, triage, "さんのメッセージが削除されました");
  await expect.poll(comments).toEqual(["なおした言葉", "", "聞こえなかった言葉"]);
  await expect.poll(notes).toEqual(["", "聞こえなかったメモ"]);
  const own = aki.thread(triage.channel, triage.ts).map(({ blocks }) => textOf(blocks));
  expect(own.filter((words) => words.includes("聞こえなかった言葉"))).toHaveLength(1);
  expect(own.join()).not.toContain("まちがえた言葉");
});

it("takes nothing twice when the threads are read up again", async () => {
  const before = [await comments(), await notes()];

  for (let times = 0; times < 2; times += 1) {
    await passMinutes(app, 2);
    expect(await hear(app.db)).toBeDefined();
  }
  await passMinutes(app, 0);

  expect([await comments(), await notes()]).toEqual(before);
});

it("reads up nothing after a short silence", async () => {
  expect(await hear(app.db)).toBeUndefined();
});

async function comments(): Promise<string[]> {
  const rows = await app.db.selectFrom("comment").select("body").orderBy("ts").execute();
  return rows.map(({ body }) => body);
}

async function notes(): Promise<string[]> {
  const rows = await app.db.selectFrom("note").select("body").orderBy("ts").execute();
  return rows.map(({ body }) => body);
}
