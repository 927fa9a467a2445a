import { pathIn } from "../../support/web-page.ts";
import { type Browser, browserOf } from "../people/browser.ts";
import { isFiled } from "../people/effects.ts";
import { type Came, untilItWorks } from "../people/patience.ts";
import type { Known, Town } from "../people/town.ts";
import { addressOf } from "./ask-by-web.ts";
import { type Done, doneAs } from "./done.ts";

/** The link of the mail, and the press that files what was typed; then there is a page of the ticket. */
export async function confirm(town: Town, token: string): Promise<Done> {
  const { world } = town;
  const at = Date.now();
  const by = addressOf(token);
  const browser = browserOf(world, token);
  const link = pathIn(world.mail.to(by)[0]?.text ?? "");
  const looked = await untilItWorks(() => browser.look(link));
  const came = looked.outcome === "ok" ? await untilItWorks(() => press(browser, link)) : looked;
  const op = doneAs({ token: world.newToken(), deed: "confirm", by, at, ticket: token }, came);
  if (came.outcome !== "ok" || !came.number) return { op };
  const known: Known = {
    ...{ token, requester: by, number: came.number, status: "new" },
    page: browser.wentTo(),
  };
  town.tickets.push(known);
  return { op, isThere: () => isFiled(world, known) };
}

/** Twice is once: both lead to the page that names the ticket. */
async function press(browser: Browser, link: string): Promise<Came> {
  const pressed = await browser.send(link, {});
  if (pressed.outcome !== "ok") return pressed;
  const seen = await browser.look(browser.wentTo());
  const number = /DL-\d+/.exec(browser.page())?.[0];
  return { ...seen, ...(number && { number }) };
}
