import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "#simulator/actor.ts";
import { NEW_TICKET_CHANGED } from "#tickets/new-ticket-form.ts";
import { HELP, startTestApp, type TestApp } from "../support/app.ts";
import { recordSql } from "../support/sql-log.ts";
import { textOf, type Walk, walk } from "../support/ticket-walk.ts";

const CONTACT_ADVICE =
  "同じ会社のメンバーを選んでください。ボット、ゲスト、ワークスペースを離れた人は選べません。";
const ASKS = { what: "question", who: "some", workaround: "yes", priority: "low" };
const typed = { subject: "ログインできない", description: "今朝からです。" };

let app: TestApp;
let w: Walk;
const sql = recordSql();
beforeAll(async () => {
  app = await startTestApp({ env: { DESKLINE_CONFIG: "policy.example.yaml" }, paced: false });
  w = walk(app);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  sql[Symbol.dispose]();
});

describe("the form", () => {
  it("asks for the topic first, in the person's language", async () => {
    const form = await opened(w.as("U0HANA"));

    expect(form.blocks[0]).toMatchObject({ block_id: "topic", label: { text: "種類" } });
    expect(JSON.stringify(form.blocks[0])).toContain("ログイン・アカウント");
  });

  it("shows what a priority means once it is chosen, and asks for what it needs", async () => {
    const hana = w.as("U0HANA");
    const form = await opened(hana);
    expect(idsOf(form)).not.toContain("why");

    await choose(hana, { what: "nothing-works", who: "all", workaround: "none" });
    await shown(hana, "いまの内容では、どの優先度も選べます。");
    await choose(hana, { priority: "urgent" });
    const urgent = await shown(hana, "• *緊急* ：全員がまったく使えず、回避策もないとき");
    expect(idsOf(urgent).filter((id) => ["why", "contact"].includes(id))).toEqual([
      "why",
      "contact",
    ]);

    await choose(hana, { priority: "high" });
    const high = await shown(hana, "• *高* ：主要な機能に大きな支障があり");
    expect(idsOf(high)).toContain("why");
    expect(idsOf(high)).not.toContain("contact");

    await choose(hana, { priority: "normal" });
    expect(idsOf(await shown(hana, "• *普通* ："))).not.toContain("why");
  });

  it("asks the database for the plan once, and for nothing but scores as it changes", async () => {
    const hana = w.as("U0HANA");
    await opened(hana);
    await choose(hana, { topic: "billing" });

    const perChange: string[][] = [];
    for (const answer of [{ what: "function" }, { topic: "sign-in" }, { priority: "low" }]) {
      sql.statements.clear();
      await choose(hana, answer);
      perChange.push([...sql.statements].filter((each) => /"account"|article_vote/.test(each)));
    }

    expect(perChange).toEqual([
      [],
      [expect.stringContaining("article_vote")],
      [expect.stringContaining("article_vote")],
    ]);
  });

  it("says at once when the answers do not support the priority", async () => {
    const hana = w.as("U0HANA");
    await opened(hana);

    await choose(hana, { what: "function", who: "some", workaround: "yes", priority: "urgent" });

    await shown(hana, "いまの内容で選べる優先度は「普通」までです。");
  });

  it("keeps what was typed while it changes, also when two changes race", async () => {
    const hana = w.as("U0HANA");
    const form = await opened(hana);
    await hana.choose(form, "subject", typed.subject);
    await hana.choose(form, "description", typed.description);

    await Promise.all([
      hana.choose(form, "what", "nothing-works"),
      hana.choose(form, "topic", "sign-in"),
      hana.choose(form, "who", "all"),
    ]);
    await choose(hana, { workaround: "none", priority: "normal" });
    const { modal, errors } = await hana.submit(hana.modals().at(-1));

    expect(errors).toBeUndefined();
    const number = numberIn(textOf(modal?.blocks));
    const ticket = await ticketOf(number);
    expect(ticket).toMatchObject({
      ...typed,
      topic: "sign-in",
      topic_name: "ログイン・アカウント",
    });
  });

  it("shows what the last of several quick choices needs", async () => {
    const hana = w.as("U0HANA");
    const form = await opened(hana);

    await hana.choose(form, "topic", "api");
    await hana.choose(form, "priority", "urgent");

    expect(idsOf(await shown(hana, "連絡担当者"))).toContain("contact");
  });

  it("shows the articles of a topic", async () => {
    const hana = w.as("U0HANA");
    await opened(hana);

    await choose(hana, { topic: "sign-in" });

    const form = await shown(hana, "パスワードを再設定する");
    expect(textOf(form.blocks)).toContain("https://help.example.com/ja/reset-password");
  });

  it("says where to go with a topic of another team, and has nothing to fill or send there", async () => {
    const hana = w.as("U0HANA");
    await opened(hana);

    await choose(hana, { topic: "badges" });
    const elsewhere = await shown(hana, "認定バッジはサポートでは発行できません。");

    expect(idsOf(elsewhere)).not.toContain("description");
    expect(elsewhere.submit).toBeUndefined();
    await choose(hana, { topic: "sign-in" });
    const form = await shown(hana, "パスワードを再設定する");
    expect(form.values.topic).toMatchObject({
      [NEW_TICKET_CHANGED]: { selected_option: { value: "sign-in" } },
    });
    const { errors } = await hana.submit(form, { ...typed, ...ASKS });
    expect(errors).toBeUndefined();
  });

  it("keeps what was typed beside a topic of another team, and files nothing", async () => {
    const hana = w.as("U0HANA");
    const form = await opened(hana);
    await hana.choose(form, "subject", typed.subject);
    const before = await countTickets();

    await choose(hana, { topic: "badges" });
    const kept = await shown(hana, "認定バッジはサポートでは発行できません。");
    const { modal } = await hana.submit(kept, { ...typed, ...ASKS });

    const text = textOf(modal?.blocks);
    expect(text).toContain("この種類のお問い合わせは、別の窓口で受け付けています。");
    expect(text).toContain("認定バッジはサポートでは発行できません。");
    expect(modal?.values.description?.description).toMatchObject({ value: typed.description });
    expect(await countTickets()).toBe(before);
  });

  it("asks for nothing beside a topic of another team, and for everything again beside another", async () => {
    const hana = w.as("U0HANA");
    const form = await opened(hana);
    await hana.choose(form, "subject", typed.subject);
    const before = await countTickets();

    await choose(hana, { topic: "badges" });
    const kept = await shown(hana, "認定バッジはサポートでは発行できません。");
    const { modal, errors } = await hana.submit(kept, { subject: typed.subject });

    expect(errors).toBeUndefined();
    expect(textOf(modal?.blocks)).toContain(
      "この種類のお問い合わせは、別の窓口で受け付けています。",
    );
    expect(modal?.values.subject?.subject).toMatchObject({ value: typed.subject });
    expect(await countTickets()).toBe(before);
    await choose(hana, { topic: "sign-in" });
    const again = await shown(hana, "パスワードを再設定する");
    const { errors: missing } = await hana.submit(again);
    expect(Object.keys(missing ?? {})).toContain("description");
  });
});

