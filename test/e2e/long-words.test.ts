import { afterAll, beforeAll, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { buttonsOf, textOf, type Walk, walk } from "../support/ticket-walk.ts";

const ja = textsOf("ja").thread;
/** As long as Slack lets a message be. */
const LONG = `${"ログの行です。".repeat(5700)}ここが最後です。`;

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ mode: "http", paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("lets agents read all of a message that is longer than one of theirs, also when it was edited", async () => {
  const { card, triage } = await w.filed("長い報告");
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  const { ts } = await hana.send(card.channel, LONG, card.ts);
  const told = await w.inThread(aki, triage, "さんが情報を追加しました");
  expect(textOf(told.blocks)).not.toContain("ここが最後です。");
  expect(buttonsOf(told)).toEqual([ja.readWhole]);

  const modal = await aki.pressForModal(told, ja.readWhole);

  expect(modal.title).toBe(textsOf("en").thread.wholeTitle); // in the language of who pressed
  const read = textOf(modal.blocks.slice(1)).replaceAll("\n", "");
  expect(read).toBe(LONG);

  await hana.edit(card.channel, ts, `${LONG}直しました。`);
  const edited = await w.inThread(aki, triage, "メッセージを編集しました");
  const again = await aki.pressForModal(edited, ja.readWhole);
  expect(textOf(again.blocks)).toContain("ここが最後です。直しました。");
});

it("offers nothing under a message that is shown whole", async () => {
  const { card, triage } = await w.filed("短い報告");
  await w.as("U0HANA").send(card.channel, "短い行です。", card.ts);

  const told = await w.inThread(w.as("U0AKI"), triage, "短い行です。");

  expect(buttonsOf(told)).toEqual([]);
});
