import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { textsOf } from "#text/texts.ts";
import { passMinutes } from "../support/contract-clock.ts";
import { buttonsOf, says, type Walk, walk } from "../support/ticket-walk.ts";
import { FILLED, startWebForm, untilTrue, type WebForm } from "../support/web-form.ts";
import { pathIn } from "../support/web-page.ts";

const t = textsOf("ja");
const PATIENT_MS = 60_000;

const URGENT = {
  ...FILLED,
  ...{ what: "nothing-works", who: "all", workaround: "none", priority: "urgent" },
  ...{ why: "全員の仕事が止まっています。", contactName: "Kenta" },
};

let web: WebForm;
let w: Walk;
let people = 0;
beforeAll(async () => {
  web = await startWebForm();
  w = walk(web.app, PATIENT_MS);
});
afterAll(() => web[Symbol.asyncDispose]());

describe("a contact who was named on the web form", () => {
  it("is asked by a mail without a typed word, and answers on a page of their own", async () => {
    const { path, contact, number } = await fileUrgent();
    const mail = await question(contact);
    expect(mail.subject).toBe(t.mail.contact.subject(number));
    expect(mail.text).toMatch(/20\d\d年\d+月\d+日 \d\d:\d\d（JST）までに/);
    for (const typed of ["Kenta", "Mika", URGENT.why, FILLED.subject])
      expect(mail.text).not.toContain(typed);

    const asks = pathIn(mail.text);
    expect(asks).toMatch(/^\/request\/contact\/[\w-]{43}$/);
    const looked = await web.visit(asks);
    expect(looked.body).toContain("Mika さんが、お問い合わせ「");
    expect(looked.body).toContain(URGENT.why);
    expect(await stateOf(number)).toMatchObject({ contact_state: "asking", priority: "urgent" });

    expect((await web.write(asks, { says: "here", language: "ja" })).status).toBe(303);
    expect(await stateOf(number)).toMatchObject({ contact_state: "present" });
    const answered = (await web.visit(`${asks}?lang=ja`)).body;
    expect(answered).toContain(t.web.contact.thanks);
    expect(answered).toContain(t.contact.noLonger);
    const page = (await web.visit(path)).body;
    expect(page).toContain("Kenta さんに連絡担当者をお願いしています。");
    expect(page).toContain("Kenta さんが連絡担当者として対応します。");
    const triage = await w.triage(number);
    await w.inThread(w.as("U0AKI"), triage, "さんが連絡担当者として対応します。");
    await w.shows(w.as("U0AKI"), triage, `連絡担当者：Kenta さん（${contact}）`);
  });

  it("who says nothing is followed by those of the account; with nobody there, the priority falls and rises again", async () => {
    const { path, contact, number } = await fileUrgent();
    const asks = pathIn((await question(contact)).text);

    await passMinutes(web.app, 15);
    const [hana, dana] = [w.as("U0HANA"), w.as("U0DANA")];
    await asked(hana);
    await passMinutes(web.app, 15);
    await asked(dana);
    await passMinutes(web.app, 15);
    await untilTrue(async () => (await stateOf(number)).contact_state === "falling");
    await passMinutes(web.app, 30);
    await untilTrue(async () => (await stateOf(number)).priority === "high");
    await untilTrue(() =>
      web.mail.to(addressOf(path)).some(({ text }) => /（JST）までに確認できなければ/.test(text)),
    );
    const fell = "優先度を「緊急」から「高」に見直しました。理由：連絡担当者と連絡が取れないため。";
    expect((await web.visit(path)).body).toContain(fell);
    await untilTrue(() => web.mail.to(addressOf(path)).some(({ text }) => text.includes(fell)));

    expect((await web.visit(asks)).body).not.toContain(t.contact.answerBy(""));
    expect((await web.write(asks, { says: "here" })).status).toBe(303);
    expect(await stateOf(number)).toMatchObject({
      contact_state: "present",
      priority: "urgent",
      contact_email: contact,
      contact_user_id: null,
    });
  }, 180_000);

  it("whose address nobody reads is passed over at once", async () => {
    web.mail.nobody.add("gone@acme.example");
    const { number } = await fileUrgent("gone@acme.example");
    await untilTrue(async () => (await stateOf(number)).contact_user_id === "U0HANA");
    expect(await stateOf(number)).toMatchObject({ contact_state: "asking", contact_email: null });
  });

  it("answers once for a press that comes twice, and nothing from another site or of another kind", async () => {
    const { contact, number } = await fileUrgent();
    const asks = pathIn((await question(contact)).text);
    const elsewhere = await web.post(asks, { says: "here" }, { "sec-fetch-site": "cross-site" });
    expect(elsewhere.status).toBe(403);
    expect((await web.write(asks, { says: "maybe" })).status).toBe(422);
    expect((await web.post(asks, { says: "here", nonce: "1" })).status).toBe(422);
    expect(await stateOf(number)).toMatchObject({ contact_state: "asking" });
    expect((await web.visit(asks.replace(/.{5}$/, "AAAAA"))).status).toBe(404);
    expect((await web.visit(asks.replace("contact/", ""))).status).toBe(404);
    expect((await web.visit(asks.replace("contact/", "confirm/"))).status).toBe(404);

    expect((await web.write(asks, { says: "unavailable" })).status).toBe(303);
    expect((await web.visit(`${asks}?lang=en`)).body).toContain("Somebody else will be asked");
    expect(await stateOf(number)).toMatchObject({ contact_user_id: "U0HANA" });
  });

  it("is left alone once the ticket is solved", async () => {
    const { path, contact, number } = await fileUrgent();
    const asks = pathIn((await question(contact)).text);
    await web.write(path, { step: "solve" });
    await untilTrue(async () => (await stateOf(number)).contact_state === "off");

    const page = (await web.visit(`${asks}?lang=ja`)).body;
    expect(page).toContain(t.problems["contact-not-needed"]({ number }));
    expect(page).not.toContain(t.contact.here);
    expect((await web.post(asks, { says: "here" })).status).toBe(422);
  });
});

