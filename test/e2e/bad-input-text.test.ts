import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveAccount } from "#accounts/store.ts";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { liveTokens } from "./live-tokens.ts";
import { cardIn, reply, replyUnder, says, settled, submit, until } from "./slack-trouble.ts";

const HOSTILE = [
  "<!channel> <!here> <!everyone> <!subteam^S0ALL> <!date^1392734382^{date}|now>",
  "<@U0DANA> <@U0DANA|boss> <#C0ACMELEADS> <#C0ACMELEADS|leads>",
  "<https://evil.example|https://bank.example> <mailto:a@b.example|mail> <slack://x>",
  "*bold* _it_ ~gone~ `code` ```block``` > quote",
  "&lt;!channel&gt; &amp;lt;!channel&amp;gt; &#60;!channel&#62; < ! c >",
  "\u202Egnp.exe\u202C \u200Bzero\u2060width",
] as const;
const ALL = HOSTILE.join("\n");
const NAME = "*Ann* _<!channel>_ ~<@U0DANA>~ `x`";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ paced: false });
  await saveAccount(app.db, { id: "acme", name: `Acme ${ALL.slice(0, 100)}`, plan: "paid" });
  for (const person of ["U0TOM", "U0AKI", "U0BEN"]) {
    app.simulator.world.changePerson(person, { name: NAME });
  }
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

/** Mentions and links that the app itself means, and nothing else. */
const MEANT = [
  /^<@U0TOM>$/, // the requester on the card and in a question
  /^<@U0AKI>$/,
  /^<@U0BEN>$/,
  /^<#C0ACMEHELP>$/,
  /^<#C0AGENTS>$/,
  /^<!date\^\d{10}\^\{date_short_pretty\} \{time\}\|\d+ \w+ \d{4}, \d\d:\d\d \(UTC\)>$/, // when it was filed
  /^<http:\/\/127\.0\.0\.1:\d+\/archives\/[A-Z0-9]+\/p\d+\|[^<>|]+>$/,
];

/** All that the simulator got from the app, as calls, answers to deliveries and what stands now. */
function sent(): unknown[] {
  const { world } = app.simulator;
  const { messages, ephemerals, views } = world;
  const ours = messages().filter((message) => message.botId);
  return [...app.simulator.calls().map(({ args }) => args), ...ours, ...ephemerals(), ...views()];
}

describe("markup in every field", () => {
  it("is shown as it was typed, and none of it is live", async () => {
    const tom = app.simulator.as("U0TOM");
    const aki = app.simulator.as("U0AKI");
    const ben = app.simulator.as("U0BEN");
    const opened = await tom.command(HELP, "/ticket", ALL.replaceAll("\n", " "));
    await tom.close(opened);

    const numbers: string[] = [];
    for (const hostile of [...HOSTILE, ALL, fill(ALL, 3000)]) {
      const values = { subject: hostile.replaceAll("\n", " ").slice(0, 150), description: hostile };
      numbers.push(await submit(app, { values }));
    }
    const [first = ""] = numbers;
    const card = await cardIn(app, HELP, first);
    const triage = await cardIn(app, AGENTS, first);
    await aki.press({ ts: triage.ts }, "ticket.take");
    await ben.press({ ts: triage.ts }, "ticket.take"); // "… took it before you" names Aki
    await until(app, () => ben.ephemerals(AGENTS).at(-1));
    await reply(app, first, fill(ALL, 3000));
    const asking = await aki.pressForModal({ ts: triage.ts }, "ticket.ask");
    await sayToCustomer(aki, asking, { body: ALL });
    const informing = await tom.pressForModal({ ts: card.ts }, "ticket.inform");
    await tom.submit(informing, { body: ALL });
    await tom.send(HELP, `In the thread: ${ALL}`, card.ts);
    for (const words of [
      ALL.replaceAll("\n", " "),
      "status:<!channel>",
      "status:*x*",
      "<@U0AKI>",
    ]) {
      await tom.command(HELP, "/tickets", words);
      await tom.command(HELP, "/support-access", words);
    }
    await aki.press({ ts: triage.ts }, "ticket.solve");
    await tom.command(HELP, "/tickets");
    await replyUnder(app, triage, "In the thread");
    await settled(app);

    const live = liveTokens(sent()).filter(({ token }) => !MEANT.some((each) => each.test(token)));
    expect(live).toEqual([]);
    expect(liveTokens(sent()).length).toBeGreaterThan(numbers.length); // it does find what we mean
    for (const number of numbers) await cardIn(app, AGENTS, number);
  });

  it("in a name changes nothing of the sentence around it", () => {
    const told = app.simulator.world
      .messages()
      .filter((message) => message.botId && says(message, "Ann"))
      .flatMap((message) => mrkdwnIn(message.blocks));

    expect(told.length).toBeGreaterThan(5);
    expect(told.filter((text) => /\*Ann\*|_&lt;|~&lt;|`x`/.test(text))).toEqual([]);
  });

  it("is never parsed, unfurled or linked by Slack on its own", () => {
    const posts = app.simulator.calls().filter(({ method }) => method === "chat.postMessage");

    expect(posts.length).toBeGreaterThan(10);
    for (const { args } of posts) {
      expect(args).toMatchObject({ parse: "none", link_names: false, unfurl_links: false });
    }
    expect(mrkdwnObjects(sent()).filter(({ verbatim }) => verbatim !== true)).toEqual([]);
  });
});

/** Text of exactly this length whose end falls into the middle of markup. */
function fill(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

function mrkdwnIn(blocks: unknown): string[] {
  return mrkdwnObjects(blocks).map(({ text }) => text);
}

function mrkdwnObjects(value: unknown): { text: string; verbatim?: boolean }[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnObjects);
  if (typeof value !== "object" || value === null) return [];
  const record = value as Record<string, unknown>;
  if (record.type === "mrkdwn") return [record as { text: string; verbatim?: boolean }];
  return Object.values(record).flatMap(mrkdwnObjects);
}
