import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { openFollowUp } from "#tickets/follow-up.ts";
import { findTicket } from "#tickets/store.ts";
import { passMinutes } from "../support/contract-clock.ts";
import { walk } from "../support/ticket-walk.ts";
import { FILLED, startWebForm, untilTrue, type WebForm } from "../support/web-form.ts";

const DAY = 24 * 60;

let web: WebForm;
beforeAll(async () => {
  web = await startWebForm();
});
afterAll(() => web[Symbol.asyncDispose]());

it("has one line on the page for each event of a ticket's life, in both languages", async () => {
  const path = await web.file({ ...FILLED, email: "life@acme.example" });
  await web.write(path, { step: "solve" });
  await web.write(path, { step: "reopen", wrong: "まだ出ます。" });
  await solve(path);
  await web.write(path, { step: "close" });
  const next = await followUp("life@acme.example");

  expect(await lines(`${path}?lang=ja`)).toEqual([
    "お問い合わせを受け付けました。",
    "Mika さんが解決にしました。",
    "Mika さんが再開しました。 | まだ出ます。",
    "サポート担当 Aki が解決にしました。",
    "Mika さんが解決を確認し、お問い合わせを終了しました。",
    `サポート担当 Aki が、このお問い合わせの続きとして${next}を作成しました。`,
  ]);
  expect(await lines(`${path}?lang=en`)).toEqual([
    "Your request has reached support.",
    "Mika solved this.",
    "Mika reopened this. | まだ出ます。",
    "Aki (support) solved this.",
    "Mika said that it is fixed. The request is closed.",
    `Aki (support) opened ${next}, which goes on with this.`,
  ]);
}, 60_000);

it("says on the page that silence closed it", async () => {
  const path = await web.file({ ...FILLED, email: "silent@acme.example" });
  await solve(path);
  await passMinutes(web.app, 5 * DAY + 5);
  await untilTrue(() => web.mail.to("silent@acme.example").length === 4);

  await passMinutes(web.app, 2 * DAY + 5);

  const closed = textsOf("ja").mail.step.line.close();
  await untilTrue(async () => (await lines(path)).includes(closed));
  const own = await lines(path);
  expect(own).toHaveLength(4);
  expect([own[1], own[3]]).toEqual(["サポート担当 Aki が解決にしました。", closed]);
}, 60_000);

async function solve(path: string): Promise<void> {
  const { as, triage, shows } = walk(web.app);
  const aki = as("U0AKI");
  const [number = ""] = /DL-\d+/.exec((await web.visit(path)).body) ?? [];
  await aki.press(await shows(aki, await triage(number), "解決にする"), "ticket.solve");
  const { yes } = textsOf("ja").ending;
  await untilTrue(async () => (await web.visit(`${path}?lang=ja`)).body.includes(yes));
}

async function followUp(email: string): Promise<string> {
  const ref = await web.app.db
    .selectFrom("ticket")
    .select(["account_id as accountId", "id as ticketId"])
    .where("requester_email", "=", email)
    .executeTakeFirstOrThrow();
  const { number } = await openFollowUp(web.app.db, await findTicket(web.app.db, ref), {
    ...{ subject: "また起きた", description: "電話で。" },
    by: { kind: "agent", userId: "U0AKI", name: "Aki" },
    delivery: { source: "slack.view", key: randomUUID() },
  });
  return number;
}

/** Of the conversation: what stands under each one's time, with a bar between two paragraphs. */
async function lines(path: string): Promise<string[]> {
  const { body } = await web.visit(path);
  const [, list = ""] = /<ol class="entries">(.*?)<\/ol>/s.exec(body) ?? [];
  return list
    .split("</li>")
    .slice(0, -1)
    .map((entry) =>
      [...entry.matchAll(/<p(?: class="typed")?>(.*?)<\/p>/gs)]
        .map(([, words = ""]) => words.replaceAll(/<[^>]+>/g, ""))
        .join(" | "),
    );
}