describe("a workaround that is offered to a visitor", () => {
  it("is mailed, stands on the page, and lowers the priority when it is accepted", async () => {
    const { path, number } = await fileUrgent();
    await offered(path, number, "別の画面から<b>ログイン</b>してください。");
    const page = (await web.visit(path)).body;
    expect(page).toContain("別の画面から&lt;b&gt;ログイン&lt;/b&gt;してください。");
    const offer = offerIn(page);

    expect((await web.write(path, { step: "accept", offer })).status).toBe(303);
    await untilTrue(async () => (await stateOf(number)).priority === "normal");
    const after = (await web.visit(path)).body;
    expect(after).toContain("Mika さんは、回避策で作業を続けられます。");
    expect(after).not.toContain('name="offer"');
    expect((await web.write(path, { step: "accept", offer })).status).toBe(409);
    await w.inThread(w.as("U0AKI"), await w.triage(number), "回避策で作業を続けられます");
  });

  it("is disputed with the reason, and never without one", async () => {
    const { path, number } = await fileUrgent();
    await offered(path, number, "別の画面からログインしてください。");
    const offer = offerIn((await web.visit(path)).body);

    const blank = await web.write(path, { step: "dispute", offer, stuck: " " });
    expect([blank.status, blank.body.includes("<details open>")]).toEqual([422, true]);
    expect(blank.body).toContain('href="#stuck"');
    for (const made of ["", "x", "'; drop table ticket; --", crypto.randomUUID()])
      expect((await web.write(path, { step: "accept", offer: made })).status).toBe(409);

    const stuck = "その画面も開きません。";
    expect((await web.write(path, { step: "dispute", offer, stuck })).status).toBe(303);
    await w.inThread(w.as("U0AKI"), await w.triage(number), stuck);
    expect((await web.visit(path)).body).toContain(stuck);
    expect(await stateOf(number)).toMatchObject({ priority: "urgent" });
  });

  it("loses no word that was typed against one that was answered meanwhile", async () => {
    const { path, number } = await fileUrgent();
    await offered(path, number, "別の画面からログインしてください。");
    const offer = offerIn((await web.visit(path)).body);
    await web.write(path, { step: "accept", offer });

    const late = await web.write(path, { step: "dispute", offer, stuck: "やはり開きません。" });
    expect(late.status).toBe(409);
    expect(late.body).toContain(t.web.page.offerAnswered);
    expect(late.body).toMatch(/<textarea id="body"[^>]*>\nやはり開きません。<\/textarea>/);

    await offered(path, number, "もう一つの画面からログインしてください。");
    const second = offerIn((await web.visit(path)).body);
    await web.write(path, { step: "solve" });
    const solved = await web.write(path, { step: "dispute", offer: second, stuck: "まだです。" });
    expect(solved.status).toBe(409);
    expect(solved.body).toMatch(/<textarea id="body"[^>]*>\nまだです。<\/textarea>/);

    await web.write(path, { step: "close" });
    const tooLate = await web.write(path, { step: "inform", body: "もう一言。" });
    expect(tooLate.status).toBe(409);
    expect(tooLate.body).toMatch(/<textarea id="next"[^>]*>\nもう一言。<\/textarea>/);
  });
});

