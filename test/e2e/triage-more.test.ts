import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { textOf, type Walk, walk } from "../support/ticket-walk.ts";

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ mode: "http", paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("gives a ticket to another agent, who is told, and to nobody else", async () => {
  const { card, triage } = await w.filed("担当の相談");
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  expect(textOf(triage.blocks)).toContain("有料プラン");
  expect(textOf(triage.blocks)).toContain("受付日時");

  const form = await aki.pressForModal(triage, "担当を決める…");
  const wrong = await aki.submit(form, { assignee: "U0EVA" });
  expect(wrong.errors?.assignee).toContain("サポート担当者（担当者のチャンネルのメンバー）");
  await aki.submit(form, { assignee: "U0BEN" });

  await w.shows(aki, triage, "<@U0BEN>");
  await w.inThread(aki, triage, "さんが <@U0BEN> さんを担当にしました");
  await w.shows(hana, card, "Ben");
  expect(hana.thread(card.channel, card.ts)).toHaveLength(1);
});

it("shows all that happened, the newest first", async () => {
  const { card, triage } = await w.filed("履歴の相談");
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  const empty = hana.chooseFile({ name: "empty.log", bytes: Buffer.alloc(0) });
  const { ts } = await hana.send(card.channel, "エラーです。", card.ts, [empty]);
  await w.inThread(hana, card, "empty.log");
  await hana.edit(card.channel, ts, "エラーは503です。");
  await w.inThread(aki, triage, "（編集1回）");
  await aki.press(triage, "ticket.take");
  await w.shows(aki, triage, "<@U0AKI>");
  await aki.press(triage, "ticket.solve");
  await w.shows(aki, triage, "解決");

  const history = await aki.pressForModal(triage, "履歴");

  const lines = textOf(history.blocks)
    .split("\n")
    .filter((line) => line.includes("·"));
  expect(lines.map((line) => line.split("· ").at(-1))).toEqual([
    "*Aki* さんが解決にしました",
    "*Aki* さんが担当します",
    "*Hana* さんがメッセージを編集しました（編集1回）",
    expect.stringContaining("empty.log"),
    "*Hana* さんが情報を追加しました",
    "お問い合わせを受け付けました",
  ]);
});
