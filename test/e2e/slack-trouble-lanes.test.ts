import { describe, expect, it } from "vitest";
import { AGENTS, HELP, RANDOM } from "../support/app.ts";
import { startBehindProxy } from "./slack-proxied.ts";
import { cardIn, replyUnder, says, settled, submit, until, untilTrue } from "./slack-trouble.ts";

const LONG = { status: 429, headers: { "retry-after": "20" } };
const SOON_MS = 8000;

describe("a 429", () => {
  it("of chat.getPermalink holds up no message, and the agents get their card without the link", async () => {
    await using world = await startBehindProxy();
    const { app, proxy } = world;
    proxy.strike("chat.getPermalink", LONG, { times: 1 });
    const begun = Date.now();

    const first = await submit(app);
    const card = await cardIn(app, HELP, first);
    await untilTrue(async () => proxy.struck().length > 0);
    const second = await submit(app);
    await cardIn(app, HELP, second);
    const triage = await cardIn(app, AGENTS, first);
    await app.simulator.as("U0TOM").send(HELP, "It is getting worse.", card.ts);
    await replyUnder(app, triage, "It is getting worse.");

    expect(Date.now() - begun).toBeLessThan(SOON_MS);
    expect(says(triage, "Customer's thread")).toBe(false);
    expect((await lanesBehind(world)).map(({ key }) => key)).toEqual([
      "method/T0ACME/chat.getPermalink",
    ]);
  });

  it("of conversations.open holds up no message, and every card for a DM comes when it is over", async () => {
    await using world = await startBehindProxy();
    const { app, proxy } = world;
    const tom = app.simulator.as("U0TOM");
    proxy.strike(
      "conversations.open",
      { status: 429, headers: { "retry-after": "4" } },
      { times: 1 },
    );

    const forDm = [await submit(app, { channel: RANDOM }), await submit(app, { channel: RANDOM })];
    await untilTrue(async () => proxy.struck().length > 0);
    const begun = Date.now();
    await cardIn(app, HELP, await submit(app));

    expect(Date.now() - begun).toBeLessThan(3500);
    expect((await lanesBehind(world)).map(({ key }) => key)).toEqual([
      "method/T0ACME/conversations.open",
    ]);
    const dm = await until(app, () => tom.dm());
    for (const number of forDm) await cardIn(app, dm, number);
    await settled(app);
  });
});

/** Lanes whose next turn is more than two seconds away. */
async function lanesBehind({ app }: Awaited<ReturnType<typeof startBehindProxy>>) {
  const lanes = await app.db.selectFrom("lane").select(["key", "next_at"]).execute();
  return lanes.filter(({ next_at }) => next_at.getTime() > Date.now() + 1500);
}
