import { afterAll, beforeAll, expect, it } from "vitest";
import type { Actor } from "#simulator/actor.ts";
import type { ModalView } from "#simulator/page/contract.ts";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { HELP, RANDOM, startTestApp, type TestApp } from "../support/app.ts";
import { buttonsOf, FACTS, says, textOf, type Walk, walk } from "../support/ticket-walk.ts";

const FROM_MESSAGE = "ticket.open-from-message";
const { description: _typed, ...facts } = FACTS;

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("files what somebody wrote, and answers in that message's thread", async () => {
  const [tom, hana, aki] = [w.as("U0TOM"), w.as("U0HANA"), w.as("U0AKI")];
  const message = await hana.send(HELP, "https://example.com says <500> to @Dana, see #help");

  await tom.shortcut(FROM_MESSAGE, message);
  const form = await w.until(() => tom.modals().find((each) => typedIn(each)));
  expect(textOf(form.blocks)).toContain("The ticket links to the message you chose.");
  expect(typedIn(form)).toBe("https://example.com says <500> to @Dana, see #help");
  const number = await submit(tom, form, "From a message");

  const card = await w.inThread(tom, at(message), number);
  expect(textOf(card.blocks)).toContain("|The message it was filed from>");
  expect(tom.messages(HELP).some((each) => says(each, number))).toBe(false);
  const triage = await w.triage(number);
  expect(textOf(triage.blocks)).toContain(`/archives/${HELP}/p${message.ts.replace(".", "")}|`);
  expect(await messageUrlAtDesk(number)).toContain(`/archives/${HELP}/p`);

  const reply = await aki.pressForModal(triage, "ticket.reply");
  await sayToCustomer(aki, reply, { body: "Look at the proxy" });
  await w.inThread(tom, at(message), "Look at the proxy");
  await hana.send(HELP, "It was the proxy", message.ts);
  await w.inThread(aki, triage, "It was the proxy");
  await aki.press(triage, "ticket.solve");
  await w.until(() =>
    tom.thread(HELP, message.ts).find((each) => each.ts === card.ts && says(each, "Solved")),
  );
});

it("answers a reply in the thread it stands in", async () => {
  const tom = w.as("U0TOM");
  const root = await tom.send(HELP, "Is anything wrong today?");
  const reply = await tom.send(HELP, "Yes, I cannot sign in", root.ts);

  const number = await submit(tom, await tom.shortcut(FROM_MESSAGE, reply), "From a reply");

  await w.inThread(tom, at(root), number);
  expect(textOf((await w.triage(number)).blocks)).toContain(`thread_ts=${root.ts}`);
});

it("leaves a thread to the ticket that has it, and begins one of its own", async () => {
  const tom = w.as("U0TOM");
  const message = await tom.send(HELP, "Two things are broken");
  const first = await submit(tom, await tom.shortcut(FROM_MESSAGE, message), "The first");
  await w.inThread(tom, at(message), first);

  const second = await submit(tom, await tom.shortcut(FROM_MESSAGE, message), "The second");

  await w.card(tom, HELP, second);
  expect(tom.thread(HELP, message.ts).some((each) => says(each, second))).toBe(false);
});

it("answers in the person's DM where the app cannot post", async () => {
  const hana = w.as("U0HANA");
  const message = await w.as("U0DANA").send(RANDOM, "The export is empty");

  const form = await hana.shortcut(FROM_MESSAGE, message);
  const number = await submit(hana, form, "From #random");

  const dm = await w.until(() => hana.dm());
  const card = await w.card(hana, dm, number);
  expect(textOf(card.blocks)).toContain("|元のメッセージ>");
  const [triage, ben] = [await w.triage(number), w.as("U0BEN")];
  const reply = await ben.pressForModal(triage, "ticket.reply");
  await sayToCustomer(ben, reply, { body: "Export again, please" });
  await w.inThread(hana, card, "Export again, please");
});

it("answers in the DM when the message is gone before its thread has the card", async () => {
  const tom = w.as("U0TOM");
  const message = await tom.send(HELP, "Gone in a moment");
  const form = await tom.shortcut(FROM_MESSAGE, message);
  app.simulator.world.deleteMessage(HELP, message.ts);

  const number = await submit(tom, form, "From a message that is gone");

  const dm = await w.until(() => tom.dm());
  const card = await w.card(tom, dm, number);
  expect(buttonsOf(card)).toEqual(["Add information", "Correct the facts"]);
});

it("files without the link when Slack does not say it", async () => {
  const tom = w.as("U0TOM");
  const message = await tom.send(HELP, "No link to this");
  const form = await tom.shortcut(FROM_MESSAGE, message);
  app.simulator.faults.add({
    kind: "429",
    method: "chat.getPermalink",
    retryAfter: 600,
  });

  const number = await submit(tom, form, "Without a link");

  const card = await w.inThread(tom, at(message), number);
  expect(textOf(card.blocks)).not.toContain("|The message it was filed from>");
});

async function submit(who: Actor, form: ModalView, subject: string): Promise<string> {
  const { modal, errors } = await who.submit(form, { ...facts, subject });
  const number = /DL-\d+/.exec(textOf(modal?.blocks))?.[0];
  if (!number) throw new Error(`No number: ${JSON.stringify(errors ?? modal)}`);
  await who.close(modal);
  return number;
}

function typedIn(form: ModalView): unknown {
  const description = form.blocks.find(({ block_id }) => block_id === "description");
  const element = description?.element as { initial_value?: string } | undefined; // it is an input
  return element?.initial_value;
}

function at(message: { channel: string; ts: string }) {
  return message as Parameters<Walk["inThread"]>[1]; // only where it stands is read
}

async function messageUrlAtDesk(number: string): Promise<unknown> {
  const row = await app.db
    .selectFrom("desk_ticket")
    .select("ticket")
    .where("number", "=", number)
    .executeTakeFirstOrThrow();
  return row.ticket.messageUrl;
}
