import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "#simulator/actor.ts";
import type { MessageView } from "#simulator/page/contract.ts";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { passMinutes } from "../support/contract-clock.ts";
import { holdEdits } from "../support/hold-edits.ts";
import { buttonsOf, says, textOf, type Walk, walk } from "../support/ticket-walk.ts";

const URGENT = {
  ...{ topic: "sign-in", subject: "ログインできない", description: "今朝からです。" },
  ...{ what: "nothing-works", who: "all", workaround: "none", priority: "urgent" },
  ...{ why: "全員の仕事が止まっています。", contact: "U0TOM" },
};

const WHY_MISSING = "急ぐ理由と、誰がどのくらい困っているかを書いてください。";

const PATIENT_MS = 60_000; // a turn is several messages, each in a lane of its own

let app: TestApp;
let w: Walk;
const pass = (minutes: number) => passMinutes(app, minutes);
beforeAll(async () => {
  app = await startTestApp({ env: { DESKLINE_CONFIG: "policy.example.yaml" }, paced: false });
  w = walk(app, PATIENT_MS);
});
afterAll(() => app[Symbol.asyncDispose]());

describe("the contact of an urgent ticket", () => {
  it("is asked in their own messages, in their own language, and says that they are there", async () => {
    const { card } = await filed(URGENT);
    const tom = w.as("U0TOM");

    const question = await asked(tom, "named you as the contact");
    expect(textOf(question.blocks)).toContain("全員の仕事が止まっています。");
    expect(buttonsOf(question)).toEqual(["I'm here", "I'm not available"]);
    await tom.press(question, "contact.here");

    await w.inThread(w.as("U0HANA"), card, "さんが連絡担当者として対応します。");
    await w.shows(w.as("U0HANA"), card, "対応できます");
    const thanks = await w.until(() =>
      dmOf(tom).find((each) => each.ts === question.ts && says(each, "Thank you.")),
    );
    expect(buttonsOf(thanks)).toEqual(["I'm no longer available"]);
  });

  it("who does not answer is followed by those of the account; then the fall is announced, held, and comes", async () => {
    const { card, triage } = await filed(URGENT);
    const [hana, dana, aki] = [w.as("U0HANA"), w.as("U0DANA"), w.as("U0AKI")];
    await asked(w.as("U0TOM"), "named you as the contact");

    await pass(15);
    await w.inThread(hana, card, "さんから返事がないため");
    await w.shows(w.as("U0AKI"), triage, "連絡担当者：Hana さん ・ "); // who is asked now
    await asked(hana, "代わりの連絡担当者が必要です"); // the first that the account names
    await pass(15);
    const question = await asked(dana, "needs another contact");
    await press(question, dana, "contact.unavailable");

    const announced = await w.inThread(
      hana,
      card,
      "さんは対応できず、ほかに確認できる人がいません。",
    );
    expect(buttonsOf(announced)).toEqual([]);
    await w.shows(hana, card, "いまは対応できません。");
    const hold = await w.inThread(aki, triage, "優先度を「高」に見直します。");
    expect(buttonsOf(hold)).toEqual(["見直しを保留する"]);
    await holdEdits(app.db, "T0KUMO", async () => {
      await press(hold, aki, "contact.hold");
      await w.inThread(hana, card, "まで保留しました。");
      const late = await w.told(aki, AGENTS, () => aki.press(hold, "contact.hold"));
      expect(late.text).toMatch(/すでに <@U0AKI> さんが.+まで保留しています。/);
    });
    await w.until(() => inThread(aki, triage, "優先度を「高」に見直します。").every(hasNoButtons));
    await pass(240);
    await w.until(() => inThread(hana, card, "優先度を「高」に見直します。").length === 2);
    await pass(30);

    const fell =
      "優先度を「緊急」から「高」に見直しました。理由：連絡担当者として対応できる人がいないため。";
    await w.inThread(hana, card, fell);
    await w.inThread(aki, triage, fell);
    await w.shows(aki, triage, " ・ いまは対応できません");
    await w.shows(aki, triage, fell);

    await press(await asked(dana, "Nobody else is left to ask"), dana, "contact.here");
    await w.inThread(hana, card, "優先度を「高」から「緊急」に見直しました。");
  }, 180_000);
});

