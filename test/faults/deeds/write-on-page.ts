import { browserOf } from "../people/browser.ts";
import { deskOf, isToldEverywhere } from "../people/effects.ts";
import { untilItWorks } from "../people/patience.ts";
import type { Known, Town } from "../people/town.ts";
import { type Done, doneAs } from "./done.ts";

/** On the page of their ticket a visitor replies, or says that it is solved. */
export async function writeOnPage(
  town: Town,
  step: "inform" | "solve",
  ticket: Known,
): Promise<Done> {
  const { world } = town;
  const at = Date.now();
  const token = world.newToken();
  const path = ticket.page ?? "";
  const browser = browserOf(world, ticket.token);
  const looked = await untilItWorks(() => browser.look(path));
  // The same press with the same words, by whichever page they see.
  const form = { step, ...(step === "inform" && { body: token }) };
  const came =
    looked.outcome === "ok" ? await untilItWorks(() => browser.send(path, form)) : looked;
  const { requester: by, token: about } = ticket;
  const op = doneAs({ token, deed: step, by, at, ticket: about }, came);
  if (came.outcome !== "ok") return { op };
  if (step === "inform") {
    if (ticket.status !== "new") ticket.status = "open";
    return { op, isThere: () => isToldEverywhere(world, ticket, op) };
  }
  ticket.status = "solved";
  const isTold = () =>
    deskOf(world, ticket).some((entry) => entry.to === "solved" && entry.at.getTime() >= at);
  return { op, isThere: isTold };
}
