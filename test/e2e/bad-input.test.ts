import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { command, interaction, send, signed } from "../support/slack-requests.ts";
import { startBehindProxy } from "./slack-proxied.ts";
import {
  cardIn,
  cardsIn,
  FACTS,
  lines,
  replyUnder,
  says,
  settled,
  submit,
  until,
} from "./slack-trouble.ts";

const UNKNOWN = "This workspace is not connected to support.";
const JSON_TYPE = "application/json";

describe("a workspace that is not connected", () => {
  const user = { id: "U0NOBODY", name: "nobody", team_id: "T0NOWHERE" };
  const team = { id: "T0NOWHERE", domain: "nowhere" };

  it("gets a sentence for every command", async () => {
    await using app = await startTestApp({ mode: "http" });

    for (const name of ["/support", "/ticket", "/tickets", "/support-access"]) {
      const body = command(app, { command: name, team_id: "T0NOWHERE", user_id: "U0NOBODY" });
      const answer = await send(app, signed(app, body));

      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toMatchObject({ response_type: "ephemeral" });
      expect(answer.text).toContain(UNKNOWN);
    }
    expect(lines(app, "an interaction failed")).toEqual([]);
  });

  it("gets a sentence for a press, a submission, and a quiet yes for an event", async () => {
    await using world = await startBehindProxy();
    const { app, proxy } = world;
    const hook = new URL("/actions/T0NOWHERE/1", proxy.apiUrl).href;
    const press = interaction({
      type: "block_actions",
      user,
      team,
      trigger_id: "t-1",
      actions: [{ type: "button", action_id: "ticket.take", value: "acme/x" }],
      channel: { id: HELP },
      response_url: hook,
    });
    const submission = interaction({
      type: "view_submission",
      user,
      team,
      trigger_id: "t-2",
      view: {
        id: "V1",
        callback_id: "ticket.new",
        private_metadata: HELP,
        blocks: [{ type: "input", block_id: "subject" }],
        state: { values: {} },
      },
    });
    const event = JSON.stringify({
      type: "event_callback",
      team_id: "T0NOWHERE",
      event_id: "Ev1",
      event: { type: "app_home_opened", user: "U0NOBODY", tab: "home" },
    });

    const pressed = await send(app, signed(app, press));
    const submitted = await send(app, signed(app, submission));
    const heard = await send(app, signed(app, event, { type: JSON_TYPE }));
    await until(app, () => proxy.responses.length > 0).catch(() => {});

    expect(pressed).toEqual({ status: 200, text: "" });
    expect(proxy.responses).toMatchObject([{ body: { text: expect.stringContaining(UNKNOWN) } }]);
    expect(JSON.parse(submitted.text)).toMatchObject({
      response_action: "errors",
      errors: { subject: expect.stringContaining(UNKNOWN) },
    });
    expect(heard).toEqual({ status: 200, text: "" });
    expect(lines(app, "an event was not handled")).toHaveLength(1);
    expect(await app.db.selectFrom("ticket").selectAll().execute()).toEqual([]);
  });
});

describe("a modal submitted twice", () => {
  it("is one ticket, and both read its number", async () => {
    await using app = await startTestApp();
    app.simulator.faults.add({ kind: "redelivery" });
    const number = await submit(app);
    await cardIn(app, AGENTS, number);
    await settled(app);

    expect(cardsIn(app, HELP, number)).toHaveLength(1);
    expect(await app.db.selectFrom("ticket").selectAll().execute()).toHaveLength(1);
  });
});

describe("a sentence inside a form", () => {
  it("names the rule without markup, and keeps what was typed", async () => {
    await using app = await startTestApp();
    const ben = app.simulator.as("U0BEN");
    const triage = await cardIn(app, AGENTS, await submit(app));
    const modal = await ben.pressForModal({ ts: triage.ts }, "ticket.reply");
    const { memberIds } = app.simulator.world.channel(AGENTS);
    const others = memberIds.filter((id) => id !== "U0BEN");
    app.simulator.world.changeChannel(AGENTS, { memberIds: others });

    const { errors } = await ben.submit(modal, { body: "I am no agent any more." });

    expect(errors?.body).toMatch(/^Only .*support agents/);
    expect(errors?.body).not.toMatch(/[<>*]/);
    expect(JSON.stringify(ben.modals().at(-1)?.values)).toContain("I am no agent any more.");
  });
});

