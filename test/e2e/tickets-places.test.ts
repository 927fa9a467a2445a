import { afterAll, beforeAll, expect, it } from "vitest";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { HELP, RANDOM, startTestApp, type TestApp } from "../support/app.ts";
import { says, textOf, type Walk, walk } from "../support/ticket-walk.ts";

const LEADS = "C0ACMELEADS";

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it.each([
  ["a channel without the app", RANDOM],
  ["a private channel without the app", LEADS],
])("answers %s in the person's DM, and says why", async (_where, channel) => {
  const hana = w.as("U0HANA");

  const number = await w.file(hana, channel, "Somewhere else");

  const card = await dmCard(number);
  expect(textOf(card.blocks)).toContain(
    `<#${channel}>にはこのアプリが投稿できないため、ここでお知らせします。`,
  );
  expect(hana.messages(channel).some((each) => says(each, number))).toBe(false);
  await answerReaches(number);
});

it("answers a person who asked in the app's DM there, without excuses", async () => {
  const hana = w.as("U0HANA");
  await hana.openDm();

  const modal = await hana.command(hana.dm() ?? "", "/ticket", "In the DM");
  const { modal: shown } = await hana.submit(modal, facts("low"));

  expect(textOf(shown?.blocks)).toContain("このアプリとのメッセージでお知らせします");
  const number = await numberIn(hana, textOf(shown?.blocks));
  expect(textOf((await dmCard(number)).blocks)).not.toContain("投稿できないため");
  await answerReaches(number);
});

it("answers a person who asked on the Home tab in their DM", async () => {
  const hana = w.as("U0HANA");
  await hana.openHome();
  await w.until(() => hana.home());

  const modal = await hana.pressForModal("home", "お問い合わせを送信");
  const { modal: shown } = await hana.submit(modal, { subject: "From Home", ...facts("low") });

  expect(textOf(shown?.blocks)).not.toContain("<#");
  expect(textOf(shown?.blocks)).toContain("このアプリとのメッセージでお知らせします");
  const number = await numberIn(hana, textOf(shown?.blocks));
  expect(textOf((await dmCard(number)).blocks)).not.toContain("投稿できないため");
  await answerReaches(number);
});

it("says beforehand that it may be the DM", async () => {
  const hana = w.as("U0HANA");

  const modal = await hana.command(RANDOM, "/ticket", "Where?");
  const { modal: shown } = await hana.submit(modal, facts("low"));

  const text = textOf(shown?.blocks);
  expect(text).toMatch(
    `<#${RANDOM}>でお知らせします。投稿できないときは、このアプリとのメッセージで`,
  );
  await dmCard(await numberIn(hana, text));
});

it("answers in the DM when the channel was archived while the form was open", async () => {
  const hana = w.as("U0HANA");
  const modal = await hana.command(HELP, "/ticket", "Archived meanwhile");
  app.simulator.world.archive(HELP);

  const number = await w.submitFiled(hana, modal?.id);

  expect(textOf((await dmCard(number)).blocks)).toContain(`<#${HELP}>`);
  app.simulator.world.archive(HELP, false);
});

it("tells what happened before the card could be posted, in order", async () => {
  app.simulator.faults.add({ kind: "500", method: "conversations.open" });
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  const number = await w.file(hana, RANDOM, "Slow to appear");
  const triage = await w.triage(number);
  for (const body of ["one", "two"]) {
    const form = await aki.pressForModal(triage, "ticket.reply");
    await sayToCustomer(aki, form, { body });
  }
  app.simulator.faults.end();
  const card = await dmCard(number);

  const form = await aki.pressForModal(triage, "ticket.reply");
  await sayToCustomer(aki, form, { body: "three" });
  await w.inThread(hana, card, "three");

  const bodies = await w.until(() => {
    const thread = hana.thread(card.channel, card.ts).slice(1);
    return thread.length === 3 && thread.map(({ text }) => text.split("> ").at(-1));
  });
  expect(bodies).toEqual(["one", "two", "three"]);
});

function facts(priority: string) {
  return {
    description: "どこで答えますか?",
    what: "question",
    who: "some",
    workaround: "none",
    priority,
  };
}

async function numberIn(who: ReturnType<Walk["as"]>, text: string): Promise<string> {
  await who.close(who.modals().at(-1));
  return /DL-\d+/.exec(text)?.[0] ?? "";
}

async function dmCard(number: string) {
  const hana = w.as("U0HANA");
  return w.until(() =>
    hana.messages(hana.dm() ?? "").findLast((each) => number !== "" && says(each, number)),
  );
}

/** What an agent replies is read in the thread of the card, wherever that is, and what is said there reaches them. */
async function answerReaches(number: string): Promise<void> {
  const [hana, aki] = [w.as("U0HANA"), w.as("U0AKI")];
  const form = await aki.pressForModal(await w.triage(number), "ticket.reply");
  await sayToCustomer(aki, form, { body: `Answer to ${number}` });
  const card = await dmCard(number);
  await w.inThread(hana, card, `Answer to ${number}`);
  await hana.send(card.channel, `Thanks for ${number}`, card.ts);
  await w.inThread(aki, await w.triage(number), `Thanks for ${number}`);
}