describe("facts that a visitor corrects", () => {
  it("lower and raise the priority, with the contact asked again only when it is needed", async () => {
    const { path, contact, number } = await fileUrgent();
    await question(contact);
    const facts = path.replace("/request/", "/request/facts/");
    expect((await web.visit(path)).body).toContain(`href="${facts}?lang=ja"`);
    const form = (await web.visit(facts)).body;
    for (const kept of [URGENT.why, contact, "Kenta"]) expect(form).toContain(kept);
    const { what, workaround, why, contactName } = URGENT;
    const now = { what, workaround, why, contactName, contactEmail: contact };

    const tooHigh = await web.write(facts, { ...now, who: "some", priority: "urgent" });
    expect([tooHigh.status, tooHigh.body.includes("「普通」までです。")]).toEqual([422, true]);
    expect((await stateOf(number)).priority).toBe("urgent");

    const lower = await web.write(facts, { ...now, who: "some", priority: "normal" });
    expect([lower.status, lower.headers.get("location")]).toEqual([303, `${path}?lang=ja`]);
    expect(await stateOf(number)).toMatchObject({ priority: "normal", contact_state: "off" });
    expect((await web.visit(path)).body).toContain("影響の内容を訂正しました");
    await w.inThread(w.as("U0AKI"), await w.triage(number), "影響の内容を訂正しました");

    const nobody = { contactName: "", contactEmail: "" };
    const missing = await web.write(facts, { ...now, ...nobody, who: "all", priority: "urgent" });
    expect([missing.status, missing.body.includes('href="#contactName"')]).toEqual([422, true]);
    const other = `rin-${contact}`;
    const higher = {
      ...now,
      who: "all",
      priority: "urgent",
      contactName: "Rin",
      contactEmail: other,
    };
    expect((await web.write(facts, higher)).status).toBe(303);
    expect(await stateOf(number)).toMatchObject({ priority: "urgent", contact_email: other });
    expect((await question(other)).text).toContain("/request/contact/");
    await untilTrue(() =>
      web.mail.to(addressOf(path)).some(({ text }) => text.includes("「緊急」")),
    );
    const told = web.mail
      .to(addressOf(path))
      .filter(({ text }) => text.includes("影響の内容を訂正しました"));
    expect(told).toEqual([]); // what they did themselves is not mailed to them
  });

  it("are closed with the ticket, and to whoever has no page", async () => {
    const { path } = await fileUrgent();
    const facts = path.replace("/request/", "/request/facts/");
    await web.write(path, { step: "solve" });
    const closed = await web.visit(facts);
    expect([closed.status, closed.headers.get("location")?.startsWith(path)]).toEqual([303, true]);
    expect((await web.visit(path)).body).not.toContain("/request/facts/");
    expect((await web.visit(facts.replace(/.{5}$/, "AAAAA"))).status).toBe(404);
  });
});

const addresses = new Map<string, string>();

async function fileUrgent(contact = `kenta${people}@acme.example`) {
  people += 1;
  const email = `mika${people}@acme.example`;
  const path = await web.file({ ...URGENT, email, contactEmail: contact });
  addresses.set(path, email);
  const { number } = await web.app.db
    .selectFrom("ticket")
    .select("number")
    .where("requester_email", "=", email)
    .executeTakeFirstOrThrow();
  return { path, contact, number: `DL-${number}` };
}

function addressOf(path: string): string {
  return addresses.get(path) ?? "";
}

async function question(contact: string) {
  await untilTrue(() => web.mail.to(contact).length > 0, PATIENT_MS);
  const [mail] = web.mail.to(contact);
  if (!mail) throw new Error("it was there a moment ago");
  return mail;
}

async function asked(person: ReturnType<Walk["as"]>): Promise<void> {
  const message = await w.until(() =>
    person.messages(person.dm() ?? "").findLast((each) => says(each, "Mika")),
  );
  expect(buttonsOf(message)).toHaveLength(2);
}

async function offered(path: string, number: string, body: string): Promise<void> {
  const aki = w.as("U0AKI");
  const form = await aki.pressForModal(await w.triage(number), "ticket.offer");
  await sayToCustomer(aki, form, { body, helps: "yes" });
  const { subject } = t.mail.step;
  const isTold = () =>
    web.mail.to(addressOf(path)).some((each) => each.subject === subject.offer(number));
  await untilTrue(isTold, PATIENT_MS);
}

function offerIn(page: string): string {
  return /name="offer" value="([^"]+)"/.exec(page)?.[1] ?? "";
}

/** As the table has it now. */
async function stateOf(number: string) {
  await sleep(10);
  return web.app.db
    .selectFrom("ticket")
    .select(["contact_state", "priority", "contact_email", "contact_user_id"])
    .where("number", "=", Number(number.slice(3)))
    .executeTakeFirstOrThrow();
}
