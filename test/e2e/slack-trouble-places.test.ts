import { describe, expect, it } from "vitest";
import { AGENTS, HELP, startTestApp } from "../support/app.ts";
import {
  cardIn,
  cardsIn,
  FACTS,
  lines,
  repliesUnder,
  reply,
  replyUnder,
  says,
  settled,
  submit,
  until,
  untilTrue,
  waiting,
} from "./slack-trouble.ts";

describe("a channel that closes", () => {
  it("between opening and submitting, leads into the person's DM, which says so", async () => {
    await using app = await startTestApp();
    const tom = app.simulator.as("U0TOM");
    const modal = await tom.command(HELP, "/ticket");
    app.simulator.world.archive(HELP);

    const number = /DL-\d+/.exec(
      JSON.stringify(await tom.submit(modal, { subject: "VPN", ...FACTS })),
    )?.[0];
    const dm = await until(app, () => tom.dm());
    const card = await cardIn(app, dm, number ?? "");

    expect(card).toSatisfy((it) => says(it, `The app cannot post in <#${HELP}>`));
    expect(cardsIn(app, HELP, number ?? "")).toEqual([]);
    await settled(app);
  });

  it("after the card was posted, still lets the answer reach the person", async () => {
    await using app = await startTestApp();
    const tom = app.simulator.as("U0TOM");
    const number = await submit(app);
    await cardIn(app, HELP, number);
    await tom.removeApp(HELP);

    await reply(app, number, "Try it again now.");
    await reply(app, number, "And tell us.");
    const dm = await until(app, () => tom.dm());
    const card = await cardIn(app, dm, number);
    await replyUnder(app, card, "And tell us.");
    await settled(app);

    expect(repliesUnder(app, card, "Try it again now.")).toHaveLength(1);
    expect(repliesUnder(app, card, "And tell us.")).toHaveLength(1);
    expect(tom.thread(dm, card.ts).map(({ text }) => /Try|And tell/.exec(text)?.[0])).toEqual([
      undefined,
      "Try",
      "And tell",
    ]);
    expect(cardsIn(app, dm, number)).toHaveLength(1);
  });

  it("while it is archived, moves the card on at its next change", async () => {
    await using app = await startTestApp();
    const tom = app.simulator.as("U0TOM");
    const number = await submit(app);
    await cardIn(app, HELP, number);
    app.simulator.world.archive(HELP);

    await app.simulator
      .as("U0AKI")
      .press({ ts: (await cardIn(app, AGENTS, number)).ts }, "ticket.take");
    const dm = await until(app, () => tom.dm());

    expect(await cardIn(app, dm, number)).toSatisfy((it) => says(it, "Aki"));
    await settled(app);
  });

  it("leads back to the thread that it had, and tells the agents and the operator once", async () => {
    await using app = await startTestApp();
    const { simulator } = app;
    const [tom, aki] = [simulator.as("U0TOM"), simulator.as("U0AKI")];
    const numbers = [await submit(app), await submit(app)] as const;
    const before = await cardIn(app, HELP, numbers[0]);
    for (const number of numbers) await cardIn(app, AGENTS, number);
    await settled(app);
    simulator.world.archive(HELP);

    for (const number of numbers) await reply(app, number, `An answer to ${number}.`);
    const dm = await until(app, () => tom.dm());
    for (const number of numbers) {
      await replyUnder(app, await cardIn(app, dm, number), `An answer to ${number}.`);
    }
    await reply(app, numbers[0], "One more answer.");
    const card = await cardIn(app, dm, numbers[0]);
    await replyUnder(app, card, "One more answer.");
    await settled(app);
    await aki.openHome();
    const home = await until(app, () => aki.home());

    const link = `<${simulator.url}/archives/${HELP}/p${before.ts.replace(".", "")}|`;
    expect(await cardIn(app, dm, numbers[0])).toSatisfy((it) => says(it, link)); // as it is drawn last
    for (const number of numbers) {
      const triage = await cardIn(app, AGENTS, number);
      expect(repliesUnder(app, triage, "can no longer post")).toHaveLength(1);
    }
    expect(await openNotices(app)).toMatchObject([
      { key: `channel-closed:T0ACME:${HELP}`, detail: "is_archived" },
    ]);
    expect(lines(app, "the operator is needed")).toHaveLength(1);
    expect(JSON.stringify(home)).toContain(`ワークスペース T0ACME のチャンネル ${HELP} に`);
    expect(JSON.stringify(await homeOf(app, "U0HANA"))).not.toContain("is_archived");

    simulator.world.archive(HELP, false);
    await cardIn(app, HELP, await submit(app));
    await untilTrue(async () => (await openNotices(app)).length === 0);
  });

  it("is the operator's until the app is invited again", async () => {
    await using app = await startTestApp();
    const tom = app.simulator.as("U0TOM");
    const number = await submit(app);
    await cardIn(app, HELP, number);
    await cardIn(app, AGENTS, number);
    await settled(app);
    await tom.removeApp(HELP);

    await reply(app, number, "Try it again now.");
    await reply(app, number, "And tell us.");
    await untilTrue(async () => (await openNotices(app)).length > 0);
    await settled(app);
    expect(lines(app, "the operator is needed")).toHaveLength(1);

    await tom.inviteApp(HELP);
    await untilTrue(async () => (await openNotices(app)).length === 0);
  });

  it("without the app from the beginning, is nothing for the operator or the agents", async () => {
    await using app = await startTestApp();
    const tom = app.simulator.as("U0TOM");
    await tom.removeApp(HELP);

    const number = await submit(app);
    const dm = await until(app, () => tom.dm());
    await cardIn(app, dm, number);
    const triage = await cardIn(app, AGENTS, number);
    await settled(app);

    expect(await notices(app)).toEqual([]);
    expect(repliesUnder(app, triage, "can no longer post")).toEqual([]);
  });
});

