import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { onFaultPoint } from "#fault-points.ts";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { textsOf } from "#text/texts.ts";
import { failAt } from "../support/fail-at.ts";
import { walk } from "../support/ticket-walk.ts";
import {
  type Answer,
  FILLED,
  PATIENT_MS,
  startWebForm,
  untilTrue,
  type WebForm,
} from "../support/web-form.ts";
import { nonceIn, pathIn } from "../support/web-page.ts";

const t = textsOf("ja");

let web: WebForm;
beforeAll(async () => {
  web = await startWebForm();
});
afterAll(() => web[Symbol.asyncDispose]());
afterEach(() => onFaultPoint(undefined));

describe("what was saved although its answer says that it was not is taken once, when it is sent again", () => {
  it("the form", async () => {
    const filled = { ...FILLED, email: "form@acme.example" };

    failAt("web.after-commit");
    const failed = await web.send(filled, { waitMs: PATIENT_MS });
    const again = await web.send(filled, { nonce: nonceIn(failed.body) });

    expect([failed.status, again.status]).toEqual([503, 303]);
    expect(await countOf("web_request", "email", filled.email)).toBe(1);
  });

  it("the press that files it", async () => {
    const email = "press@acme.example";
    await web.send({ ...FILLED, email });
    const path = await web.link(email);

    failAt("web.after-commit");
    const failed = await web.post(path);
    const again = await web.post(path);

    expect([failed.status, again.status]).toEqual([503, 303]);
    expect(await countOf("ticket", "requester_email", email)).toBe(1);
    expect((await web.visit(pathIn(again.headers.get("location") ?? ""))).status).toBe(200);
  });

  it.each([{ step: "inform", body: "ログを付けます" }, { step: "solve" }])(
    "$step, on the ticket's page",
    async (form) => {
      const path = await web.file({ ...FILLED, email: `${form.step}@acme.example` });

      failAt("web.after-commit");
      const failed = await web.write(path, form);
      const again = await sendAgain(path, form, failed);

      expect([failed.status, again.status]).toEqual([503, 303]);
      expect(await countOf("ticket_history", "event", form.step)).toBe(1);
    },
  );
});

it("other words, sent by the form that came back, are another request, with its own mail", async () => {
  const filled = { ...FILLED, email: "other@acme.example" };
  const better = { ...filled, description: "もっとくわしい説明です。" };

  failAt("web.after-commit");
  const failed = await web.send(filled, { waitMs: PATIENT_MS });
  const nonce = nonceIn(failed.body);
  const again = await web.send(better, { nonce });
  await web.send(better, { nonce });

  expect([failed.status, again.status]).toEqual([503, 303]);
  expect(await countOf("web_request", "email", filled.email)).toBe(2);
  await untilTrue(() => web.mail.to(filled.email).length === 2);
});

it("other words, sent by the page that came back, are another reply", async () => {
  const path = await web.file({ ...FILLED, email: "changed@acme.example" });
  const before = await countOf("ticket_history", "event", "inform");

  failAt("web.after-commit");
  const failed = await web.write(path, { step: "inform", body: "ログです" });
  const again = await sendAgain(path, { step: "inform", body: "ログです。もう一つ" }, failed);

  expect(again.status).toBe(303);
  expect(await countOf("ticket_history", "event", "inform")).toBe(before + 2);
});

it("the press on the page that came back after a solved one opens the ticket again", async () => {
  const path = await web.file({ ...FILLED, email: "reopened@acme.example" });

  failAt("web.after-commit");
  const failed = await web.write(path, { step: "solve" });
  await sendAgain(path, { step: "reopen", wrong: "まだ出ます" }, failed);

  const page = (await web.visit(path)).body;
  expect(page).toContain("まだ出ます");
  expect(page).toContain(`<strong>${t.statuses.open}</strong>`);
});

it("that nobody knows whether a mail came is said once, also when a worker died right after saying it", async () => {
  await web.file({ ...FILLED, email: "uncertain@acme.example", name: "Uncertain" });
  const { triage, as, inThread } = walk(web.app);
  const card = await triage("Uncertain、uncertain@acme.example");
  await untilTrue(() => web.mail.to("uncertain@acme.example").length === 2);
  web.mail.trouble.push("lost");
  const reply = await as("U0AKI").pressForModal(card, "ticket.reply");
  await sayToCustomer(as("U0AKI"), reply, { body: "lost answer" });
  await inThread(as("U0AKI"), card, "届いたか分かりません");
  await untilTrue(async () => (await mailJobs()).every(({ done_at }) => done_at));

  await sql`update job set done_at = null, run_at = deskline_now() where name = 'ticket.mail-step'`.execute(
    web.app.db,
  );
  await untilTrue(async () => (await mailJobs()).every(({ done_at }) => done_at));

  expect(await countOf("ticket_history", "event", "mail-uncertain")).toBe(1);
}, 60_000);

function mailJobs() {
  const jobs = web.app.db.selectFrom("job").select("done_at");
  return jobs.where("name", "=", "ticket.mail-step").execute();
}

/** By the button of the page that came back. */
function sendAgain(path: string, form: Record<string, string>, failed: Answer): Promise<Answer> {
  return web.post(path, { ...form, nonce: nonceIn(failed.body) });
}

async function countOf(
  table: "web_request" | "ticket" | "ticket_history",
  column: "email" | "requester_email" | "event",
  value: string,
): Promise<number> {
  const rows = await web.app.db
    .selectFrom(table)
    .select("id")
    .where(column as never, "=", value as never) // each of its own table
    .execute();
  return rows.length;
}