describe("a workaround", () => {
  it("that the requester accepts lowers the priority, with the reason", async () => {
    const { card, triage } = await filed(URGENT);
    const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];

    await offer(aki, triage, "別の画面からログインしてください。");
    const offered = await w.inThread(hana, card, "別の画面からログインしてください。");
    expect(buttonsOf(offered)).toEqual(["続けられる", "まだ困っている"]);
    await holdEdits(app.db, "T0ACME", async () => {
      await press(offered, hana, "ticket.accept");
      const again = await w.told(hana, HELP, () => hana.press(offered, "ticket.accept"));
      expect(again.text).toContain("すでに返事がある");
      const late = await w.told(hana, HELP, () => hana.press(offered, "ticket.dispute"));
      expect(late.text).toContain("お問い合わせのスレッドに返信してください。");
      expect(hana.modals()).toEqual([]);
    });

    const reviewed =
      "優先度を「緊急」から「普通」に見直しました。理由：回避策で作業を続けられるため。";
    await w.inThread(hana, card, reviewed);
    await w.inThread(aki, triage, "回避策で作業を続けられます");
    await w.shows(hana, card, "回避策：ある");
    await w.shows(hana, card, reviewed);
    await w.loses(hana, offered);
  });

  it("that does not help is disputed with the reason, and changes nothing", async () => {
    const { card, triage } = await filed(URGENT);
    const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];

    await offer(aki, triage, "別の画面からログインしてください。");
    const offered = await w.inThread(hana, card, "別の画面からログインしてください。");
    const form = await hana.pressForModal(offered, "ticket.dispute");
    await hana.submit(form, { body: "その画面も開きません。" });

    await w.inThread(aki, triage, "その画面も開きません。");
    await w.shows(aki, triage, "緊急");
    await w.loses(hana, offered);
    expect(inThread(hana, card, "優先度を「緊急」から")).toEqual([]);
  });
});

describe("corrected facts", () => {
  it("lower and raise the priority, and the form refuses what they do not support", async () => {
    const { card } = await filed(URGENT);
    const hana = w.as("U0HANA");

    const form = await hana.pressForModal(card, "ticket.facts");
    const { errors } = await hana.submit(form, { who: "some" });
    expect(errors?.priority).toContain("「普通」までです。");
    await hana.submit(hana.modals().at(-1), { who: "some", priority: "normal" });
    await w.inThread(hana, card, "影響の内容を訂正しました");
    await w.inThread(hana, card, "優先度を「緊急」から「普通」に見直しました。");

    const again = await hana.pressForModal(card, "ticket.facts");
    await hana.submit(again, { who: "all", priority: "urgent" });
    const { why, contact } = URGENT;
    const { errors: more } = await hana.submit(hana.modals().at(-1), { why, contact });
    expect(more).toBeUndefined();
    await w.inThread(hana, card, "優先度を「普通」から「緊急」に見直しました。");
    const toldDesk = ["facts", "priority", "facts", "priority"];
    expect(await changesAtDesk(toldDesk.length)).toEqual(toldDesk);
  });

  it("keep the reason and the contact of the ticket while they are not asked for", async () => {
    const { card } = await filed(URGENT);
    const hana = w.as("U0HANA");

    const form = await hana.pressForModal(card, "ticket.facts");
    await hana.submit(form, { who: "some", priority: "normal" });
    await w.inThread(hana, card, "優先度を「緊急」から「普通」に見直しました。");
    const again = await hana.pressForModal(card, "ticket.facts");
    await hana.choose(again, "who", "all");
    await hana.choose(again, "priority", "urgent");

    const asks = await w.until(() => {
      const blocks = JSON.stringify(hana.modals().at(-1)?.blocks);
      return blocks.includes(URGENT.why) && blocks;
    });
    expect(asks).toContain('"initial_user":"U0TOM"');
  });

  it.each([
    ["too high, with blanks and a guest", { who: "some", why: "  ", contact: "U0GUS" }],
    ["too high, with a guest", { who: "some", contact: "U0GUS" }],
    ["with blanks and a bot", { why: "  ", contact: "U0DLACME" }],
  ])("%s have a sentence for each field at once", async (_what, wrong: Record<string, string>) => {
    const { card } = await filed(URGENT);
    const hana = w.as("U0HANA");

    const form = await hana.pressForModal(card, "ticket.facts");
    const { errors } = await hana.submit(form, wrong);

    expect(errors).toEqual({
      ...(wrong.who && { priority: expect.stringContaining("「普通」までです。") }),
      ...(wrong.why && { why: WHY_MISSING }),
      contact: expect.stringContaining("同じ会社のメンバーを選んでください。"),
    });
    await hana.close(hana.modals().at(-1) ?? form);
  });

  it("are open to an agent, who leaves the contact to the requester", async () => {
    const { why: _why, contact: _contact, ...draft } = { ...URGENT, priority: "normal" };
    const { triage } = await filed(draft);
    const aki = w.as("U0AKI");

    const form = await aki.pressForModal(triage, "ticket.facts");
    const { modal } = await aki.submit(form, { priority: "urgent" });
    expect(textOf(modal?.blocks)).toContain(WHY_MISSING);
    expect(textOf(modal?.blocks)).toContain("お問い合わせした人に");
    const blank = await aki.submit(aki.modals().at(-1), { why: "  " });
    expect(blank.errors).toEqual({
      priority: expect.stringContaining("お問い合わせした人に"),
      why: WHY_MISSING,
    });
    const tooHigh = await aki.submit(aki.modals().at(-1), { why: "  ", who: "some" });
    expect(tooHigh.errors).toEqual({
      priority: expect.stringMatching(/「普通」までです。.*\n.*お問い合わせした人に/),
      why: WHY_MISSING,
    });
    const { errors } = await aki.submit(aki.modals().at(-1), {
      ...{ why: "止まっています。", who: "all" },
    });

    expect(errors).toEqual({ priority: expect.stringContaining("お問い合わせした人に") });
  });
});

