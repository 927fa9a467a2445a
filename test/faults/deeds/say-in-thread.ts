import { cardOf, isFileThere, isToldEverywhere } from "../people/effects.ts";
import type { Known, Town } from "../people/town.ts";
import { chooseFile } from "./choose-file.ts";
import { type Done, doneAs } from "./done.ts";

/** Typed in the ticket's thread: what requesters do most. */
export async function sayInThread(
  town: Town,
  ticket: Known,
  { hasFile = false } = {},
): Promise<Done> {
  const { world } = town;
  const by = ticket.requester;
  const token = world.newToken();
  const person = world.person(by);
  const file = hasFile ? await chooseFile(person, world.newToken()) : undefined;
  const at = Date.now();
  const card = cardOf(world, ticket);
  const acted =
    card && (await person.send(card.channel, token, card.ts, file ? [file.id] : undefined));
  const outcome = acted?.ok ? "ok" : "failed";
  const said = { token, deed: "say", by, at, ticket: ticket.token, ...(file && { file }) } as const;
  const op = doneAs(said, { outcome });
  if (outcome === "ok" && ticket.status !== "new") ticket.status = "open";
  const isThere = () => isToldEverywhere(world, ticket, op) && isFileThere(world, ticket, file);
  return { op, isThere };
}
