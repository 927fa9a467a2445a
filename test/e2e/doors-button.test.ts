import { afterAll, beforeAll, expect, it } from "vitest";
import { EXT_BETA, HELP, RANDOM, startTestApp, type TestApp } from "../support/app.ts";
import { buttonsOf, FACTS, says, textOf, type Walk, walk } from "../support/ticket-walk.ts";

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("lets people of another company submit a ticket, which belongs to the channel's account", async () => {
  const [ben, sol] = [w.as("U0BEN"), w.as("U0SOL")];

  const told = await w.told(ben, EXT_BETA, () => ben.command(EXT_BETA, "/support", "button"));
  expect(says(told, "The button will be posted in this channel in a moment.")).toBe(true);
  const posted = await w.until(() =>
    sol.messages(EXT_BETA).find((each) => buttonsOf(each).length === 1),
  );
  const form = await sol.pressForModal(posted, "Submit a ticket");
  const { modal } = await sol.submit(form, { ...FACTS, subject: "From the button" });

  const number = /DL-\d+/.exec(textOf(modal?.blocks))?.[0] ?? "none";
  await w.card(sol, EXT_BETA, number);
  expect(says(await w.triage(number), "Beta")).toBe(true);
  const { account_id, requester_team_id, requester_user_id } = await app.db
    .selectFrom("ticket")
    .selectAll()
    .where("number", "=", Number(number.slice("DL-".length)))
    .executeTakeFirstOrThrow();
  expect({ account_id, requester_team_id, requester_user_id }).toEqual({
    account_id: "beta",
    requester_team_id: "T0KUMO",
    requester_user_id: "U0SOL",
  });
});

it("is posted once, in the words of whoever posts it, by the customer's admin as well", async () => {
  const dana = w.as("U0DANA");
  app.simulator.faults.add({ kind: "redelivery", times: 1 });

  await w.told(dana, HELP, () => dana.command(HELP, "/support", "button"));

  await w.until(() => dana.messages(HELP).find((each) => says(each, "Press the button")));
  await w.file(dana, HELP, "After the button");
  await w.until(() => dana.messages(HELP).find((each) => says(each, "After the button")));
  expect(dana.messages(HELP).filter((each) => says(each, "Press the button"))).toHaveLength(1);
});

it.each([
  ["U0TOM", HELP, "Only support agents and this account's admins can post the button."],
  ["U0HANA", HELP, "ボタンを投稿できるのは、サポート担当者と管理者だけです。"],
  ["U0DANA", RANDOM, "The app cannot post here."],
])("is refused to %s in %s, with the reason", async (userId, channel, sentence) => {
  const who = w.as(userId);
  await w.told(who, channel, () => who.command(channel, "/support")); // from here on their language is known

  const told = await w.told(who, channel, () => who.command(channel, "/support", "button"));

  expect(says(told, sentence)).toBe(true);
});
