import { afterAll, beforeAll, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { AGENTS } from "../support/app.ts";
import { walk } from "../support/ticket-walk.ts";
import { FILLED, startWebForm, untilTrue, type WebForm } from "../support/web-form.ts";
import { pathIn } from "../support/web-page.ts";

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

function numberIn(page: string): string {
  return /DL-\d+/.exec(page)?.[0] ?? "";
}
