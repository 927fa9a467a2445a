import { afterAll, beforeAll, expect, it } from "vitest";
import type { MessageView } from "#simulator/page/contract.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { createDeskBook, type DeskBook } from "../support/desk-book.ts";
import { memoryDeskWithFiles } from "../support/memory-desk.ts";
import { buttonsOf, textOf, type Walk, walk } from "../support/ticket-walk.ts";

const MARK = "ticket.mark-message";

let app: TestApp;
let w: Walk;
let book: DeskBook;
beforeAll(async () => {
  book = createDeskBook();
  app = await startTestApp({ mode: "http", paced: false, desk: memoryDeskWithFiles(book) });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("marks a customer's message once when it is at the desk, and nobody else's", async () => {
  const { card, triage } = await w.filed("届いた印");
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  const { ts } = await hana.send(card.channel, "追加の情報です。", card.ts);
  const note = await aki.send(triage.channel, "メモです。", triage.ts);

  await expect.poll(() => marksAt(card, ts)).toEqual(["white_check_mark"]);
  expect(marksAt(triage, note.ts)).toEqual([]);
  await aki.press(triage, "ticket.take");
  expect(await receipts()).toEqual(["at-desk", "seen"]);
});

it("marks a message with files only when all of it has arrived", async () => {
  const { card } = await w.filed("ファイルの印");
  const hana = w.as("U0HANA");
  const log = hana.chooseFile({ name: "server.log", bytes: Buffer.from("log\n") });
  const empty = hana.chooseFile({ name: "empty.log", bytes: Buffer.alloc(0) });

  const whole = await hana.send(card.channel, "", card.ts, [log]);
  const half = await hana.send(card.channel, "これも見てください。", card.ts, [empty]);
  const empty2 = hana.chooseFile({ name: "empty2.log", bytes: Buffer.alloc(0) });
  const nothing = await hana.send(card.channel, "", card.ts, [empty2]);

  await expect.poll(() => marksAt(card, whole.ts)).toEqual(["white_check_mark"]);
  await expect.poll(() => marksAt(card, half.ts)).toEqual(["white_check_mark"]); // its words are there
  await w.inThread(hana, card, "empty2.log");
  expect(marksAt(card, nothing.ts)).toEqual([]);
});

it("says what could not be passed on, and tries again when the requester asks", async () => {
  const { number, card } = await w.filed("届かない");
  const [hana, tom] = [w.as("U0HANA"), w.as("U0TOM")];
  book.faults.push("refuse");
  const { ts } = await hana.send(card.channel, "届かない言葉", card.ts);
  const told = await w.inThread(hana, card, "更新の1つを届けられませんでした。");
  expect(marksAt(card, ts)).toEqual([]);
  const atDesk = () => book.held.find(({ ticket }) => ticket.number === number)?.changes ?? [];
  expect(JSON.stringify(atDesk())).not.toContain("届かない言葉");

  const refused = await w.told(tom, card.channel, () => tom.press(told, "ticket.try-again"));
  expect(textOf(refused.blocks) + refused.text).toContain("Only the person who submitted this");
  const answer = await w.told(hana, card.channel, () => hana.press(told, "もう一度試す"));
  expect(textOf(answer.blocks)).toBe("もう一度試しています。");
  await expect.poll(() => marksAt(card, ts)).toEqual(["white_check_mark"]);
  const again = await w.told(hana, card.channel, () => hana.press(told, "もう一度試す"));
  expect(textOf(again.blocks)).toContain("すでにもう一度試しました。");

  const words = atDesk().filter((change) => change.kind === "comment");
  expect(words.map((change) => change.kind === "comment" && change.body)).toEqual(["届かない言葉"]);
});

it("marks the message that opened a follow-up once, when that ticket is at the desk", async () => {
  const { number, card } = await w.filed("続きの印");
  const hana = w.as("U0HANA");
  await close(number);
  book.faults.push("refuse");
  const { ts } = await hana.send(card.channel, "まだ直っていません。", card.ts);
  const told = await w.until(() =>
    hana.thread(card.channel, card.ts).find((each) => buttonsOf(each).includes("もう一度試す")),
  );
  expect(marksAt(card, ts)).toEqual([]);
  const before = await receipts();

  await hana.press(told, "もう一度試す");

  await expect.poll(() => marksAt(card, ts)).toEqual(["white_check_mark"]);
  expect(await marksAsked(ts)).toBe(1);
  expect(await receipts()).toEqual([...before, "at-desk"].sort()); // the report counts it
});

it("marks a follow-up that came with a file only when that has arrived, too", async () => {
  const { number, card } = await w.filed("続きとファイル");
  const hana = w.as("U0HANA");
  await close(number);
  const log = hana.chooseFile({ name: "again.log", bytes: Buffer.from("log\n") });

  const { ts } = await hana.send(card.channel, "ログです。", card.ts, [log]);

  await expect.poll(() => marksAt(card, ts)).toEqual(["white_check_mark"]);
  const followUp = book.held.find(({ ticket }) => ticket.description === "ログです。");
  expect(JSON.stringify(followUp)).toContain("again.log");
  expect(await marksAsked(ts)).toBe(1);
});

it("says on the card that support has seen it, until the customer says more", async () => {
  const { card, triage } = await w.filed("見ましたか");
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  const shown = () => textOf(hana.messages(card.channel).find(({ ts }) => ts === card.ts)?.blocks);
  expect(shown()).not.toContain("サポートが確認しました");

  await aki.send(triage.channel, "あとで見ます。", triage.ts);
  await expect.poll(shown).toContain("👀 サポートが確認しました");

  await hana.send(card.channel, "もう一つ。", card.ts);
  await expect.poll(shown).not.toContain("サポートが確認しました");
  await aki.press(triage, "ticket.take");
  await expect.poll(shown).toContain("👀 サポートが確認しました");
});

function marksAt({ channel, ts: root }: MessageView, ts: string): string[] {
  const found = w
    .as("U0HANA")
    .thread(channel, root)
    .concat(w.as("U0AKI").thread(channel, root))
    .find((each) => each.ts === ts);
  return found?.reactions.map(({ name }) => name) ?? [];
}

async function close(number: string): Promise<void> {
  const own = Number(number.slice("DL-".length));
  await app.db
    .updateTable("ticket")
    .set({ status: "closed" })
    .where("number", "=", own)
    .executeTakeFirst();
}

async function marksAsked(ts: string): Promise<number> {
  const jobs = await app.db.selectFrom("job").select("payload").where("name", "=", MARK).execute();
  return jobs.filter(({ payload }) => payload.ts === ts).length;
}

async function receipts() {
  const rows = await app.db.selectFrom("receipt").select("kind").execute();
  return rows.map(({ kind }) => kind).sort();
}
