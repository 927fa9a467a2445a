import { setTimeout as sleep } from "node:timers/promises";
import { FACTS } from "../../support/ticket-walk.ts";
import { type Browser, browserOf } from "../people/browser.ts";
import { type Came, untilItWorks } from "../people/patience.ts";
import type { Town } from "../people/town.ts";
import { type Done, doneAs } from "./done.ts";

const READS_MS = 3100; // nobody fills the form faster

/** The web form, filled and sent; then a mail with a link is there. */
export async function askByWeb(town: Town, token: string): Promise<Done> {
  const { world } = town;
  const at = Date.now();
  const by = addressOf(token);
  const browser = browserOf(world, token);
  const opened = await untilItWorks(() => browser.look("/request"));
  await sleep(READS_MS);
  const form = { ...FACTS, name: "Mika", email: by, subject: token };
  const sent = opened.outcome === "ok" ? await untilItWorks(sender(browser, form)) : opened;
  const op = doneAs({ token, deed: "ask-by-web", by, at }, sent);
  return { op, isThere: () => world.mail.to(by).length > 0 };
}

export function addressOf(token: string): string {
  return `${token}@web.example`;
}

/** The browser works while they type: what it found is sent again, too. */
function sender(browser: Browser, form: Record<string, string>): () => Promise<Came> {
  let proof: string | undefined;
  return async () => {
    proof ??= await browser.prove().catch(() => undefined);
    if (proof === undefined) return { outcome: "unknown", said: "no challenge" };
    return browser.send("/request", { ...form, proof });
  };
}
