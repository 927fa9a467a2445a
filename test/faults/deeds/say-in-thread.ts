import { cardOf, isToldEverywhere } from "../people/effects.ts";
import type { Known, Town } from "../people/town.ts";
import { type Done, doneAs } from "./done.ts";

/** Typed in the ticket's thread: what requesters do most. */
export async function sayInThread(town: Town, ticket: Known): Promise<Done> {
  const { world } = town;
  const by = ticket.requester;
  const token = world.newToken();
  const at = Date.now();
  const card = cardOf(world, ticket);
  const acted = card && (await world.person(by).send(card.channel, token, card.ts));
  const outcome = acted?.ok ? "ok" : "failed";
  const op = doneAs({ token, deed: "say", by, at, ticket: ticket.token }, { outcome });
  if (outcome === "ok" && ticket.status !== "new") ticket.status = "open";
  return { op, isThere: () => isToldEverywhere(world, ticket, op) };
}