describe("the agents' channel without the app", () => {
  it("is told to the operator once, keeps the tickets, and gets them in order when it is mended", async () => {
    await using app = await startTestApp();
    const { simulator } = app;
    const aki = simulator.as("U0AKI");
    await aki.removeApp(AGENTS);

    const numbers: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const number = await submit(app);
      await cardIn(app, HELP, number); // the customer does not wait for the agents' channel
      numbers.push(number);
    }
    await untilTrue(async () => (await notices(app)).length > 0);
    await aki.openHome();
    const home = await until(app, () => aki.home());
    const customersHome = await homeOf(app, "U0HANA");

    expect(await notices(app)).toMatchObject([
      { key: "agents-channel", detail: "channel_not_found" },
    ]);
    expect(lines(app, "the operator is needed")).toHaveLength(1);
    expect(JSON.stringify(home)).toContain("channel_not_found");
    expect(JSON.stringify(customersHome)).not.toContain("channel_not_found");

    const invited = Date.now();
    await simulator.as("U0BEN").inviteApp(AGENTS);
    for (const number of numbers) await cardIn(app, AGENTS, number);
    const took = Date.now() - invited;
    await settled(app);

    expect(took).toBeLessThan(8000);
    const posted = aki.messages(AGENTS).map(({ text }) => /DL-\d+/.exec(text)?.[0]);
    expect(posted).toEqual(numbers);
    expect(await openNotices(app)).toEqual([]);
    expect(lines(app, "the operator is needed")).toHaveLength(1);
  });

  it("named by a wrong id, leaves the customer served and the tickets waiting", async () => {
    await using app = await startTestApp({ env: { SLACK_AGENTS_CHANNEL: "C0WRONG" } });

    const number = await submit(app);
    await cardIn(app, HELP, number);
    await untilTrue(async () => (await notices(app)).length > 0);

    expect(await waiting(app)).toMatchObject([{ name: "ticket.post-triage-card", dead_at: null }]);
    expect(lines(app, "the operator is needed")).toHaveLength(1);
  });

  it("does not hold up the edits of other cards in the vendor's own workspace", async () => {
    await using app = await startTestApp();
    const { simulator } = app;
    const ben = simulator.as("U0BEN");
    const number = await submit(app, { who: "U0BEN" as const, channel: "C0EXTBETA" });
    const card = await cardIn(app, "C0EXTBETA", number);
    await cardIn(app, AGENTS, number);
    await settled(app);
    simulator.world.removeApp(AGENTS);
    const edits = () =>
      simulator.calls().filter(({ method, ok, args }) => {
        return method === "chat.update" && ok && args.ts === card.ts;
      }).length;

    await ben.send("C0EXTBETA", "First.", card.ts);
    await untilTrue(async () => (await notices(app)).length > 0 && edits() > 0);
    const before = edits();
    await ben.send("C0EXTBETA", "Second.", card.ts);
    await untilTrue(async () => edits() > before);

    expect(edits()).toBeGreaterThan(before);
    await simulator.as("U0AKI").inviteApp(AGENTS);
    const triage = await cardIn(app, AGENTS, number);
    await replyUnder(app, triage, "Second.");
    await settled(app);
    expect(repliesUnder(app, triage, "First.")).toHaveLength(1);
  });
});

