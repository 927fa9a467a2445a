import { expect, it } from "vitest";
import { postTriageCard } from "#tickets/outbox.ts";
import { lockTicket } from "#tickets/store.ts";
import { AGENTS, startTestApp } from "../support/app.ts";
import { startSecondApp } from "../support/second-app.ts";
import { buttonsOf, says, textOf, walk } from "../support/ticket-walk.ts";
import { fileTicket } from "../support/tickets.ts";

it("leads an agent from the digest to the card, with its buttons", async () => {
  await using app = await startTestApp({ mode: "http", env: { DESKLINE_ROLE: "web" } });
  const tickets = await Promise.all(Array.from({ length: 21 }, () => fileTicket(app.db)));
  const [chosen] = tickets;
  if (!chosen) throw new Error("There is no ticket.");
  const agentsChannel = { teamId: "T0KUMO", channelId: AGENTS };
  await app.db.transaction().execute(async (tx) => {
    for (const ref of tickets) await postTriageCard(tx, await lockTicket(tx, ref), agentsChannel);
  });
  const { as, until, told } = walk(app);
  const aki = as("U0AKI");

  await using _worker = await startSecondApp(app);
  const digest = await until(() => aki.messages(AGENTS).find((each) => says(each, "21件")));
  const choice = `${chosen.accountId}/${chosen.ticketId}`;
  const choose = () => aki.choose({ ts: digest.ts }, "ticket.digest", choice);
  const first = await told(aki, AGENTS, choose);
  const card = await until(() =>
    aki.messages(AGENTS).find((each) => each.ts !== digest.ts && says(each, chosen.number)),
  );
  const second = await told(aki, AGENTS, choose);

  expect(textOf(first.blocks)).toContain(`${chosen.number}のカードを、まもなく`);
  expect(buttonsOf(card)).toContain("担当する");
  expect(textOf(second.blocks)).toContain("すでにこのチャンネルにあります");
});
