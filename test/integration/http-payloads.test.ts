import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { command, interaction, type Sent, send, signed } from "../support/slack-requests.ts";

const JSON_TYPE = "application/json";
const CANARY = "canary-91c2";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ mode: "http" });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

const user = { id: "U0TOM", name: "tom", team_id: "T0ACME" };
const team = { id: "T0ACME", domain: "acme" };

function submission(view: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  const whole = {
    id: "V1",
    callback_id: "ticket.new",
    private_metadata: HELP,
    blocks: [{ type: "input", block_id: "subject" }],
    state: { values: {} },
    app_installed_team_id: "T0ACME",
  };
  const sent = { type: "view_submission", user, team, view: { ...whole, ...view } };
  return interaction({ ...sent, trigger_id: `t-${Math.random()}`, ...more });
}

const chosen = (value: string) => ({ selected_option: { value } });
/** What else the form has. */
const FILLED = {
  description: { description: { value: "It says 503." } },
  what: { what: chosen("question") },
  who: { who: chosen("some") },
  workaround: { workaround: chosen("yes") },
  priority: { priority: chosen("low") },
};

function press(more: Record<string, unknown> = {}): string {
  const actions = [{ type: "button", action_id: "ticket.take", value: CANARY }];
  const sent = { type: "block_actions", user, team, trigger_id: `t-${Math.random()}`, actions };
  return interaction({ ...sent, channel: { id: AGENTS }, ...more });
}

function event(inner: unknown, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    type: "event_callback",
    team_id: "T0ACME",
    event_id: `Ev${Math.random()}`,
    authorizations: [{ team_id: "T0ACME", enterprise_id: null, is_bot: true }],
    event: inner,
    ...more,
  });
}

describe("a signed payload of wrong types", () => {
  it.each<[string, () => string, string?]>([
    ["no JSON", () => `payload=${CANARY}{`],
    ["no JSON as JSON", () => `{"${CANARY}`, JSON_TYPE],
    ["null", () => "payload=null"],
    ["null as JSON", () => "null", JSON_TYPE],
    ["a list", () => "[1,2]", JSON_TYPE],
    ["a number", () => "7", JSON_TYPE],
    ["nothing", () => "", JSON_TYPE],
    ["nothing in a form", () => ""],
    ["another content type", () => command(app), "text/plain"],
    ["no known type", () => interaction({ type: CANARY, user, team })],
    ["a prototype's name for a type", () => interaction({ type: "constructor", user, team })],
    ["a command without a person", () => command(app, { user_id: "" })],
    ["a command of no workspace", () => command(app, { team_id: "" })],
    ["a command without a slash", () => command(app, { command: "tickets" })],
    ["a press without a person", () => press({ user: undefined })],
    ["a press of a person who is a number", () => press({ user: 7 })],
    ["a press of nothing", () => press({ actions: [] })],
    ["a press of something that is no list", () => press({ actions: { 0: CANARY } })],
    ["a press by a numbered trigger", () => press({ trigger_id: 7 })],
    ["a submission without a state", () => submission({ state: undefined })],
    ["a submission whose values are a list", () => submission({ state: { values: [CANARY] } })],
    ["a submission whose blocks are missing", () => submission({ blocks: undefined })],
    ["a submission with a number for an id", () => submission({ id: 7 })],
    ["a submission without a person", () => submission({}, { user: null })],
    ["a submission without a view", () => submission({}, { view: undefined })],
    [
      "an event without an id",
      () => event({ type: "message" }, { event_id: undefined }),
      JSON_TYPE,
    ],
    ["an event that is a word", () => event(CANARY), JSON_TYPE],
    ["an event by null", () => event({ type: "message", user: null }), JSON_TYPE],
    ["an event without a type", () => event({ text: CANARY }), JSON_TYPE],
  ])("%s is refused once, with one line in the log", async (_, body, type) => {
    const before = app.logged.length;

    const answer = await send(app, signed(app, body(), type ? { type } : {}));

    expect(answer).toEqual({ status: 400, text: "" });
    expect(app.logged.slice(before)).toMatchObject([{ level: 40, msg: "a request was refused" }]);
    expect(JSON.stringify(app.logged)).not.toContain(CANARY);
  });

  it.each<[string, Record<string, unknown>]>([
    ["a number", { value: 7 }],
    ["a list", { value: ["x"] }],
    ["an object", { value: { text: "x" } }],
    ["nothing", {}],
    ["another element's", { selected_users: ["U0TOM"] }],
  ])("a field that holds %s is refused at the field", async (_, element) => {
    const values = { ...FILLED, subject: { subject: element } };

    const answer = await send(app, signed(app, submission({ state: { values } })));

    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({
      response_action: "errors",
      errors: { subject: "Give the ticket a subject." },
    });
  });

  it.each([
    ["a message without a channel", { type: "message", text: "x" }],
    ["a message whose thread is a number", { type: "message", channel: HELP, thread_ts: 7 }],
    ["a message with metadata of no sense", { type: "message", metadata: 7, ts: [] }],
    ["tokens that are a word", { type: "tokens_revoked", tokens: CANARY }],
    ["an opened home of nobody", { type: "app_home_opened", tab: "home" }],
    ["an event that nobody hears", { type: "team_join", user: {} }],
  ])("%s is taken and does nothing", async (_, inner) => {
    const answer = await send(app, signed(app, event(inner), { type: JSON_TYPE }));

    expect(answer).toEqual({ status: 200, text: "" });
  });

  it("a button that nobody hears is answered at once", async () => {
    const begun = Date.now();

    const answer = await send(app, signed(app, press({ actions: [{ action_id: "nobody" }] })));

    expect(answer.status).toBe(404);
    expect(Date.now() - begun).toBeLessThan(1000);
  });
});

