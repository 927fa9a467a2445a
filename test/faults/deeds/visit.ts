import { triageCardOf } from "../people/effects.ts";
import type { Known, Town } from "../people/town.ts";
import { askByWeb } from "./ask-by-web.ts";
import { comment } from "./comment.ts";
import { confirm } from "./confirm.ts";
import { carryOut, type Done } from "./done.ts";
import { writeOnPage } from "./write-on-page.ts";

const CARD_MS = 60_000;

/**
 * Somebody without Slack, from the form to a solved ticket: they ask, confirm by the link of the mail, add something and a file,
 * read the agents' reply, and are done. Who does not confirm has asked for nothing.
 */
export async function visit(town: Town, { confirms = true } = {}): Promise<void> {
  const { world } = town;
  const token = world.newToken();
  const asked = await carryOut(town, askByWeb(town, token));
  if (!asked.isSettled || !confirms) return;
  goOn(town, await confirm(town, token));
  const ticket = town.tickets.find((one) => one.token === token);
  if (!ticket) return;
  await write(town, ticket, () => writeOnPage(town, "inform", ticket));
  await write(town, ticket, () => writeOnPage(town, "inform", ticket, { hasFile: true }));
  await world.slack.until(() => triageCardOf(world, ticket), CARD_MS);
  if (triageCardOf(world, ticket)) {
    await write(town, ticket, () => comment(town, "reply", ticket));
  }
  await write(town, ticket, () => writeOnPage(town, "solve", ticket));
}

/** Others work on it as well; what is solved meanwhile needs no more words. */
async function write(town: Town, ticket: Known, deed: () => Promise<Done>): Promise<void> {
  const done = await town.alone([ticket.token], async () =>
    ticket.status === "solved" ? undefined : deed(),
  );
  if (done) goOn(town, done);
}

/** What comes of it is waited for beside what they do next. */
function goOn(town: Town, done: Done): void {
  town.begin(carryOut(town, Promise.resolve(done)));
}
