import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { textsOf } from "#text/texts.ts";
import { AGENTS } from "../support/app.ts";
import { passMinutes } from "../support/contract-clock.ts";
import { buttonsOf, says, textOf, walk } from "../support/ticket-walk.ts";
import { FILLED, PATIENT_MS, startWebForm, untilTrue, type WebForm } from "../support/web-form.ts";
import { nonceIn, pathIn } from "../support/web-page.ts";

const t = textsOf("ja");
const DAY = 24 * 60;

let web: WebForm;
beforeAll(async () => {
  web = await startWebForm();
});
afterAll(() => web[Symbol.asyncDispose]());

describe("the web form", () => {
  it("files nothing and mails one fixed text, until the link's button is pressed", async () => {
    const name = "<!channel> http://evil.example";
    const hostile = { ...FILLED, email: "One@Acme.example", name };
    const address = "one@acme.example";
    const sent = await web.send(hostile);
    expect([sent.status, sent.headers.get("location")]).toEqual([303, "/request/sent?lang=ja"]);
    await untilTrue(() => web.mail.to(address).length > 0);
    const [mail] = web.mail.to(address);
    expect(mail?.text.replace(/http:\S+/, "URL").trim()).toBe(t.mail.verify.text("URL").trim());
    expect([mail?.subject, mail?.from]).toEqual([t.mail.verify.subject, "support@vendor.example"]);

    const path = await web.link(address);
    const looked = await Promise.all([web.visit(path), web.visit(path, { method: "HEAD" })]);
    expect(looked.map(({ status }) => status)).toEqual([200, 200]);
    expect(looked[0]?.body).toContain("&lt;!channel&gt; http://evil.example");
    expect(await countTickets()).toBe(0);

    const [first, second] = await Promise.all([web.post(path), web.post(path)]);
    expect(first.status).toBe(303);
    expect(first.headers.get("location")).toBe(second.headers.get("location"));
    expect(await countTickets()).toBe(1);
    await untilTrue(() => web.mail.to(address).length === 2);
    expect(web.mail.mails).toHaveLength(2);
  });

  it("says at the link that it was sent, with its number and its page, and asks no more", async () => {
    const path = await web.file({ ...FILLED, email: "again@acme.example" });
    const { number } = await web.app.db
      .selectFrom("ticket")
      .select("number")
      .where("requester_email", "=", "again@acme.example")
      .executeTakeFirstOrThrow();
    const link = await linkOf("again@acme.example");

    const { status, body } = await web.visit(link);

    expect(status).toBe(200);
    expect(body).toContain(t.web.confirm.sent(`DL-${number}`));
    expect(body).toContain(`${path}?lang=ja"`);
    expect(body).not.toContain(t.web.confirm.send);
    const again = await web.post(link);
    expect([again.status, again.headers.get("location")?.endsWith(path)]).toEqual([303, true]);
  });

  it("reads bytes that are no UTF-8 as the replacement character, as the standard for forms says", async () => {
    const email = "bytes@acme.example";
    const nonce = await web.nonce();
    const fields = new URLSearchParams({ ...FILLED, email, nonce, subject: "", language: "ja" });
    const body = `${fields}`.replace("subject=", "subject=a%ED%A0%80b");
    await sleep(PATIENT_MS);
    const headers = {
      "sec-fetch-site": "same-origin",
      "content-type": "application/x-www-form-urlencoded",
    };

    const { status } = await web.visit("/request", { method: "POST", body, headers });

    expect(status).toBe(303);
    expect((await web.visit(await web.link(email))).body).toContain("a\ufffd\ufffd\ufffdb");
  });

  it("sends one mail for a form that is sent twice", async () => {
    const filled = { ...FILLED, email: "twice@acme.example" };
    const nonce = nonceIn((await web.visit("/request")).body);

    await web.send(filled, { nonce, waitMs: PATIENT_MS });
    await web.send(filled, { nonce });
    await web.send({ ...FILLED, email: "after@acme.example" });
    await untilTrue(() => web.mail.to("after@acme.example").length > 0);

    expect(web.mail.to(filled.email)).toHaveLength(1);
  });

  it("asks nobody who solved it themselves, and closes it without a warning", async () => {
    const address = "own@acme.example";
    const path = await web.file({ ...FILLED, email: address });
    await web.write(path, { step: "solve" });

    await passMinutes(web.app, 6 * DAY);
    await passMinutes(web.app, DAY + 5);

    await untilTrue(async () => (await web.visit(path)).body.includes(t.web.page.rate));
    await untilTrue(() => web.mail.to(address).some(({ subject }) => subject.includes("終了")));
    expect(
      web.mail
        .to(address)
        .map(({ text }) => text)
        .join(),
    ).not.toContain("問題は解消しましたか");
  });

  it("goes from the form to a solved ticket, by mail and by page, without any place in Slack", async () => {
    const address = "mika@acme.example";
    const path = await web.file({ ...FILLED, email: address });
    const { triage, as, inThread, shows } = walk(web.app);
    const aki = as("U0AKI");
    const card = await triage("Mika、mika@acme.example（フォームから）");
    expect(says(card, "Acme")).toBe(true);
    expect(buttonsOf(card)).toEqual([
      ...["担当する", "返信する", "お客様に質問する"],
      ...["回避策を伝える", "解決にする", "影響の内容を訂正"],
    ]);
    expect(web.app.simulator.world.messages().filter(({ channel }) => channel !== AGENTS)).toEqual(
      [],
    );

    const reply = await aki.pressForModal(card, "ticket.reply");
    await sayToCustomer(aki, reply, {
      body: "復旧しました。<b>いかがですか</b> https://docs.example/a",
    });
    await untilTrue(() => web.mail.to(address).length === 3);
    const mail = web.mail.to(address)[2];
    expect(mail?.subject).toMatch(/^DL-\d+ サポートからの返信$/);
    expect(mail?.text).toContain("復旧しました。<b>いかがですか</b>");
    expect(mail?.text).toContain(path);
    const page = (await web.visit(path)).body;
    expect(page).toContain("復旧しました。&lt;b&gt;いかがですか&lt;/b&gt; <a href=");
    expect(page).toContain('href="https://docs.example/a" rel="noreferrer nofollow"');
    expect(page).toContain(`<strong>${t.statuses.open}</strong>`);

    await web.write(path, { step: "inform", body: "直りました。<!channel>" });
    await inThread(aki, card, "直りました。");
    const told = aki
      .thread(AGENTS, card.ts)
      .map((message) => textOf(message.blocks))
      .join();
    expect(told).not.toContain("<!channel>");

    expect((await web.write(path, { step: "solve" })).status).toBe(303);
    await shows(aki, card, t.triage.reopen);
    expect((await web.visit(path)).body).toContain(`<strong>${t.statuses.solved}</strong>`);
    expect((await web.write(path, { step: "solve" })).status).toBe(409);
    const settled = (await web.visit(path)).body;
    expect(settled).toContain(t.web.page.settled);
    expect(settled).not.toContain(t.web.page.isSolved);

    const blank = await web.write(path, { step: "reopen", wrong: " " });
    expect([blank.status, blank.body.includes('<details class="near" open>')]).toEqual([422, true]);
    expect((await web.write(path, { step: "reopen", wrong: "また出ます。" })).status).toBe(303);
    await inThread(aki, card, "また出ます。");
    const open = (await web.visit(path)).body;
    expect(open).toContain(`<strong>${t.statuses.open}</strong>`);
    expect(open).toContain("また出ます。");
    expect((await web.write(path, { step: "close" })).status).toBe(409);

    await aki.press(await triage("Mika、mika@acme.example（フォームから）"), "ticket.solve");
    await untilTrue(async () => (await web.visit(path)).body.includes(t.ending.yes));
    const question = (await web.visit(path)).body;
    expect(question.indexOf(`<h2>${t.web.page.isSolved}</h2>`)).toBeLessThan(
      question.indexOf(t.web.page.history),
    );
    expect(question.indexOf(t.ending.yes)).toBeLessThan(question.indexOf(t.ending.notYet));
    await untilTrue(() => web.mail.to(address).length === 4);
    expect((await web.write(path, { step: "close" })).status).toBe(303);
    const closed = (await web.visit(path)).body;
    expect(closed).toContain(`<strong>${t.statuses.closed}</strong>`);
    expect(closed).toContain(t.web.page.rate);
    expect(closed.indexOf(t.ending.bad)).toBeLessThan(closed.indexOf(t.ending.wordsLabel));
    expect(closed).toContain(`${t.ending.wordsLabel}<span class="need">${t.web.optional}</span>`);
    const unchosen = await web.write(path, { step: "rate", words: "Slow & late." });
    expect(unchosen.status).toBe(422);
    expect(unchosen.body).toContain(t.web.faultLine(t.web.page.rate, t.fields.choose));
    expect(unchosen.body).toContain("Slow &amp; late.</textarea>");
    const rate = { step: "rate", score: "bad" };
    expect((await web.write(path, { ...rate, words: "x".repeat(1001) })).status).toBe(422);
    expect((await web.write(path, { ...rate, words: "Slow & late." })).status).toBe(303);
    const rated = (await web.visit(path)).body;
    expect(rated).toContain(t.web.page.rated(t.ending.bad));
    expect(rated).toContain("Slow &amp; late.");
    expect(rated).toContain(t.ending.thanks(t.ending.bad));
    expect(rated).toContain('value="bad" checked');
    await inThread(aki, card, "Slow &amp; late.");
    await web.write(path, { step: "rate", score: "good" });
    const changed = (await web.visit(path)).body;
    expect(changed).toContain(t.ending.thanks(t.ending.good));
    expect(changed).toContain(t.web.page.rated(t.ending.good));
    expect(changed).not.toContain(t.web.page.rated(t.ending.bad));
    expect(changed).toContain("Slow &amp; late.");
    expect(web.mail.to(address)).toHaveLength(4); // what they did themselves is not mailed to them

    const { id, ...asked } = await web.app.db
      .selectFrom("ticket")
      .select(["id", "account_id", "requester_email", "asked_team_id", "requester_user_id"])
      .where("requester_email", "=", address)
      .executeTakeFirstOrThrow();
    expect(asked).toEqual({
      account_id: "acme",
      requester_email: address,
      asked_team_id: null,
      requester_user_id: null,
    });
    const filed = await web.app.db
      .selectFrom("desk_ticket")
      .select("ticket")
      .where("ticket_id", "=", id)
      .executeTakeFirstOrThrow();
    expect(filed.ticket.requester).toEqual({ name: "Mika", email: address });
  });
});

/** Of the first mail, which asks to confirm. */
async function linkOf(address: string): Promise<string> {
  await untilTrue(() => web.mail.to(address).length > 0);
  return pathIn(web.mail.to(address)[0]?.text ?? "");
}

async function countTickets(): Promise<number> {
  return (await web.app.db.selectFrom("ticket").select("id").execute()).length;
}