describe("an urgent ticket", () => {
  const facts = { what: "nothing-works", who: "all", workaround: "none", priority: "urgent" };

  it("needs a reason and a contact", async () => {
    const hana = w.as("U0HANA");
    await opened(hana);
    await choose(hana, { topic: "api", ...facts });
    const form = await shown(hana, "連絡担当者");

    const unreasoned = await hana.submit(form, { ...typed, why: "  ", contact: "U0TOM" });
    expect(unreasoned.errors).toEqual({
      why: "急ぐ理由と、誰がどのくらい困っているかを書いてください。",
    });
    const bare = await hana.submit(form, { ...typed, subject: "  ", why: "  ", contact: "U0GUS" });
    expect(bare.errors).toEqual({
      subject: "件名を入力してください。",
      why: "急ぐ理由と、誰がどのくらい困っているかを書いてください。",
      contact: CONTACT_ADVICE,
    });
    app.simulator.world.changePerson("U0TOM", { deleted: true });
    const nothing = { subject: "  ", description: "  ", why: "  ", contact: "U0TOM" };
    const all = await hana.submit(form, { ...nothing, what: "question" });
    app.simulator.world.changePerson("U0TOM", { deleted: false });
    expect(all.errors).toEqual({
      subject: "件名を入力してください。",
      description: "内容を入力してください。",
      priority: expect.stringContaining("「低」までです。"),
      why: "急ぐ理由と、誰がどのくらい困っているかを書いてください。",
      contact: CONTACT_ADVICE,
    });
    const forged = await hana.submit(form, {
      ...typed,
      what: "nothing-works",
      why: "出荷が止まっています。",
      contact: "U0DLACME",
    });
    expect(forged.errors).toEqual({ contact: CONTACT_ADVICE });
    const guest = await hana.submit(form, {
      ...typed,
      why: "出荷が止まっています。",
      contact: "U0GUS",
    });
    expect(guest.errors).toEqual({ contact: CONTACT_ADVICE });

    const { modal } = await hana.submit(form, {
      ...typed,
      why: "出荷が止まっています。",
      contact: "U0TOM",
    });
    const number = numberIn(textOf(modal?.blocks));
    expect(await ticketOf(number)).toMatchObject({
      priority: "urgent",
      why: "出荷が止まっています。",
      contact_user_id: "U0TOM",
      contact_name: "Tom",
    });
    const card = await w.card(hana, HELP, number);
    expect(textOf(card.blocks)).toContain("連絡担当者：<@U0TOM> さん");
    const triage = await w.triage(number);
    expect(textOf(triage.blocks)).toContain("出荷が止まっています。");
    expect(textOf(triage.blocks)).toContain("連絡担当者：Tom さん");
    expect(textOf(triage.blocks)).toContain("種類：API・Webhook");
  });

  it("shows the fields to whoever submits before the form could, and keeps what was typed", async () => {
    const hana = w.as("U0HANA");
    const form = await opened(hana);
    app.simulator.faults.add({ kind: "slow", method: "views.update", ms: 3000 });
    await hana.choose(form, "priority", "urgent");
    const before = await countTickets();

    const { modal, errors } = await hana.submit(form, { ...typed, topic: "api", ...facts });

    app.simulator.faults.end();
    expect(errors).toBeUndefined();
    const said = textOf(modal?.blocks);
    expect(said).toContain("急ぐ理由と、誰がどのくらい困っているかを書いてください。");
    expect(said).toContain("「緊急」には、");
    expect(modal?.values.subject?.subject).toMatchObject({ value: typed.subject });
    expect(await countTickets()).toBe(before);
    const needed = { why: "出荷が止まっています。", contact: "U0TOM" };
    const filed = await hana.submit(modal, needed);
    expect(numberIn(textOf(filed.modal?.blocks))).toMatch(/^DL-/);
  });

  it("does not take somebody who has left, or whom Slack does not know", async () => {
    const hana = w.as("U0HANA");
    await opened(hana);
    await choose(hana, { topic: "api", ...facts });
    const form = await shown(hana, "連絡担当者");
    app.simulator.world.changePerson("U0TOM", { deleted: true });

    const left = await hana.submit(form, { ...typed, why: "x", contact: "U0TOM" });

    app.simulator.world.changePerson("U0TOM", { deleted: false });
    expect(left.errors).toEqual({ contact: CONTACT_ADVICE });
  });
});

