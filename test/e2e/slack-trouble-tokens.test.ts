import { describe, expect, it } from "vitest";
import { saveHomeWorkspace } from "#accounts/home-workspace.ts";
import { saveInstallation } from "#accounts/store.ts";
import { identifyToken } from "#slack/identify.ts";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { send, signed } from "../support/slack-requests.ts";
import {
  cardIn,
  cardsIn,
  lines,
  repliesUnder,
  reply,
  replyUnder,
  settled,
  submit,
  untilTrue,
  waiting,
} from "./slack-trouble.ts";

const NEXT = 2 * 60_000; // past the minute after which a disconnected workspace is looked at again

describe("a customer's token that ends", () => {
  it("in mid-flight is said once, and everything waits for the next one and comes once", async () => {
    await using app = await startTestApp();
    const numbers = [await submit(app), await submit(app)];
    const card = await cardIn(app, HELP, numbers[0] ?? "");
    await cardIn(app, AGENTS, numbers[1] ?? "");
    await settled(app);
    const answers = ["One.", "Two.", "Three."];
    await reply(app, numbers[0] ?? "", answers[0] ?? "");
    await reply(app, numbers[0] ?? "", answers[1] ?? "");

    app.simulator.world.revokeToken("T0ACME");
    await reply(app, numbers[0] ?? "", answers[2] ?? "");
    await untilTrue(async () => (await open(app)).length > 0);
    const aki = app.simulator.as("U0AKI");
    await aki.openHome();
    await untilTrue(async () => JSON.stringify(aki.home() ?? "").includes("Acme"));

    expect(await open(app)).toMatchObject([{ key: "workspace-disconnected:T0ACME" }]);
    expect(lines(app, "the operator is needed")).toHaveLength(1);

    await reinstall(app, "T0ACME");
    await replyUnder(app, card, "Three.");
    await settled(app);
    for (const answer of answers) expect(repliesUnder(app, card, answer)).toHaveLength(1);
    expect(await open(app)).toEqual([]);
    expect(lines(app, "the operator is needed")).toHaveLength(1);
  });

  it("does not hold up another customer", async () => {
    await using app = await startTestApp();
    const here = await submit(app);
    await cardIn(app, AGENTS, here);
    app.simulator.world.revokeToken("T0ACME");
    await reply(app, here, "Waiting.");

    const there = await submit(app, { who: "U0BEN", channel: "C0EXTBETA" });
    await cardIn(app, "C0EXTBETA", there);
    await cardIn(app, AGENTS, there);

    expect((await waiting(app)).every(({ dead_at }) => dead_at === null)).toBe(true);
  });
});

describe("the vendor's own token that ends", () => {
  it("lets customers submit and read, and the agents get all of it afterwards", async () => {
    await using app = await startTestApp();
    app.simulator.world.revokeToken("T0KUMO");

    const numbers = [await submit(app), await submit(app)];
    for (const number of numbers) await cardIn(app, HELP, number);
    await untilTrue(async () => (await open(app)).length > 0);

    expect(await open(app)).toMatchObject([{ key: "workspace-disconnected:T0KUMO" }]);
    await reinstall(app, "T0KUMO");
    for (const number of numbers) await cardIn(app, AGENTS, number);
    await settled(app);
    for (const number of numbers) expect(cardsIn(app, AGENTS, number)).toHaveLength(1);
    expect(await open(app)).toEqual([]);
  });
});

describe("the token of the environment, at a start", () => {
  it("that has ended or gets no answer lets the other workspaces go on", async () => {
    await using app = await startTestApp();
    app.simulator.world.revokeToken("T0KUMO");
    await untilTrue(async () => (await connected(app)).length === 1);
    const settings = settingsOf(app, app.simulator.tokens.T0KUMO);

    expect(await saveHomeWorkspace(app.db, settings)).toBe("T0KUMO");
    const silent = { ...settings, apiUrl: "http://127.0.0.1:9/api/" };
    expect(await saveHomeWorkspace(app.db, silent)).toBe("T0KUMO");
    expect(await connected(app)).toEqual(["T0ACME"]);
  });

  it("that Slack never knew is refused in plain words", async () => {
    await using app = await startTestApp();
    const starting = saveHomeWorkspace(app.db, settingsOf(app, "xoxb-of-nobody"));

    await expect(starting).rejects.toMatchObject({
      name: "CannotStart",
      message: expect.stringContaining("Slack does not take SLACK_BOT_TOKEN."),
    });
  });
});

describe("the events of an uninstalled app", () => {
  const lifecycle = [
    { type: "app_uninstalled" },
    { type: "tokens_revoked", tokens: { oauth: [], bot: ["U0DLACME"] } },
  ];

  it.each([
    ["uninstalled first", lifecycle],
    ["tokens first", lifecycle.toReversed()],
  ])("end the token once, %s", async (_, events) => {
    await using app = await startTestApp({ mode: "http" });
    app.simulator.deliverTo(undefined); // its own events stay out of it
    app.simulator.world.uninstall("T0ACME");

    for (const event of events) await deliver(app, event);
    await untilTrue(async () => (await open(app)).length > 0);

    expect(await connected(app)).toEqual(["T0KUMO"]);
    expect(lines(app, "the operator is needed")).toHaveLength(1);
  });

  it.each([
    ["uninstalled first", lifecycle],
    ["tokens first", lifecycle.toReversed()],
  ])("do not end a newer token when they come late, %s", async (_, events) => {
    await using app = await startTestApp({ mode: "http" });

    for (const event of events) await deliver(app, event);

    expect(await connected(app)).toEqual(["T0ACME", "T0KUMO"]);
    expect(await open(app)).toEqual([]);
  });
});

/** The operator installs the app again; the next look at the workspace is a minute away, so we skip it. */
async function reinstall(app: TestApp, teamId: "T0ACME" | "T0KUMO"): Promise<void> {
  const { simulator, db, database } = app;
  simulator.world.restoreToken(teamId);
  const identity = await identifyToken(simulator.apiUrl, simulator.tokens[teamId] ?? "");
  const isHome = teamId === "T0KUMO";
  await saveInstallation(db, { ...identity, accountId: isHome ? undefined : "acme", isHome });
  await database.setNow(new Date(Date.now() + NEXT));
}

function settingsOf(app: TestApp, botToken = "") {
  return { apiUrl: app.simulator.apiUrl, botToken, agentsWorkspace: undefined };
}

async function open(app: TestApp) {
  const notices = await app.db.selectFrom("operator_notice").selectAll().execute();
  return notices.filter(({ cleared_at }) => cleared_at === null);
}

async function connected(app: TestApp): Promise<string[]> {
  const rows = await app.db
    .selectFrom("installation")
    .select("team_id")
    .where("revoked_at", "is", null)
    .orderBy("team_id")
    .execute();
  return rows.map(({ team_id }) => team_id);
}

/** As Slack sends it about Acme. */
async function deliver(app: TestApp, event: Record<string, unknown>): Promise<void> {
  const body = JSON.stringify({
    type: "event_callback",
    team_id: "T0ACME",
    event_id: crypto.randomUUID(),
    event_time: Math.floor(Date.now() / 1000) - 60,
    event,
  });
  const answer = await send(app, signed(app, body, { type: "application/json" }));
  expect(answer.status).toBe(200);
}