describe("a form that takes too long to open", () => {
  it("leaves a sentence, in the channel and on the Home tab", { timeout: 60_000 }, async () => {
    await using app = await startTestApp();
    const tom = app.simulator.as("U0TOM");
    const slow = { kind: "slow", method: "views.open", ms: 3500, times: 1 } as const;
    await tom.openHome();
    await until(app, () => tom.home());

    app.simulator.faults.add(slow);
    await tom.command(HELP, "/ticket").catch(() => {});
    const told = await until(app, () => tom.ephemerals(HELP).at(-1));
    app.simulator.faults.add(slow);
    await tom.press("home", "ticket.open-new");
    const dm = await until(app, () => tom.dm());
    const toldInDm = await until(app, () => tom.messages(dm).at(-1));

    expect(told).toSatisfy((it) => says(it, "Opening this took too long. Please try again."));
    expect(toldInDm).toSatisfy((it) => says(it, "Opening this took too long. Please try again."));
    expect(tom.modals()).toEqual([]);
    expect(lines(app, "an interaction failed")).toEqual([]);
  });
});

describe("a response_url that leads elsewhere", () => {
  it("is never called, and the person is told in the DM", async () => {
    const called: string[] = [];
    const elsewhere = createServer((req, res) => {
      called.push(req.url ?? "");
      res.end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const { port } = elsewhere.address() as AddressInfo; // it listens on TCP
    await using app = await startTestApp({ mode: "http", paced: false });
    const tom = app.simulator.as("U0TOM");
    const { host } = new URL(app.simulator.apiUrl);
    const urls = [
      `http://127.0.0.1:${port}/`,
      `http://${host}@127.0.0.1:${port}/`,
      `http://tom:x@${host}/actions/T0ACME/1`,
      `https://${host}/actions/T0ACME/1`,
      "file:///etc/passwd",
      "not a url",
    ];

    for (const [at, response_url] of urls.entries()) {
      const press = interaction({
        type: "block_actions",
        user: { id: "U0TOM", name: "tom", team_id: "T0ACME" },
        team: { id: "T0ACME" },
        trigger_id: `t-${at}`,
        actions: [{ type: "button", action_id: "ticket.take", value: "acme/none" }],
        channel: { id: HELP },
        response_url,
      });
      expect((await send(app, signed(app, press))).status).toBe(200);
    }
    const dm = await until(app, () => tom.dm());
    await until(app, () => tom.messages(dm).length === urls.length);

    expect(called).toEqual([]);
    expect(tom.messages(dm).every((it) => says(it, "This ticket could not be found."))).toBe(true);
    elsewhere.close();
  });
});

describe("a log", () => {
  const CANARY = "canary4711";

  it("holds no token and no word that anybody typed, whatever went wrong", async () => {
    await using world = await startBehindProxy();
    const { app, proxy } = world;
    const tom = app.simulator.as("U0TOM");
    const values = { subject: `subject ${CANARY}`, description: `description ${CANARY}` };
    const refusal = (error: string) => ({
      body: JSON.stringify({ ok: false, error, response_metadata: { messages: ["[ERROR] bad"] } }),
    });

    const number = await submit(app, { values });
    const card = await cardIn(app, HELP, number);
    const triage = await cardIn(app, AGENTS, number);
    proxy.strike("chat.update", refusal("invalid_blocks"), { times: 1 });
    proxy.strike("chat.postMessage", { status: 500, body: CANARY }, { times: 2 });
    proxy.strike("users.info", { body: `<html>${CANARY}` }, { times: 1 });
    await tom.send(HELP, `reply ${CANARY}`, card.ts);
    await tom.command(HELP, "/tickets", `${CANARY} status:${CANARY}`);
    await tom.command(HELP, "/support-access", `${CANARY}`);
    await send(app, signed(app, `payload={"${CANARY}`));
    await breakTickets(app);
    const { errors } = await tom.submit(await tom.command(HELP, "/ticket"), {
      ...values,
      ...{ ...FACTS, description: `again ${CANARY}` },
    });
    await replyUnder(app, triage, `reply ${CANARY}`);
    await settled(app);

    const log = JSON.stringify(app.logged);
    expect(errors?.subject).toContain("could not be saved");
    expect(app.logged.filter(({ level }) => Number(level) >= 40).length).toBeGreaterThan(3);
    expect(log).not.toContain(CANARY);
    expect(log).not.toMatch(/xox[a-z]-|xapp-|simulatedbottoken/);
    expect(log).not.toContain(app.simulator.signingSecret);
  });
});

/** From now on PostgreSQL refuses every ticket, with an error that quotes the row. */
async function breakTickets(app: TestApp): Promise<void> {
  await sql`alter table ticket add constraint nothing_more check (number < 1002) not valid`.execute(
    app.db,
  );
}
