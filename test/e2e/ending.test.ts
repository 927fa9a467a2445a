import { afterAll, beforeAll, expect, it } from "vitest";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { passMinutes } from "../support/contract-clock.ts";
import { holdEdits } from "../support/hold-edits.ts";
import { buttonsOf, says, textOf, type Walk, walk } from "../support/ticket-walk.ts";

const DAY = 24 * 60;

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ mode: "http", paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

async function solved(subject: string) {
  const { number, card, triage } = await w.filed(subject);
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  await aki.press(triage, "ticket.solve");
  const asked = await w.inThread(hana, card, "問題は解消しましたか？");
  return { number, card, triage, asked, hana, aki };
}

it("asks the requester whether it is fixed, closes on yes, and takes how the help was", async () => {
  const { card, triage, asked, hana, aki } = await solved("直りました");
  const tom = w.as("U0TOM");
  expect(buttonsOf(asked)).toEqual(["はい、解決しました", "まだです"]);
  const refused = await w.told(tom, card.channel, () => tom.press(asked, "ticket.close"));
  expect(textOf(refused.blocks)).toContain("Only the person who submitted");

  await hana.press(asked, "はい、解決しました");
  const closed = await w.inThread(hana, card, "お問い合わせを終了しました。");
  await w.shows(hana, card, "終了");
  await w.inThread(aki, triage, "解決を確認し、終了しました");
  await w.loses(hana, asked);

  const thanks = await w.told(hana, card.channel, () => hana.press(closed, "👎 よくなかった"));
  expect(textOf(thanks.blocks)).toContain("サポートに伝えました：👎 よくなかった");
  const form = await hana.pressForModal(thanks, "ひとこと添える");
  await hana.submit(form, { words: "返事が遅かったです。" });
  await w.told(hana, card.channel, () => hana.press(closed, "👍 よかった"));

  const told = await w.inThread(aki, triage, "評価：👎 よくなかった");
  expect(textOf(told.blocks)).not.toContain("遅かった");
  await w.inThread(aki, triage, "返事が遅かったです。");
  await w.inThread(aki, triage, "評価：👍 よかった");
  const [kept] = await app.db.selectFrom("satisfaction").select(["score", "words"]).execute();
  expect(kept).toEqual({ score: "good", words: "返事が遅かったです。" });
});

it("opens again on not yet, with what is still wrong", async () => {
  const { card, triage, asked, hana, aki } = await solved("まだです");

  await holdEdits(app.db, "T0ACME", async () => {
    const form = await hana.pressForModal(asked, "まだです");
    await hana.submit(form, { body: "同じエラーがまた出ます。" });
    await w.inThread(aki, triage, "同じエラーがまた出ます。");
    const late = await w.told(hana, card.channel, () => hana.press(asked, "はい、解決しました"));
    expect(textOf(late.blocks)).toContain("いまは解決になっていません");
  });

  await w.shows(hana, card, "対応中");
  await w.loses(hana, asked);
});

it("opens a follow-up in the same thread when somebody writes to a closed ticket", async () => {
  const { number, card, triage, asked, hana, aki } = await solved("また困りました");
  await hana.press(asked, "はい、解決しました");
  await w.inThread(hana, card, "お問い合わせを終了しました。");

  await hana.send(card.channel, "やはり直っていません。", card.ts);

  const next = await w.inThread(hana, card, `終了した${number}の続きです`);
  const nextNumber = /DL-\d+/.exec(textOf(next.blocks).replaceAll(number, ""))?.[0] ?? "";
  const nextTriage = await w.triage(nextNumber);
  expect(textOf(nextTriage.blocks)).toContain("やはり直っていません。");
  await w.inThread(aki, triage, `${nextNumber}として続けます`);

  await hana.send(card.channel, "ログを送ります。", card.ts);
  await w.inThread(aki, nextTriage, "ログを送ります。");
  await aki.press(nextTriage, "ticket.take");
  const nextNow = () => hana.thread(HELP, card.ts).find(({ ts }) => ts === next.ts);
  await expect.poll(() => textOf(nextNow()?.blocks)).toContain("Aki");
  const count = await app.db
    .selectFrom("ticket")
    .select("id")
    .where("follows_id", "is not", null)
    .execute();
  expect(count).toHaveLength(1);
});

it("closes in silence, after saying so; whoever speaks meanwhile keeps it open", async () => {
  const silent = await solved("だれも答えない");
  const speaks = await solved("答える人");
  const before = app.simulator.as("U0HANA").thread(HELP, silent.card.ts).length;
  await passMinutes(app, 4 * DAY);
  expect(silent.hana.thread(HELP, silent.card.ts)).toHaveLength(before);

  await passMinutes(app, DAY + 5);
  const warned = await w.inThread(silent.hana, silent.card, "ご連絡がなければ");
  expect(buttonsOf(warned)).toEqual(["はい、解決しました", "まだです"]);
  await w.inThread(speaks.hana, speaks.card, "ご連絡がなければ");
  await speaks.hana.send(HELP, "まだ困っています。", speaks.card.ts);
  await w.shows(speaks.hana, speaks.card, "対応中");

  await passMinutes(app, 2 * DAY + 5);
  await w.inThread(silent.hana, silent.card, "その後ご連絡がなかったため");
  await w.loses(silent.hana, silent.asked);
  await w.loses(silent.hana, warned);
  await w.shows(silent.hana, silent.card, "終了");
  await w.shows(w.as("U0AKI"), silent.triage, "終了");
  const own = speaks.hana.thread(HELP, speaks.card.ts);
  expect(own.some((each) => says(each, "お問い合わせを終了しました"))).toBe(false);
  expect(silent.triage.channel).toBe(AGENTS);
}, 60_000);

it("does not rate what is not closed", async () => {
  const { card, asked, hana } = await solved("評価はまだ");
  await hana.press(asked, "はい、解決しました");
  const closed = await w.inThread(hana, card, "お問い合わせを終了しました。");
  await app.db
    .updateTable("ticket")
    .set({ status: "solved" })
    .where("status", "=", "closed")
    .execute();

  const refused = await w.told(hana, card.channel, () => hana.press(closed, "👍 よかった"));

  expect(textOf(refused.blocks)).toContain("まだ終了していません");
  await expect
    .poll(() => app.db.selectFrom("satisfaction").select("score").execute())
    .toHaveLength(1);
});
