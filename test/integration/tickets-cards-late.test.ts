import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { onFaultPoint } from "#fault-points.ts";
import type { Actor } from "#simulator/actor.ts";
import { takeStep } from "#tickets/step.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { failAt } from "../support/fail-at.ts";
import { says } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

let worker: TicketWorker;
beforeEach(async () => {
  worker = await openTicketWorker();
});
afterEach(async () => {
  onFaultPoint(async () => {});
  await worker[Symbol.asyncDispose]();
});

it.each([
  ["triage card", "ticket.post-triage-card", "U0AKI", AGENTS, "お客様の返答待ち"],
  ["card", "ticket.post-card", "U0HANA", HELP, "お客様の返答待ち"],
] as const)(
  "shows a step on the %s that was taken between its post and the worker's death",
  async (_card, job, reader, channel, status) => {
    const { db, simulator, runFirst, runAll } = worker;
    const { number, ...ref } = await fileTicket(db);
    await runFirst("ticket.file");
    if (job === "ticket.post-triage-card") {
      await runFirst("ticket.post-card");
      await runFirst("ticket.link-card");
    }
    const struck = failAt("once.after-send");
    await runFirst(job); // Slack has it, and nobody noted that
    expect(struck()).toBe(1);

    await takeStep(db, ref, {
      step: "ask",
      by: { kind: "agent", userId: "U0AKI", name: "Aki" },
      body: "Which browser?",
      delivery: { source: "slack.view", key: randomUUID() },
    });
    await runAll();

    expect(cardOf(simulator.as(reader), channel, number)).toSatisfy((card) => says(card, status));
  },
);

function cardOf(reader: Actor, channel: string, number: string) {
  const card = reader.messages(channel).find((message) => says(message, number));
  if (!card) throw new Error(`There is no card of ${number}.`);
  return card;
}