async function filed(draft: Record<string, string>) {
  const hana = w.as("U0HANA");
  for (const modal of hana.modals()) await hana.close(modal);
  await hana.command(HELP, "/ticket", "");
  const form = await w.until(() => hana.modals().at(-1));
  const { why, contact, ...first } = draft;
  const more = { ...(why && { why }), ...(contact && { contact }) };
  if (why) await hana.choose(form, "priority", draft.priority ?? "");
  const open = await w.until(() =>
    hana.modals().find(({ blocks }) => !why || blocks.some((block) => block.block_id === "why")),
  );
  const { modal, errors } = await hana.submit(open, { ...first, ...more });
  const number = /DL-\d+/.exec(textOf(modal?.blocks))?.[0];
  if (!number) throw new Error(`No number: ${JSON.stringify(errors ?? textOf(modal?.blocks))}`);
  await hana.close(modal);
  return { number, card: await w.card(hana, HELP, number), triage: await w.triage(number) };
}

async function offer(aki: Actor, triage: MessageView, body: string): Promise<void> {
  const form = await aki.pressForModal(triage, "ticket.offer");
  await sayToCustomer(aki, form, { body, helps: "yes" });
}

/** The newest message of the app to this person that says it. */
async function asked(person: Actor, words: string): Promise<MessageView> {
  return w.until(() => dmOf(person).findLast((each) => says(each, words)));
}

function dmOf(person: Actor): MessageView[] {
  const dm = person.dm();
  return dm ? person.messages(dm) : [];
}

function inThread(person: Actor, root: MessageView, words: string): MessageView[] {
  return person.thread(root.channel, root.ts).filter((each) => says(each, words));
}

function hasNoButtons(message: MessageView): boolean {
  return buttonsOf(message).length === 0;
}

async function press(message: MessageView, person: Actor, button: string): Promise<void> {
  await person.press(message, button);
}

/** What the desk was told last, of which there are to be so many. */
async function changesAtDesk(count: number): Promise<unknown[]> {
  for (;;) {
    const rows = await app.db
      .selectFrom("desk_change")
      .select("change")
      .orderBy("seq", "desc")
      .limit(count)
      .execute();
    const kinds = rows.map(({ change }) => change.kind).toReversed();
    if (kinds.length === count && kinds.at(0) === "facts") return kinds;
    await sleep(50);
  }
}