describe("an account on the free plan", () => {
  let free: TestApp;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "deskline-policy-"));
    const example = await readFile("policy.example.yaml", "utf8");
    await writeFile(
      join(folder, "policy.yaml"),
      example.replace("name: Acme\n    plan: paid", "name: Acme\n    plan: free"),
    );
    free = await startTestApp({
      env: { DESKLINE_CONFIG: join(folder, "policy.yaml") },
      paced: false,
    });
    expect(await planOfAcme()).toBe("free");
  });
  afterAll(async () => {
    await free[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it.each([
    ["U0HANA", "無料プランでは、お問い合わせを送信できません。", "パスワードを再設定する"],
    ["U0TOM", "Tickets are part of paid plans.", "Reset a password"],
  ])("gets self-service in the same modal: %s", async (userId, intro, article) => {
    const { as, until } = walk(free);
    const person = as(userId);
    await person.command(HELP, "/ticket", "Question");
    const modal = await until(() =>
      person.modals().find(({ blocks }) => textOf(blocks).includes(intro)),
    );
    expect(textOf(modal.blocks)).toContain("https://community.example.com");
    expect(idsOf(modal)).not.toContain("description");

    await person.choose(modal, "topic", "sign-in");

    await until(() => person.modals().find(({ blocks }) => textOf(blocks).includes(article)));
    expect(await free.db.selectFrom("ticket").select("id").execute()).toEqual([]);
  });

  async function planOfAcme() {
    const { plan } = await free.db
      .selectFrom("account")
      .select("plan")
      .where("id", "=", "acme")
      .executeTakeFirstOrThrow();
    return plan;
  }

  it("files nothing from a form that was open before, and says why", async () => {
    const { as, until } = walk(free);
    const hana = as("U0HANA");
    await free.db.updateTable("account").set({ plan: "paid" }).where("id", "=", "acme").execute();
    await hana.command(HELP, "/ticket", "前から開いていた");
    const form = await until(() => hana.modals().find((view) => idsOf(view).includes("topic")));
    await free.db.updateTable("account").set({ plan: "free" }).where("id", "=", "acme").execute();

    const { errors } = await hana.submit(form, {
      topic: "api",
      description: "今朝からです。",
      what: "question",
      who: "some",
      workaround: "yes",
      priority: "low",
    });

    expect(Object.values(errors ?? {})).toEqual([
      "無料プランでは、お問い合わせを送信できません。/ticket で、利用できるヘルプ記事とコミュニティを見られます。",
    ]);
    expect(await free.db.selectFrom("ticket").select("id").execute()).toEqual([]);
  });
});

describe("an article", () => {
  it("asks whether it helped, counts one vote a person, and lets them change their mind", async () => {
    const [hana, tom] = [w.as("U0HANA"), w.as("U0TOM")];
    await opened(hana);
    await choose(hana, { topic: "sign-in" });
    const form = await shown(hana, "役に立ちましたか？");
    await hana.choose(form, "subject", typed.subject);

    await hana.press(form, "article.helpful");
    await shown(hana, "1人中1人が役に立ったと答えています。");
    await tom.command(HELP, "/ticket", "");
    await w.until(() => tom.modals().at(-1));
    await choose(tom, { topic: "sign-in" });
    await tom.press(tom.modals().at(-1), "article.not-helpful");
    await shown(tom, "1 of 2 people found this helpful");
    await hana.press(hana.modals().at(-1), "article.not-helpful");
    await shown(hana, "2人中0人が役に立ったと答えています。");

    const votes = await app.db.selectFrom("article_vote").select("article_id").execute();
    expect(votes).toHaveLength(2);
    await choose(hana, { what: "question", who: "some", workaround: "yes", priority: "low" });
    const { errors } = await hana.submit(hana.modals().at(-1), { description: typed.description });
    expect(errors).toBeUndefined();
  });
});

type Form = ReturnType<Actor["modals"]>[number];

async function opened(person: Actor): Promise<Form> {
  for (const modal of person.modals()) await person.close(modal);
  await person.command(HELP, "/ticket", "");
  return w.until(() => person.modals().find(({ title }) => title.startsWith("サポート")));
}

/** One after the other, each when the form has changed by the one before. */
async function choose(person: Actor, answers: Record<string, string>): Promise<void> {
  for (const [field, value] of Object.entries(answers)) {
    const form = person.modals().at(-1);
    await person.choose(form, field, value);
    await w.until(() => person.modals().at(-1)?.hash !== form?.hash);
  }
}

async function shown(person: Actor, words: string): Promise<Form> {
  return w.until(() => person.modals().find(({ blocks }) => textOf(blocks).includes(words)));
}

function idsOf({ blocks }: Form): string[] {
  return blocks.map((block) => block.block_id ?? "");
}

function numberIn(text: string): string {
  const number = /DL-\d+/.exec(text)?.[0];
  if (!number) throw new Error(`No number: ${text}`);
  return number;
}

async function ticketOf(number: string) {
  return app.db
    .selectFrom("ticket")
    .selectAll()
    .where("number", "=", Number(number.slice(3)))
    .executeTakeFirstOrThrow();
}

async function countTickets(): Promise<number> {
  return (await app.db.selectFrom("ticket").select("id").execute()).length;
}
