import { afterAll, beforeAll, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { textOf, walk } from "../support/ticket-walk.ts";
import { fileTicket } from "../support/tickets.ts";
import { FILLED, startWebForm, untilTrue, type WebForm } from "../support/web-form.ts";
import { pathIn } from "../support/web-page.ts";

const t = textsOf("ja");
const ADDRESS = "mika@acme.example";

let web: WebForm;
beforeAll(async () => {
  web = await startWebForm();
});
afterAll(() => web[Symbol.asyncDispose]());

it("says on the page and by mail where the work on a web ticket goes on, and takes it back", async () => {
  const first = await filed("一つ目");
  const second = await filed("二つ目");
  const w = walk(web.app);
  const aki = w.as("U0AKI");
  const triage = await w.triage(second.number);

  const form = await aki.pressForModal(triage, "統合する…");
  const { errors } = await aki.submit(form, { number: first.number });
  expect(errors).toBeUndefined();

  await untilTrue(() => web.mail.mails.some(({ text }) => text.includes("に統合しました")));
  const mail = web.mail.to(ADDRESS).find(({ text }) => text.includes("に統合しました"));
  expect(mail?.subject).toBe(t.mail.failure(second.number));
  expect(mail?.text).toContain(`このお問い合わせを${first.number}「一つ目」に統合しました。`);
  expect(mail?.text).toContain(first.path);
  expect(mail?.text).not.toContain(second.path);

  const page = (await web.visit(second.path)).body;
  expect(page).toContain(`このお問い合わせを${first.number}「一つ目」に統合しました。`);
  expect(page).toContain(t.merge.onPage(first.number));
  expect(page).toContain(`<strong>${t.statuses.closed}</strong>`);
  expect(page).not.toContain("<form");
  expect((await web.visit(first.path)).body).toContain(
    `${second.number}「二つ目」をこのお問い合わせに統合しました。`,
  );
  expect(web.mail.to(ADDRESS).filter(({ text }) => text.includes("に統合しました"))).toHaveLength(
    1,
  );

  const late = await sent(second.path, { step: "inform", body: "まだ困っています。" });
  expect(late.body).toContain(
    t.problems["is-merged"]({ number: second.number, into: first.number }),
  );
  const rated = await sent(second.path, { step: "rate", score: "good" });
  expect(rated.body).toContain(
    t.problems["is-merged"]({ number: second.number, into: first.number }),
  );

  await aki.press(triage, "統合を取り消す");
  await untilTrue(() => web.mail.mails.some(({ text }) => text.includes("取り消しました")));
  const back = (await web.visit(second.path)).body;
  expect(back).toContain("への統合を取り消しました。");
  expect(back).toContain(t.web.page.send);
}, 60_000);

it("does not go into a ticket in Slack, whose thread the visitor does not see", async () => {
  const own = await filed("Webから");
  const w = walk(web.app);
  const aki = w.as("U0AKI");
  const { number } = await fileTicket(web.app.db, { channelId: HELP });
  const triage = await w.triage(own.number);

  const form = await aki.pressForModal(triage, "統合する…");
  const { errors } = await aki.submit(form, { number });

  expect(errors?.number).toBe(t.problems["merge-unseen"]({ number: own.number, into: number }));
  const shown = aki.messages(AGENTS).find(({ ts }) => ts === triage.ts);
  expect(textOf(shown?.blocks)).not.toContain("統合しました");
}, 60_000);

async function filed(subject: string): Promise<{ path: string; number: string }> {
  const links = () =>
    web.mail.to(ADDRESS).filter(({ subject }) => subject === t.mail.verify.subject);
  const before = links().length;
  await web.send({ ...FILLED, email: ADDRESS, subject });
  await untilTrue(() => links().length > before);
  const confirmed = await web.post(pathIn(links().at(-1)?.text ?? ""));
  const path = pathIn(confirmed.headers.get("location") ?? "");
  const number = /DL-\d+/.exec((await web.visit(path)).body)?.[0] ?? "";
  return { path, number };
}

/** From a page that was opened before the merge. */
async function sent(path: string, typed: Record<string, string>) {
  return web.post(path, { ...typed, nonce: await web.nonce(), language: "ja" });
}
