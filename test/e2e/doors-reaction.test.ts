import { afterAll, beforeAll, expect, it } from "vitest";
import type { Actor } from "#simulator/actor.ts";
import { HELP, startTestApp, type TestApp } from "../support/app.ts";
import { buttonsOf, FACTS, says, textOf, type Walk, walk } from "../support/ticket-walk.ts";

const GENERAL = "C0ACMEGEN";
const OFFER = { en: "File a ticket from this message", ja: "このメッセージから問い合わせる" };
const { description: _typed, ...facts } = FACTS;

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ env: { DESKLINE_CONFIG: "policy.example.yaml" }, paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("offers the form in the message's thread, and files from there", async () => {
  const [hana, tom] = [w.as("U0HANA"), w.as("U0TOM")];
  const message = await tom.send(HELP, "The API says 500 & @Hana knows");

  await hana.react(HELP, message.ts, "ticket");
  const offer = await w.until(() => offers(hana, message.ts, OFFER.ja)[0]);
  expect(offer.text).toContain("<@U0HANA> さん");

  await hana.pressForModal(offer, OFFER.ja);
  const form = await w.until(() =>
    hana.modals().find((each) => JSON.stringify(each).includes("The API says 500 & @Hana knows")),
  );
  const { modal } = await hana.submit(form, { ...facts, topic: "api", subject: "From 🎫" });
  const number = /DL-\d+/.exec(textOf(modal?.blocks))?.[0] ?? "none";
  await w.until(() => hana.thread(HELP, message.ts).find((each) => says(each, number)));
});

it("offers it once for a message and person, to each who asks, also on a reply", async () => {
  const [tom, dana] = [w.as("U0TOM"), w.as("U0DANA")];
  const root = await tom.send(HELP, "A question");
  const reply = await dana.send(HELP, "It is broken for me, too", root.ts);
  app.simulator.faults.add({ kind: "redelivery", times: 1 });

  for (const who of [tom, tom, tom, dana]) await who.react(HELP, reply.ts, "ticket"); // Tom's second takes it back

  const offered = () => offers(dana, root.ts, OFFER.en).map(({ text }) => text.split(":")[0]);
  await w.until(() => offered().length > 1);
  expect(offered().toSorted()).toEqual(["<@U0DANA>", "<@U0TOM>"]);
});

it("does nothing elsewhere, for another reaction, or in the thread of a ticket", async () => {
  const tom = w.as("U0TOM");
  const form = await tom.command(HELP, "/ticket", "Filed already");
  await tom.submit(form, { ...FACTS, topic: "api" });
  const card = await w.card(tom, HELP, "Filed already");
  const elsewhere = await tom.send(GENERAL, "Not here");
  const other = await tom.send(HELP, "Not this");

  await tom.react(GENERAL, elsewhere.ts, "ticket");
  await tom.react(HELP, other.ts, "eyes");
  await tom.react(HELP, card.ts, "ticket");
  const last = await tom.send(HELP, "But this");
  await tom.react(HELP, last.ts, "ticket");

  await w.until(() => offers(tom, last.ts, OFFER.en)[0]);
  expect(tom.thread(GENERAL, elsewhere.ts)).toHaveLength(1);
  expect(tom.thread(HELP, other.ts)).toHaveLength(1);
  expect(offers(tom, card.ts, OFFER.en)).toEqual([]);
});

it("does nothing on what the app itself wrote", async () => {
  const tom = w.as("U0TOM");
  const message = await tom.send(HELP, "Offered once");
  await tom.react(HELP, message.ts, "ticket");
  const offer = await w.until(() => offers(tom, message.ts, OFFER.en)[0]);

  await tom.react(HELP, offer.ts, "ticket");
  const last = await tom.send(HELP, "And this");
  await tom.react(HELP, last.ts, "ticket");

  await w.until(() => offers(tom, last.ts, OFFER.en)[0]);
  expect(offers(tom, message.ts, OFFER.en)).toHaveLength(1);
});

it("opens the form without words when the message is gone", async () => {
  const tom = w.as("U0TOM");
  const message = await tom.send(HELP, "Soon gone");
  await tom.react(HELP, message.ts, "ticket");
  const offer = await w.until(() => offers(tom, message.ts, OFFER.en)[0]);
  app.simulator.world.deleteMessage(HELP, message.ts);

  await tom.pressForModal(offer, OFFER.en);

  await w.until(() => tom.modals().find(({ submit }) => submit === "Submit"));
});

function offers(who: Actor, root: string, label: string) {
  return who.thread(HELP, root).filter((each) => buttonsOf(each).includes(label));
}
