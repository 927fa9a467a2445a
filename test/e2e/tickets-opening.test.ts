import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Problem } from "#errors.ts";
import { signedHeaders } from "#simulator/sign.ts";
import { textsOf } from "#text/texts.ts";
import { HELP, startTestApp, type TestApp } from "../support/app.ts";
import { startSecondApp } from "../support/second-app.ts";
import { FACTS, textOf, type Walk, walk } from "../support/ticket-walk.ts";

const SLOW_MS = 2600;
const AT_ONCE_MS = 900; // well below the slowness and the second a quick question takes
const JAPANESE = "サポートへのお問い合わせ";

let app: TestApp;
let w: Walk;
beforeEach(async () => {
  app = await startTestApp({ mode: "http", paced: false });
  w = walk(app);
});
afterEach(() => app[Symbol.asyncDispose]());

describe("the refusal of somebody who is met for the first time", () => {
  const refusal = (language: "ja" | "en") =>
    textsOf(language).problem(new Problem("not-the-requester", {}));

  it("comes in their language, when a button is pressed", async () => {
    const [hana, tom] = [w.as("U0HANA"), w.as("U0TOM")];
    const card = await w.card(tom, HELP, await w.file(tom, HELP, "Slow"));

    const told = await w.told(hana, HELP, () => hana.press(card, "ticket.inform"));

    expect(textOf(told.blocks)).toBe(refusal("ja"));
  });

  it("comes in time and in English while Slack is slow to say who they are", async () => {
    const [hana, tom] = [w.as("U0HANA"), w.as("U0TOM")];
    const card = await w.card(tom, HELP, await w.file(tom, HELP, "Slow"));
    app.simulator.faults.add({ kind: "slow", method: "users.info", ms: SLOW_MS });

    const told = await w.told(hana, HELP, () => hana.press(card, "ticket.inform"));

    expect(textOf(told.blocks)).toBe(refusal("en"));
  });

  it("asks Slack nothing where the person is known", async () => {
    const [hana, tom] = [w.as("U0HANA"), w.as("U0TOM")];
    const card = await w.card(tom, HELP, await w.file(tom, HELP, "Slow"));
    await w.told(hana, HELP, () => hana.press(card, "ticket.inform"));
    app.simulator.faults.add({ kind: "500", method: "users.info" });

    const told = await w.told(hana, HELP, () => hana.press(card, "ticket.inform"));

    expect(textOf(told.blocks)).toBe(refusal("ja"));
  });
});

describe("the form", () => {
  it("stands at once while Slack is slow to say who asked, and turns into their language then", async () => {
    const hana = w.as("U0HANA");
    app.simulator.faults.add({ kind: "slow", method: "users.info", ms: SLOW_MS });

    const took = await timed(() => hana.command(HELP, "/ticket", "ログインできない"));

    expect(took).toBeLessThan(AT_ONCE_MS);
    expect(hana.modals()).toMatchObject([{ title: "Submit a ticket" }]);
    const form = await w.until(() => hana.modals().find(({ title }) => title === JAPANESE));
    expect(JSON.stringify(form.blocks)).toContain("ログインできない");
  });

  it("stands at once from the Home tab, too", async () => {
    const hana = w.as("U0HANA");
    await hana.openHome();
    await w.until(() => hana.home());
    await app.db.deleteFrom("person").execute();
    await using _restarted = await startSecondApp(app);
    app.simulator.faults.add({ kind: "slow", method: "users.info", ms: SLOW_MS });

    const took = await timed(() => hana.pressForModal("home", "ticket.open-new"));

    expect(took).toBeLessThan(AT_ONCE_MS);
    await w.until(() => hana.modals().find(({ title }) => title === JAPANESE));
  });

  it("stands at once while the database answers nothing", async () => {
    const tom = w.as("U0TOM");
    await w.told(tom, HELP, () => tom.command(HELP, "/tickets"));

    const took = await app.db.transaction().execute(async (tx) => {
      await sql`lock table account, installation, person, ticket, inbox in access exclusive mode`.execute(
        tx,
      );
      return timed(() => tom.command(HELP, "/ticket", "Slow"));
    });

    expect(took).toBeLessThan(AT_ONCE_MS);
    expect(tom.modals()).toMatchObject([{ title: "Submit a ticket" }]);
  });

  it("keeps what was typed while it changes its language", async () => {
    const hana = w.as("U0HANA");
    app.simulator.faults.add({ kind: "slow", method: "users.info", ms: 700 });
    const modal = await hana.command(HELP, "/ticket");
    await hana.choose(modal, "subject", "途中まで");
    await hana.choose(modal, "priority", "low");

    const form = await w.until(() => hana.modals().find(({ title }) => title === JAPANESE));
    const facts = { ...FACTS, priority: "low" };
    const { modal: shown } = await hana.submit(form, facts);

    expect(textOf(shown?.blocks)).toContain("受け付けました");
    const row = await app.db
      .selectFrom("ticket")
      .select(["subject", "language"])
      .executeTakeFirst();
    expect(row).toEqual({ subject: "途中まで", language: "ja" });
  });

  it("files in the language of a person who was faster than Slack's answer about them", async () => {
    const hana = w.as("U0HANA");
    app.simulator.faults.add({ kind: "slow", method: "users.info", ms: 700 });
    const modal = await hana.command(HELP, "/ticket", "速い");

    await w.submitFiled(hana, modal?.id);

    const row = await app.db
      .selectFrom("ticket")
      .select(["language", "requester_name"])
      .executeTakeFirst();
    expect(row).toEqual({ language: "ja", requester_name: "Hana" });
  });
});