describe("the exact same request a hundred times", () => {
  it("is answered as the first was, and the modal opens once", async () => {
    const hana = app.simulator.as("U0HANA");
    const request = await capture(() => hana.command(HELP, "/ticket"));
    const opened = () => app.simulator.calls().filter(({ method }) => method === "views.open");

    const answers = await Promise.all(Array.from({ length: 100 }, () => send(app, request)));

    expect(new Set(answers.map(({ status, text }) => `${status}${text}`))).toEqual(
      new Set(["200"]),
    );
    expect(opened()).toHaveLength(1);
    expect(hana.ephemerals(HELP)).toEqual([]);
  });

  it("changes nothing and asks Slack nothing, when it is an event", async () => {
    const request = signed(
      app,
      event({ type: "app_home_opened", user: "U0TOM", tab: "home", channel: "D1" }),
      { type: JSON_TYPE },
    );
    const published = () =>
      app.simulator.calls().filter(({ method }) => method === "views.publish").length;
    await send(app, request);
    const before = published();

    const answers = await Promise.all(Array.from({ length: 100 }, () => send(app, request)));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect([before, published()]).toEqual([1, 1]);
  });

  it("is one ticket, when it is a submission", async () => {
    const request = signed(app, submission({ id: "V-replayed", state: { values: filledIn() } }));

    const answers = await Promise.all(Array.from({ length: 100 }, () => send(app, request)));

    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.text).toMatch(/DL-\d+/);
    expect(await app.db.selectFrom("ticket").selectAll().execute()).toHaveLength(1);
  });
});

function filledIn() {
  const typed = (value: string) => ({ value });
  const chosen = (value: string) => ({ selected_option: { value } });
  return {
    subject: { subject: typed("Replayed") },
    description: { description: typed("The same request, again and again.") },
    what: { what: chosen("question") },
    who: { who: chosen("some") },
    workaround: { workaround: chosen("none") },
    priority: { priority: chosen("low") },
  };
}

/** A delivery of the simulator's own, which we may send again. */
async function capture(act: () => Promise<unknown>): Promise<Sent> {
  const bodies: string[] = [];
  const relay = createServer(async (req, res) => {
    bodies.push(await text(req));
    const answer = await send(app, signed(app, bodies.at(-1) ?? ""));
    res.writeHead(answer.status).end(answer.text);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const { port } = relay.address() as AddressInfo; // it listens on TCP
  app.simulator.deliverTo(`http://127.0.0.1:${port}/`);
  await act();
  app.simulator.deliverTo(app.url);
  relay.close();
  return signed(app, bodies[0] ?? "");
}
