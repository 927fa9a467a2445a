import { describe, expect, it } from "vitest";
import { AGENTS, HELP, startTestApp } from "../support/app.ts";
import { startBehindProxy } from "./slack-proxied.ts";
import {
  cardIn,
  cardsIn,
  reply,
  replyUnder,
  settled,
  submit,
  until,
  waiting,
} from "./slack-trouble.ts";

const GENERAL = "C0ACMEGEN";

// Each waits most of its time, so they wait together.
describe.concurrent("what takes long", { timeout: 90_000 }, () => {
  it("a message that takes longer than we wait is one message", async () => {
    await using app = await startTestApp();
    app.simulator.faults.add({ kind: "slow", method: "chat.postMessage", ms: 12_000, times: 1 });

    const number = await submit(app);
    await cardIn(app, HELP, number);
    await settled(app);

    expect(cardsIn(app, HELP, number)).toHaveLength(1);
    const posts = app.simulator.calls().filter(({ method, ok, args }) => {
      return method === "chat.postMessage" && ok && args.channel === HELP;
    });
    expect(posts).toHaveLength(1);
  });

  it("an outage of 8 seconds loses nothing and doubles nothing", async () => {
    await using app = await startTestApp({ mode: "http" });
    const numbers = [await submit(app), await submit(app, { channel: GENERAL })];
    for (const number of numbers) await cardIn(app, AGENTS, number);
    const outage = app.simulator.faults.add({ kind: "outage" });
    const aki = app.simulator.as("U0AKI");
    const triage = await cardIn(app, AGENTS, numbers[0] ?? "");

    await expect(aki.press({ ts: triage.ts }, "ticket.take")).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 8000));
    app.simulator.faults.end(outage);
    await reply(app, numbers[0] ?? "", "We are back.");
    const third = await submit(app);
    await replyUnder(app, await cardIn(app, HELP, numbers[0] ?? ""), "We are back.");
    await cardIn(app, AGENTS, third);
    await settled(app);

    for (const number of [...numbers, third]) expect(cardsIn(app, AGENTS, number)).toHaveLength(1);
  });

  it("an unknown refusal of the card, tried three times more, leads into the DM", async () => {
    await using world = await startBehindProxy();
    const { app, proxy } = world;
    const refused = { body: '{"ok":false,"error":"brand_new_refusal"}' };
    proxy.strike("chat.postMessage", refused, { channel: HELP });
    const tom = app.simulator.as("U0TOM");

    const number = await submit(app);
    const dm = await until(app, () => tom.dm());
    await cardIn(app, dm, number);
    await cardIn(app, AGENTS, number);

    const dead = (await waiting(app)).filter(({ dead_at }) => dead_at !== null);
    expect(dead).toMatchObject([
      { name: "ticket.post-card", last_error: expect.stringContaining("brand_new_refusal") },
    ]);
    expect(proxy.struck()).toHaveLength(4); // the first, and three more
  });

  it("a refusal of an answer leaves a sentence with a reference, and the operator a row", {
    timeout: 60_000,
  }, async () => {
    await using world = await startBehindProxy();
    const { app, proxy } = world;
    const number = await submit(app);
    const card = await cardIn(app, HELP, number);
    proxy.strike(
      "chat.postMessage",
      { body: '{"ok":false,"error":"msg_too_long"}' },
      { channel: HELP, times: 4 },
    );

    await reply(app, number, "Try it again now.");
    const told = await replyUnder(app, card, "Reference");
    const row = await app.db
      .selectFrom("job")
      .select(["id", "name", "last_error"])
      .where("dead_at", "is not", null)
      .executeTakeFirstOrThrow();

    expect(row).toMatchObject({ name: "ticket.tell-customer" });
    expect(row.last_error).toContain("msg_too_long");
    expect(told.text).toContain(row.id.slice(0, 8));
  });
});