describe("a form that Slack sends again", () => {
  it("is one ticket and answers with its number, also 8 times at once and after a restart", async () => {
    const hana = w.as("U0HANA");
    const modal = await hana.command(HELP, "/ticket", "二重送信");
    const viewId = modal?.id ?? "";

    const answers = await Promise.all(Array.from({ length: 8 }, () => send(app.url, viewId)));
    const number = /DL-\d+/.exec(answers[0] ?? "")?.[0];
    await using restarted = await startSecondApp(app);
    const late = await send(restarted.url, viewId);

    expect(number).toMatch(/^DL-/);
    for (const answer of [...answers, late])
      expect(JSON.parse(answer)).toMatchObject({ response_action: "update" });
    expect(new Set([...answers, late].map((each) => /DL-\d+/.exec(each)?.[0]))).toEqual(
      new Set([number]),
    );
    expect(await app.db.selectFrom("ticket").select("number").execute()).toHaveLength(1);
    const card = await w.card(hana, HELP, number ?? "");
    await w.triage(number ?? "");
    expect(
      hana
        .messages(HELP)
        .filter((each) => each.text.includes(number ?? ""))
        .map(({ ts }) => ts),
    ).toEqual([card.ts]);
  });

  it("is refused before it is filed, and writes nothing", async () => {
    const hana = w.as("U0HANA");
    const modal = await hana.command(HELP, "/ticket", "x");

    const answer = await send(app.url, modal?.id ?? "", { what: "question" });

    expect(JSON.parse(answer)).toMatchObject({ response_action: "errors" });
    expect(await app.db.selectFrom("inbox").selectAll().execute()).toEqual([]);
    expect(await app.db.selectFrom("job").selectAll().execute()).toEqual([]);
  });
});

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = Date.now();
  if (!(await act())) throw new Error("No form opened.");
  return Date.now() - begun;
}

/** What Slack posts when Hana submits the form; each time with another trigger, as when it tries again. */
async function send(url: string, viewId: string, changed: Record<string, string> = {}) {
  const typed = { subject: "二重送信", ...FACTS, ...changed };
  const state = Object.entries(typed).map(([id, value]) => {
    const isText = id === "subject" || id === "description";
    return [id, { [id]: isText ? { value } : { selected_option: { value } } }];
  });
  const payload = {
    type: "view_submission",
    team: { id: "T0ACME", domain: "acme" },
    user: { id: "U0HANA", username: "hana", name: "hana", team_id: "T0ACME" },
    trigger_id: `${Math.random()}`,
    view: {
      id: viewId,
      type: "modal",
      callback_id: "ticket.new",
      private_metadata: HELP,
      blocks: Object.keys(typed).map((id) => ({ type: "input", block_id: id })),
      state: { values: Object.fromEntries(state) },
      app_installed_team_id: "T0ACME",
    },
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...signedHeaders(app.simulator.signingSecret, body),
    },
    body,
  });
  expect(response.status).toBe(200);
  return response.text();
}