describe("a deleted card", () => {
  it("of the customer comes back at the next change, with the answer in its thread, and holds nobody up", async () => {
    await using app = await startTestApp();
    const number = await submit(app);
    const other = await submit(app, { who: "U0HANA" });
    const card = await cardIn(app, HELP, number);
    await cardIn(app, HELP, other);
    app.simulator.world.deleteMessage(HELP, card.ts);

    await reply(app, number, "Try it again now.");
    await reply(app, other, "And you, too.");
    const next = await until(app, () =>
      cardsIn(app, HELP, number).find(({ ts }) => ts !== card.ts),
    );
    await replyUnder(app, next, "Try it again now.");
    await replyUnder(app, await cardIn(app, HELP, other), "And you, too.");
    await settled(app);

    expect(cardsIn(app, HELP, number)).toHaveLength(1);
    expect(repliesUnder(app, next, "Try it again now.")).toHaveLength(1);
  });

  it("of the agents comes back at the next change, with what the customer said in its thread", async () => {
    await using app = await startTestApp();
    const number = await submit(app);
    const card = await cardIn(app, HELP, number);
    const triage = await cardIn(app, AGENTS, number);
    await settled(app);
    app.simulator.world.deleteMessage(AGENTS, triage.ts);

    const tom = app.simulator.as("U0TOM");
    await tom.send(HELP, "It says 503.", card.ts);
    await untilTrue(async () => (await comments(app)).length === 1);
    await tom.send(HELP, "Still 503.", card.ts);
    const next = await until(app, () =>
      cardsIn(app, AGENTS, number).find(({ ts }) => ts !== triage.ts),
    );
    await replyUnder(app, next, "Still 503.");
    const later = await submit(app);
    await cardIn(app, AGENTS, later);
    await settled(app);

    const told = app.simulator.as("U0AKI").thread(AGENTS, next.ts);
    expect(told.map(({ text }) => /(It says|Still) 503/.exec(text)?.[0])).toEqual([
      undefined,
      "It says 503",
      "Still 503",
    ]);
  });
});

type App = Awaited<ReturnType<typeof startTestApp>>;

async function notices(app: App) {
  return app.db.selectFrom("operator_notice").selectAll().execute();
}

async function comments(app: App) {
  return app.db.selectFrom("comment").selectAll().execute();
}

async function openNotices(app: App) {
  return (await notices(app)).filter(({ cleared_at }) => cleared_at === null);
}

async function homeOf(app: App, userId: string) {
  const actor = app.simulator.as(userId);
  await actor.openHome();
  return until(app, () => actor.home());
}
