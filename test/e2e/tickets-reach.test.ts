import { afterAll, beforeAll, expect, it } from "vitest";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { AGENTS, HELP, RANDOM, startTestApp, type TestApp } from "../support/app.ts";
import { textOf, type Walk, walk } from "../support/ticket-walk.ts";

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ mode: "http", paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("hears a reply that comes before Slack has told the card's address", async () => {
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  app.simulator.faults.add({ kind: "slow", method: "chat.getPermalink", ms: 2000, times: 1 });
  const number = await w.file(hana, HELP, "すぐに返信");
  const card = await w.card(hana, HELP, number);
  await expect
    .poll(() => app.db.selectFrom("ticket").select("card_ts").executeTakeFirst())
    .toEqual({ card_ts: card.ts });

  await hana.send(HELP, "書き忘れました。", card.ts);

  await w.inThread(aki, await w.triage(number), "書き忘れました。");
  await w.shows(aki, await w.triage(number), `<${card.permalink}|お客様のスレッド>`);
});

it("tells the agents that a person cannot be reached, and holds up nobody else", async () => {
  const [hana, tom, aki] = [w.as("U0HANA"), w.as("U0TOM"), w.as("U0AKI")];
  const modal = await hana.command(RANDOM, "/ticket", "届かない");
  app.simulator.faults.add({ kind: "500", method: "conversations.open", times: 1 }); // long enough to go
  const number = await w.submitFiled(hana, modal?.id);
  app.simulator.world.deactivate("U0HANA");

  const triage = await w.triage(number);
  const form = await aki.pressForModal(triage, "ticket.reply");
  await sayToCustomer(aki, form, { body: "届きますか?" });
  const other = await w.file(tom, RANDOM, "Meanwhile");
  await w.until(() => tom.messages(tom.dm() ?? "").find((each) => each.text.includes(other)));

  const told = await w.inThread(aki, triage, "お客様にSlackでお知らせできません。");
  const [dead] = await app.db
    .selectFrom("job")
    .select(["id", "name"])
    .where("dead_at", "is not", null)
    .execute();
  expect(dead?.name).toBe("ticket.post-card");
  expect(textOf(told.blocks)).toContain(dead?.id.slice(0, 8));
  expect(aki.thread(AGENTS, triage.ts)).toHaveLength(3); // the card, the reply, and this
}, 60_000);
