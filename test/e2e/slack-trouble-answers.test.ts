import { describe, expect, it } from "vitest";
import { channelLane } from "#jobs/lanes.ts";
import { hurryLane } from "#jobs/moves.ts";
import { AGENTS, HELP, startTestApp } from "../support/app.ts";
import { startBehindProxy } from "./slack-proxied.ts";
import {
  cardIn,
  cardsIn,
  FACTS,
  repliesUnder,
  reply,
  replyUnder,
  settled,
  submit,
  untilTrue,
  waiting,
} from "./slack-trouble.ts";

const GENERAL = "C0ACMEGEN";
const HELP_LANE = channelLane("T0ACME", HELP);

describe("an answer that is none", () => {
  it.each<[string, { status?: number; headers?: Record<string, string>; body?: string }, number]>([
    ["429 after 2 seconds", { status: 429, headers: { "retry-after": "2" } }, 2],
    ["429 without a Retry-After", { status: 429 }, 30],
    ["429 with rubbish", { status: 429, headers: { "retry-after": "soon" } }, 30],
    [
      "429 with a date",
      { status: 429, headers: { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" } },
      30,
    ],
    ["429 with less than nothing", { status: 429, headers: { "retry-after": "-5" } }, 30],
    ["429 for a lifetime", { status: 429, headers: { "retry-after": "999999999" } }, 3600],
    [
      "ratelimited with 200",
      { headers: { "retry-after": "7" }, body: '{"ok":false,"error":"ratelimited"}' },
      7,
    ],
    ["500 in HTML", { status: 500, body: "<html>Server error</html>" }, 1],
    ["200 in HTML", { body: "<html>We are down for maintenance</html>" }, 1],
    ["200 with nothing", { body: "" }, 1],
    ["200 with half of it", { body: '{"ok":tr' }, 1],
    ["200 with null", { body: "null" }, 1],
    ["503 with nothing", { status: 503 }, 1],
  ])("%s makes the card wait as long as it should, and come once", async (_, answer, seconds) => {
    await using world = await startBehindProxy();
    const { app, proxy } = world;
    proxy.strike("chat.postMessage", answer, { channel: HELP, times: 1 });

    const number = await submit(app);
    const job = await untilTrue(async () => {
      return (await waiting(app)).find(
        ({ last_error, name }) => last_error && name === "ticket.post-card",
      );
    });
    const waits = (job.run_at.getTime() - (proxy.struck()[0]?.at ?? 0)) / 1000;
    await hurryLane(app.db, HELP_LANE);
    await cardIn(app, HELP, number);
    await settled(app);

    expect(waits).toBeGreaterThan(seconds === 1 ? 0.4 : seconds - 0.1);
    expect(waits).toBeLessThan(seconds + 1);
    expect(cardsIn(app, HELP, number)).toHaveLength(1);
  });
});

describe("a 429 in one channel", () => {
  it("delays no other", async () => {
    await using world = await startBehindProxy();
    const { app, proxy } = world;
    const answer = { status: 429, headers: { "retry-after": "20" } };
    proxy.strike("chat.postMessage", answer, { channel: HELP, times: 1 });

    const slow = await submit(app);
    await untilTrue(async () => proxy.struck().length > 0);
    const begun = Date.now();
    const quick = await submit(app, { channel: GENERAL });
    await cardIn(app, GENERAL, quick);
    await cardIn(app, AGENTS, quick);

    expect(Date.now() - begun).toBeLessThan(4000);
    expect(cardsIn(app, HELP, slow)).toEqual([]);
  });
});

describe("an edit of the card that Slack refuses for good", () => {
  it("is said in the thread, with a reference by which the operator finds it", async () => {
    await using world = await startBehindProxy();
    const { app, proxy } = world;
    const number = await submit(app);
    const card = await cardIn(app, HELP, number);
    await settled(app);
    proxy.strike(
      "chat.update",
      { body: '{"ok":false,"error":"invalid_blocks"}' },
      { channel: HELP, times: 10 },
    );

    await reply(app, number, "Try the other gate.");
    const said = await replyUnder(app, card, "could not be delivered");

    const [dead] = await waiting(app);
    expect(dead?.name).toBe("ticket.edit-card");
    expect(JSON.stringify(said)).toContain(dead?.id.slice(0, 8));
    expect(repliesUnder(app, card, "could not be delivered")).toHaveLength(1);
  });
});

describe("a message that Slack takes and does not confirm", () => {
  it("is one message: the card, the triage card and the answer in the thread", async () => {
    await using app = await startTestApp();
    const lose = () =>
      app.simulator.faults.add({
        kind: "accepted-then-dropped",
        method: "chat.postMessage",
        times: 1,
      });
    lose();
    lose();

    const number = await submit(app);
    const card = await cardIn(app, HELP, number);
    await cardIn(app, AGENTS, number);
    await settled(app);
    lose();
    await reply(app, number, "Try it again now.");
    await replyUnder(app, card, "Try it again now.");
    await settled(app);

    expect(cardsIn(app, HELP, number)).toHaveLength(1);
    expect(cardsIn(app, AGENTS, number)).toHaveLength(1);
    expect(repliesUnder(app, card, "Try it again now.")).toHaveLength(1);
  });

  it("is one message also where the app never hears of it as an event", async () => {
    await using app = await startTestApp({ mode: "http" });
    const { simulator } = app;
    const lost = { kind: "accepted-then-dropped", method: "chat.postMessage", times: 1 } as const;
    simulator.faults.add(lost);
    const tom = simulator.as("U0TOM");
    const modal = await tom.command(HELP, "/ticket");

    await tom.submit(modal, { subject: "VPN", ...FACTS });
    simulator.deliverTo(undefined);
    await untilTrue(async () => (await waiting(app)).length === 0);

    expect(tom.messages(HELP).filter(({ text }) => text.includes("DL-"))).toHaveLength(1);
  });
});
