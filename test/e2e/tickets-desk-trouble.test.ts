import { expect, it } from "vitest";
import type { Desk } from "#desk/desk.ts";
import { RetryLater } from "#errors.ts";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { HELP, startTestApp } from "../support/app.ts";
import { createDeskBook } from "../support/desk-book.ts";
import { memoryDesk } from "../support/memory-desk.ts";
import { says, textOf, walk } from "../support/ticket-walk.ts";

const SAVED = "内容は保存しました。サポートへの登録に時間がかかっています。";
const FILED = "を受け付けました。この後のやり取りは、このスレッドで続けます。";

it("says on the card that a busy desk takes longer, and that it is filed once it is", async () => {
  const book = createDeskBook();
  const gate = { isBusy: true };
  await using app = await startTestApp({ desk: behind(gate, memoryDesk(book)), paced: false });
  const w = walk(app);
  const hana = w.as("U0HANA");

  const number = await w.file(hana, HELP, "込み合うとき");
  const saved = await w.card(hana, HELP, number);
  expect(textOf(saved.blocks)).toContain(SAVED);
  expect(textOf(saved.blocks)).not.toContain(FILED);
  const triage = await w.triage(number);
  const form = await w.as("U0AKI").pressForModal(triage, "ticket.reply");
  await sayToCustomer(w.as("U0AKI"), form, { body: "先にお返事します。" });
  await w.inThread(hana, saved, "先にお返事します。");
  gate.isBusy = false;

  const filed = await w.shows(hana, saved, `${number}${FILED}`);
  expect(textOf(filed.blocks)).not.toContain(SAVED);
  await expect
    .poll(() => book.held[0]?.changes.length, { timeout: 15_000 }) // it had to wait for the filing
    .toBe(2);
  expect(book.held[0]?.changes).toMatchObject([
    { kind: "comment", body: "先にお返事します。" },
    { kind: "status", status: "open" },
  ]);
  expect(hana.messages(HELP).filter((each) => says(each, number))).toHaveLength(1);
});

it("tells the person with a reference that the desk refused, and leaves a row to the operator", async () => {
  const book = createDeskBook();
  book.faults.push("refuse");
  await using app = await startTestApp({ desk: memoryDesk(book), paced: false });
  const w = walk(app);
  const hana = w.as("U0HANA");

  const number = await w.file(hana, HELP, "断られる");
  const card = await w.card(hana, HELP, number);
  const told = await w.inThread(hana, card, "登録できませんでした");

  const [dead] = await deadJobs(app);
  const reference = dead?.id.slice(0, 8) ?? "";
  expect(dead).toMatchObject({ name: "ticket.file" });
  expect(told.text).toBe(
    `${number}をサポートの窓口に登録できませんでした。サポートの担当者が確認します。\uff08参照番号 ${reference}\uff09`,
  );
  expect(textOf((await w.shows(hana, card, reference)).blocks)).not.toContain(SAVED);
  await w.triage(number);
  expect(book.held).toEqual([]);
});

it("files at last what the operator sends again, and says so on the card", async () => {
  const book = createDeskBook();
  book.faults.push("refuse");
  await using app = await startTestApp({ desk: memoryDesk(book), paced: false });
  const w = walk(app);
  const hana = w.as("U0HANA");
  const number = await w.file(hana, HELP, "二度目に通る");
  const card = await w.card(hana, HELP, number);
  await w.inThread(hana, card, "登録できませんでした");
  const [dead] = await deadJobs(app);

  await app.db
    .updateTable("job")
    .set({ dead_at: null, run_at: new Date() })
    .where("id", "=", dead?.id ?? "")
    .execute();

  await w.shows(hana, card, `${number}${FILED}`);
  expect(book.held).toHaveLength(1);
});

/** Busy as long as the gate says so. */
function behind(gate: { isBusy: boolean }, desk: Desk): Desk {
  return {
    ...desk,
    async create(ticket, signal) {
      if (gate.isBusy) throw new RetryLater("busy", { afterMs: 300 });
      return desk.create(ticket, signal);
    },
  };
}

async function deadJobs({ db }: Awaited<ReturnType<typeof startTestApp>>) {
  return db.selectFrom("job").select(["id", "name"]).where("dead_at", "is not", null).execute();
}
