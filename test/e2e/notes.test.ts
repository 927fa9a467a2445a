import { afterAll, beforeAll, expect, it } from "vitest";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { formAfter, says, textOf, type Walk, walk } from "../support/ticket-walk.ts";

const NOTE = "この会社は来月で解約の予定です。急がなくてよい。";

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ mode: "http", paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("says on the triage card that its thread is for agents alone", async () => {
  const { triage } = await w.filed();

  expect(textOf(triage.blocks)).toContain("社内メモです。お客様には届きません。");
});

it.each(["ticket.reply", "ticket.ask", "ticket.offer"])(
  "keeps a note from the customer, and asks before its words leave by %s",
  async (step) => {
    const [hana, aki, ben] = [w.as("U0HANA"), w.as("U0AKI"), w.as("U0BEN")];
    const { number, card, triage } = await w.filed(`メモの相談 ${step}`);
    const note = `${NOTE} ${number}`;
    await ben.send(triage.channel, note, triage.ts);
    await expect.poll(notes).toContain(note);
    const helps = step === "ticket.offer" ? { helps: "limited" } : {};
    const form = await aki.pressForModal(triage, step);
    const body = "ご連絡ありがとうございます。";

    const warned = await formAfter(aki, form, { body: `${body} ${note}`, ...helps });

    expect(textOf(warned.blocks)).toContain("社内メモと同じ内容が含まれています。");
    expect(textOf(warned.blocks)).toContain(`*Ben* のメモ：${NOTE}`);
    expect(textOf(warned.blocks)).toContain(body); // what was typed is still there
    expect(warned.submit).toBe("このまま送る");
    await aki.press(warned, "書き直す");
    const again = await w.until(() =>
      aki.modals().find(({ submit }) => submit === "内容を確認する"),
    );
    const field = Object.keys(again.values).find((id) => id.startsWith("body")) ?? "";
    const half = await formAfter(aki, again, { [field]: `${body}急がなくてよい。`, ...helps });
    expect(textOf(half.blocks)).toContain("社内メモと同じ内容が含まれています。");
    expect(customerSees()).not.toContain(NOTE);
    await aki.close(half);

    const other = await aki.pressForModal(triage, step);
    await sayToCustomer(aki, other, { body: `${body}こちらをお試しください。`, ...helps });
    await w.inThread(hana, card, "こちらをお試しください。");
    expect(customerSees()).not.toContain(NOTE);
    expect(customerSees()).not.toContain("急がなくてよい");
  },
);

it("lets words through that were confirmed, and asks again when a note was made meanwhile", async () => {
  const { card, triage, number } = await w.filed("確認済み");
  const note = `先方の設定ミスが原因です。${number}`;
  const aki = w.as("U0AKI");
  const form = await aki.pressForModal(triage, "ticket.reply");
  const check = await formAfter(aki, form, { body: note });
  expect(check.submit).toBe("送信");
  await aki.send(triage.channel, note, triage.ts);
  await expect.poll(notes).toContain(note);

  const warned = await formAfter(aki, check, {});
  expect(warned.submit).toBe("このまま送る");
  const sending = await formAfter(aki, warned, {});
  await aki.press(sending, "いますぐ送る");

  await w.inThread(w.as("U0HANA"), card, note);
});

it("finds a note for agents, and for nobody else", async () => {
  const { number, triage } = await w.filed("検索の相談");
  const word = `みつばち${number.slice(3)}`;
  await w.as("U0BEN").send(triage.channel, `合言葉は${word}`, triage.ts);
  await expect.poll(notes).toContain(`合言葉は${word}`);

  expect(says(await listed("U0AKI", word), number)).toBe(true);
  for (const userId of ["U0HANA", "U0DANA", "U0TOM"])
    expect(says(await listed(userId, word), number)).toBe(false);
});

async function notes(): Promise<string[]> {
  const rows = await app.db.selectFrom("note").select("body").execute();
  return rows.map(({ body }) => body);
}

/** Everything that stands where a customer can read it. */
function customerSees(): string {
  const { world } = app.simulator;
  return JSON.stringify(world.messages().filter(({ channel }) => channel !== "C0AGENTS"));
}

async function listed(userId: string, text: string) {
  const [who, channel] = [w.as(userId), userId === "U0AKI" ? AGENTS : HELP];
  return w.told(who, channel, () => who.command(channel, "/tickets", text));
}
