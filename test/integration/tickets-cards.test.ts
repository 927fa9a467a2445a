import { afterAll, beforeAll, expect, it } from "vitest";
import { claimDue } from "#jobs/claims.ts";
import { runJob } from "#jobs/run.ts";
import { postCard } from "#tickets/outbox.ts";
import { lockTicket, mustBeInSlack } from "#tickets/store.ts";
import { HELP } from "../support/app.ts";
import { says } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

let world: TicketWorker;
beforeAll(async () => {
  world = await openTicketWorker();
});
afterAll(() => world[Symbol.asyncDispose]());

it("posts one card when the jobs for the channel and for the direct message come alive together", async () => {
  const { db, context } = world;
  const hana = world.simulator.as("U0HANA");
  await hana.openDm();
  const dm = hana.dm() ?? "";
  const ticket = await fileTicket(db);
  await db.transaction().execute(async (tx) => {
    const now = mustBeInSlack(await lockTicket(tx, ticket));
    await postCard(tx, now);
    await postCard(tx, now, { to: "dm", dmId: dm });
  });

  const both = await claimDue(db, 10);
  await Promise.all(both.map((job) => runJob(context, job)));
  await world.runFirst("ticket.post-card"); // neither waits for ever: they come again at moments of their own
  await world.runAll();

  const cards = [HELP, dm].flatMap((channel) => hana.messages(channel));
  expect(both.filter(({ name }) => name === "ticket.post-card")).toHaveLength(2);
  expect(cards.filter((card) => says(card, ticket.number))).toHaveLength(1);
});
