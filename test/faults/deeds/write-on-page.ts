import { browserOf } from "../people/browser.ts";
import { deskOf, isFileThere, isToldEverywhere } from "../people/effects.ts";
import { untilItWorks } from "../people/patience.ts";
import type { Known, Town } from "../people/town.ts";
import { fileOnPage } from "./choose-file.ts";
import { type Done, doneAs } from "./done.ts";

/** On the page of their ticket a visitor replies, or says that it is solved. */
export async function writeOnPage(
  town: Town,
  step: "inform" | "solve",
  ticket: Known,
  { hasFile = false } = {},
): Promise<Done> {
  const { world } = town;
  const at = Date.now();
  const token = world.newToken();
  const path = ticket.page ?? "";
  const browser = browserOf(world, ticket.token);
  const looked = await untilItWorks(() => browser.look(path));
  // The same press with the same words, by whichever page they see.
  const form = { step, ...(step === "inform" && { body: token }) };
  const brought = hasFile ? fileOnPage(world.newToken()) : undefined;
  const send = () =>
    brought
      ? browser.sendFile(path, form, new File([brought.content], brought.file.name))
      : browser.send(path, form);
  const came = looked.outcome === "ok" ? await untilItWorks(send) : looked;
  const { requester: by, token: about } = ticket;
  const file = brought?.file;
  const op = doneAs({ token, deed: step, by, at, ticket: about, ...(file && { file }) }, came);
  if (came.outcome !== "ok") return { op };
  if (step === "inform") {
    if (ticket.status !== "new") ticket.status = "open";
    const isThere = () => isToldEverywhere(world, ticket, op) && isFileThere(world, ticket, file);
    return { op, isThere };
  }
  ticket.status = "solved";
  const isTold = () =>
    deskOf(world, ticket).some((entry) => entry.to === "solved" && entry.at.getTime() >= at);
  return { op, isThere: isTold };
}
