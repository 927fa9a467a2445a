import { afterAll, beforeAll, expect, it } from "vitest";
import type { Actor } from "#simulator/actor.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { says, textOf, type Walk, walk } from "../support/ticket-walk.ts";

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ mode: "http", paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("shows the agents the newest words of an edited message, and how often it was edited", async () => {
  const { card, triage } = await w.filed("編集の相談");
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  const { ts } = await hana.send(card.channel, "エラーは503です。", card.ts);
  await w.inThread(aki, triage, "エラーは503です。");

  await hana.edit(card.channel, ts, "エラーは504です。");
  await w.inThread(aki, triage, "さんがメッセージを編集しました（編集1回）");
  await hana.edit(card.channel, ts, "エラーは504か502です。");
  await w.inThread(aki, triage, "さんがメッセージを編集しました（編集2回）");

  const first = () =>
    aki.thread(triage.channel, triage.ts).find((each) => says(each, "情報を追加"));
  await expect.poll(() => textOf(first()?.blocks)).toContain("（編集2回）");
  expect(textOf(first()?.blocks)).toContain("エラーは504か502です。");
  expect(textOf(first()?.blocks)).not.toContain("503");
  await expect.poll(() => wordsIn(aki, triage)).not.toContain("エラーは504です。");
  await expect.poll(() => atDesk("エラーは504か502です。")).toHaveLength(1);
});

it("leaves nothing of a deleted message with the agents, at the desk and in the database", async () => {
  const { number, card, triage } = await w.filed("削除の相談");
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  const secret = `パスワードは himitsu-${number} です。`;
  const { ts } = await hana.send(card.channel, secret, card.ts);
  for (const times of [1, 2]) {
    await hana.edit(card.channel, ts, `${secret}${times}回変えました。`);
    await w.inThread(aki, triage, `さんがメッセージを編集しました（編集${times}回）`);
  }
  await expect.poll(() => atDesk(`himitsu-${number}`)).toHaveLength(3);

  await hana.delete(card.channel, ts);

  await w.inThread(aki, triage, "さんのメッセージが削除されました");
  await expect.poll(() => wordsIn(aki, triage)).not.toContain("himitsu");
  expect(wordsIn(aki, triage)).toContain("（削除済み）");
  await expect.poll(() => atDesk(`himitsu-${number}`)).toEqual([]);
  expect(await inDatabase(`himitsu-${number}`)).toEqual([]);
});

it("shows the agents and the desk names and addresses as the customer read them, and calls nobody", async () => {
  const { card, triage } = await w.filed("共有の相談");
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  const typed = "@Dana と @here に共有 https://x.example/a?b=1&c=2";
  const shown = typed.replace("&", "&amp;");

  const { ts } = await hana.send(card.channel, typed, card.ts);
  await w.inThread(aki, triage, shown);
  await hana.edit(card.channel, ts, `${typed} <済>`);
  await w.inThread(aki, triage, `${shown} &lt;済&gt;`);

  await expect.poll(() => atDesk(`${typed} <済>`)).toHaveLength(1);
  const [said] = hana.thread(card.channel, card.ts).filter((each) => each.ts === ts);
  expect(said?.text).toContain("<@U0DANA> と <!here>");
  const told = JSON.stringify(aki.thread(triage.channel, triage.ts));
  expect(told).not.toMatch(/<@U0DANA|<!here|U0DANA|https:\/\/x\.example[^ "]*>/);
});

it("takes an edit by which words come to a file", async () => {
  const { card, triage } = await w.filed("ファイルの相談");
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  const file = hana.chooseFile({ name: "server.log", bytes: Buffer.from("log\n") });
  const { ts } = await hana.send(card.channel, "", card.ts, [file]);
  await w.inThread(aki, triage, "さんが情報を追加しました");

  await hana.edit(card.channel, ts, "これがログです。");

  const line = await w.inThread(aki, triage, "編集1回");
  expect(textOf(line.blocks)).toContain("これがログです。");
});

it("tells the customer nothing about their own edits", async () => {
  const { card, triage } = await w.filed("静かな編集");
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  const { ts } = await hana.send(card.channel, "一", card.ts);
  await hana.edit(card.channel, ts, "二");
  await w.inThread(aki, triage, "編集1回");
  await hana.delete(card.channel, ts);
  await w.inThread(aki, triage, "削除されました");

  const others = hana.thread(card.channel, card.ts).filter((each) => each.ts !== ts);
  expect(others.map(({ ts: each }) => each)).toEqual([card.ts]);
});

function wordsIn(who: Actor, root: { channel: string; ts: string }): string {
  return who
    .thread(root.channel, root.ts)
    .map(({ text, blocks }) => `${text}\n${textOf(blocks)}`)
    .join("\n");
}

async function atDesk(words: string) {
  const rows = await app.db.selectFrom("desk_change").select("change").execute();
  return rows.filter(({ change }) => JSON.stringify(change).includes(words));
}

/** In any table that keeps what people say. */
async function inDatabase(words: string): Promise<string[]> {
  const found: string[] = [];
  for (const table of ["comment", "ticket_history", "desk_change", "job", "inbox"] as const) {
    const rows = await app.db.selectFrom(table).selectAll().execute();
    if (rows.some((row) => JSON.stringify(row).includes(words))) found.push(table);
  }
  return found;
}
