import { setTimeout as sleep } from "node:timers/promises";
import type { Acted } from "#simulator/page/contract.ts";
import type { Op } from "../world/history.ts";

const PATIENCE_MS = 90_000;
const PAUSE_MS = 700;

/** What one try came to, and what the person read. */
export type Came = { outcome: Op["outcome"]; said?: string; number?: string };
export type Tried = Came & { tries: number };

/** People press again when Slack says that the app is silent, or when the app asks them to. */
export async function untilItWorks(attempt: () => Promise<Came>): Promise<Tried> {
  const deadline = Date.now() + PATIENCE_MS;
  let tries = 0;
  let last: Came = { outcome: "failed" };
  do {
    if (tries > 0) await sleep(PAUSE_MS);
    tries += 1;
    last = await attempt();
  } while (last.outcome !== "ok" && Date.now() < deadline);
  return { ...last, tries };
}

/** Slack's own sentences mean that nobody knows; the app's mean no. */
export function judge(acted: Acted): Came {
  if (acted.ok) return { outcome: "ok" };
  if (acted.errors) return { outcome: "failed", said: Object.values(acted.errors).join("; ") };
  return { outcome: "unknown", said: acted.refused ?? "" };
}
