import { afterEach, beforeEach, expect, it } from "vitest";
import type { MessageView } from "#simulator/page/contract.ts";
import { takeStep } from "#tickets/step.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { says } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

let worker: TicketWorker;
beforeEach(async () => {
  worker = await openTicketWorker({ policy: { agents_language: "en" } });
});
afterEach(() => worker[Symbol.asyncDispose]());

it("speaks the agents' language to agents and the requester's to the requester", async () => {
  const { db, simulator, runAll } = worker;
  const { number, ...ref } = await fileTicket(db, { channelId: HELP });
  await runAll();
  await takeStep(db, ref, {
    step: "inform",
    by: { kind: "requester", userId: "U0HANA", name: "Hana" },
    body: "まだ続いています。",
    delivery: { source: "slack.view", key: "inform" },
  });
  await runAll();

  const agent = simulator.as("U0AKI");
  const triage = cardIn(agent.messages(AGENTS), number);
  expect(says(triage, "Requester")).toBe(true);
  const [told] = agent.thread(AGENTS, triage.ts).slice(1);
  expect(told && says(told, "added information")).toBe(true);
  const hana = simulator.as("U0HANA");
  const card = cardIn(hana.messages(HELP), number);
  expect(says(card, "お問い合わせした人")).toBe(true);
  const [said] = hana.thread(HELP, card.ts).slice(1);
  expect(said && says(said, "情報を追加しました")).toBe(true);
});

function cardIn(messages: MessageView[], number: string): MessageView {
  const card = messages.find((message) => says(message, number));
  if (!card) throw new Error(`There is no card of ${number}.`);
  return card;
}
