import { afterAll, beforeAll, expect, it } from "vitest";
import { HELP, startTestApp, type TestApp } from "../support/app.ts";
import { FACTS, says, textOf, type Walk, walk } from "../support/ticket-walk.ts";

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  const env = { DESKLINE_CONFIG: "policy.example.yaml" };
  app = await startTestApp({ mode: "http", paced: false, env });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

/** Filed with a topic, as the policy asks for one. */
async function filed(subject: string, by: "U0HANA" | "U0DANA" = "U0HANA") {
  const who = w.as(by);
  const modal = await who.command(HELP, "/ticket", subject);
  const { modal: done } = await who.submit(modal?.id, { ...FACTS, topic: "billing" });
  const number = /DL-\d+/.exec(textOf(done?.blocks))?.[0] ?? "";
  return { who, number, card: await w.card(who, HELP, number), triage: await w.triage(number) };
}

it("sorts a ticket anew, which both cards show, and the customer's thread says nothing", async () => {
  const { who, card, triage } = await filed("種類の相談");
  const aki = w.as("U0AKI");

  const form = await aki.pressForModal(triage, "種類を変える…");
  const offered = () => textOf(aki.modals().at(-1)?.blocks);
  await expect.poll(offered).toContain("プラン・請求"); // in her language, once that is known
  expect(offered()).not.toContain("認定バッジ");
  await aki.submit(form, { topic: "api" });

  await w.shows(aki, triage, "種類：API・Webhook");
  await w.shows(who, card, "種類：API・Webhook");
  await w.inThread(aki, triage, "種類を「プラン・請求」から「API・Webhook」に変えました");
  expect(who.thread(card.channel, card.ts)).toHaveLength(1);
});

it("sorts a ticket anew in English", async () => {
  const { who, card, triage } = await filed("Invoices", "U0DANA");
  const ben = w.as("U0BEN");

  const form = await ben.pressForModal(triage, "Topic…");
  await ben.submit(form, { topic: "api" });

  await w.shows(who, card, "Topic: API and webhooks");
  await w.inThread(
    ben,
    triage,
    "changed the topic from “Plans and invoices” to “API and webhooks”",
  );
});

it("opens a follow-up of a closed ticket in the customer's thread, where it goes on", async () => {
  const { who, number, card, triage } = await filed("Sync stops", "U0DANA");
  const ben = w.as("U0BEN");
  await ben.press(triage, "Solve");
  const asked = await w.inThread(who, card, "Is it fixed?");
  await who.press(asked, "ticket.close");
  await w.shows(ben, triage, "Closed");

  const form = await ben.pressForModal(triage, "Follow-up…");
  const { modal } = await ben.submit(form, {
    subject: "Sync stops again",
    description: "Dana called: it came back.",
  });
  const next = /DL-\d+ is opened/.exec(textOf(modal?.blocks))?.[0].split(" ")[0] ?? "";

  await w.inThread(who, card, `Goes on with ${number}: *Ben* (support) opened it.`);
  const nextTriage = await w.triage(next);
  await who.send(card.channel, "Here is the log.", card.ts);
  await w.inThread(ben, nextTriage, "Here is the log.");
  const history = await ben.pressForModal(nextTriage, "History");
  expect(textOf(history.blocks)).toContain("opened it for the customer");
  expect(says(await w.shows(ben, nextTriage, "Sync stops again"), number)).toBe(true);
});

it("links two tickets of one customer, which the agents' cards list, and unlinks them", async () => {
  const one = await filed("同期が止まる");
  const other = await filed("取り込みが遅い");
  const aki = w.as("U0AKI");

  const form = await aki.pressForModal(one.triage, "関連付ける…");
  const wrong = await aki.submit(form, { number: one.number });
  expect(wrong.errors?.number).toContain("このお問い合わせ自身の番号です");
  await aki.submit(form, { number: other.number.toLowerCase() });

  await w.shows(aki, one.triage, `${other.number}> 取り込みが遅い（受付）`);
  await w.shows(aki, other.triage, `${one.number}> 同期が止まる（受付）`);
  await aki.press(other.triage, "ticket.solve");
  await w.shows(aki, one.triage, "取り込みが遅い（解決）");
  expect(one.who.thread(HELP, one.card.ts)).toHaveLength(1);

  const again = await aki.pressForModal(one.triage, "関連付ける…");
  const { id } = await app.db
    .selectFrom("ticket")
    .select("id")
    .where("number", "=", Number(other.number.slice(3)))
    .executeTakeFirstOrThrow();
  await aki.submit(again, { unlink: id });
  const shown = () =>
    textOf(aki.messages(one.triage.channel).find(({ ts }) => ts === one.triage.ts)?.blocks);
  await expect.poll(shown).not.toContain("関連するお問い合わせ");
});
