import { afterAll, beforeAll, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { AGENTS } from "../support/app.ts";
import { walk } from "../support/ticket-walk.ts";
import { FILLED, startWebForm, untilTrue, type WebForm } from "../support/web-form.ts";
import { nonceIn, pathIn } from "../support/web-page.ts";

const t = textsOf("ja");
const ADDRESS = "mika@acme.example";

let web: WebForm;
beforeAll(async () => {
  web = await startWebForm();
});
afterAll(() => web[Symbol.asyncDispose]());

it("shows a visitor who opened the follow-up, what it goes on with, and where the old one goes on", async () => {
  const before = await web.file({ ...FILLED, email: ADDRESS });
  await web.write(before, { step: "solve" });
  const number = numberIn((await web.visit(before)).body);
  const w = walk(web.app);
  const aki = w.as("U0AKI");

  const { ts } = await w.triage(number);
  const triage = () => aki.messages(AGENTS).find((message) => message.ts === ts);
  await untilTrue(() => JSON.stringify(triage()).includes(t.followUp.open));
  const form = await aki.pressForModal(triage() ?? "", t.followUp.open);
  const { errors } = await aki.submit(form, { subject: "また起きた", description: "電話で。" });
  expect(errors).toBeUndefined();
  const mailed = () =>
    web.mail.to(ADDRESS).find(({ text }) => text.includes(`${number}の続きとして`));
  await untilTrue(mailed);

  expect(mailed()?.text).toContain("また起きた\n\n電話で。");
  const after = pathIn(mailed()?.text ?? "");
  const page = (await web.visit(after)).body;
  const next = numberIn(page);
  expect(next).not.toBe(number);
  expect(page).toContain(
    `<p><a href="${web.origin}${before}">${number}</a>の続きとして、サポート担当 Aki が作成しました。</p><p class="typed">電話で。</p>`,
  );
  expect(page).not.toContain(t.web.page.filed);
  const old = (await web.visit(before)).body;
  expect(old).toContain(
    `<p>続きは、<a href="${web.origin}${after}">${next}</a>で対応しています。</p>`,
  );
  expect(old).toContain(t.web.page.filed);

  await web.write(before, { step: "close" });
  const closed = (await web.visit(before)).body;
  expect(closed).toContain(
    `<p>${t.web.page.closedAndFollowed(`<a href="${web.origin}${after}">${next}</a>`)}</p>`,
  );
  expect(closed).not.toContain('href="/request?lang=');
}, 60_000);

it("lets a visitor go on with a closed one in a new request, once however often it is sent", async () => {
  const email = "goes.on@acme.example";
  const before = await closed(email);
  const { body } = await web.visit(before);
  const number = numberIn(body);
  const form = { step: "go-on", next: "また止まりました。", nonce: nonceIn(body) };
  const blank = await web.write(before, { step: "go-on", next: " " });
  expect(blank.status).toBe(422);
  expect(blank.body).toContain(t.web.faultLine(t.web.page.goOnLabel, t.fields.textBlank));

  const sent = await Promise.all([web.post(before, form), web.post(before, form)]);

  expect(sent.map(({ status }) => status)).toEqual([303, 303]);
  const [to, again] = sent.map(({ headers }) => headers.get("location") ?? "");
  expect(again).toBe(to);
  const page = (await web.visit(new URL(to ?? "").pathname)).body;
  const next = numberIn(page);
  expect(page).toContain(
    `<p>${t.web.page.wentOn(`<a href="${web.origin}${before}">${number}</a>`)}</p><p class="typed">また止まりました。</p>`,
  );
  await untilTrue(() => web.mail.to(email).some(({ text }) => text.includes(next)));
  const old = (await web.visit(before)).body;
  expect(old).toContain(`>${next}</a>`);
  expect(old).not.toContain(t.web.page.goOnLabel);
  const w = walk(web.app);
  const said = t.agents.followedUpOnPage("Mika", next);
  await w.inThread(w.as("U0AKI"), await w.triage(number), said);
  expect(JSON.stringify(await w.triage(next))).toContain("また止まりました。");

  const late = await web.write(before, { step: "go-on", next: "もう一度書きます。" });
  expect(late.status).toBe(409);
  expect(late.body).toContain(t.problems["has-follow-up"]({ number, next }));
  expect(late.body).toContain(`<p>${t.web.page.unsent}</p><p class="typed">もう一度書きます。</p>`);
}, 60_000);

it("opens nothing for a visitor on the free plan, or while the ticket has not ended", async () => {
  const open = await web.file({ ...FILLED, email: "open@acme.example" });
  expect((await web.write(open, { step: "go-on", next: "続きです。" })).status).toBe(409);
  await web.write(open, { step: "solve" });
  expect((await web.write(open, { step: "go-on", next: "続きです。" })).status).toBe(409);

  const path = await closed("free@acme.example");
  await setPlan("free");
  const refused = await web.write(path, { step: "go-on", next: "続きです。" });
  await setPlan("paid");

  expect(refused.status).toBe(409);
  expect(refused.body).toContain(t.web.page.notPaid);
  expect(refused.body).toContain("続きです。</textarea>");
  expect((await web.visit(path)).body).toContain(t.web.page.goOnLabel);
}, 60_000);

it("takes no more new requests of one address within the hour than the form does", async () => {
  const path = await web.file({ ...FILLED, email: "often@acme.example" });
  const goOn = () => web.write(path, { step: "go-on", next: "続きです。" });
  for (let n = 0; n < 5; n++) expect((await goOn()).status).toBe(409);

  const refused = await goOn();

  expect(refused.status).toBe(429);
  expect(refused.body).toContain("続きです。</textarea>");
}, 60_000);

async function closed(email: string): Promise<string> {
  const path = await web.file({ ...FILLED, email });
  await web.write(path, { step: "solve" });
  await web.write(path, { step: "close" });
  return path;
}

async function setPlan(plan: "free" | "paid"): Promise<void> {
  await web.app.db.updateTable("account").set({ plan }).where("id", "=", "acme").execute();
}

function numberIn(page: string): string {
  return /DL-\d+/.exec(page)?.[0] ?? "";
}
