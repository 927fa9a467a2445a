import { FAKE_DESK_SECRET } from "../../support/fake-desk.ts";
import { signDelivery } from "../../support/http-desk-news.ts";
import { deskOf, isToldEverywhere } from "../people/effects.ts";
import { type Came, untilItWorks } from "../people/patience.ts";
import type { Known, Town } from "../people/town.ts";
import { type Done, doneAs } from "./done.ts";

/** The desk's own people answer, solve or open again; the desk tells it until it is taken. */
export async function tellNews(
  town: Town,
  kind: "comment" | "solved" | "reopened",
  ticket: Known,
): Promise<Done> {
  const { world } = town;
  const token = world.newToken();
  const at = Date.now();
  const ticketId = deskOf(world, ticket)[0]?.ticketId;
  const type = kind === "comment" ? "ticket.commented" : `ticket.${kind}`;
  const data = { ticketId, author: "Mika", ...(kind === "comment" && { body: token }) };
  const signed = signDelivery(FAKE_DESK_SECRET, { type, data }, { id: `msg_${token}` });
  const came = await untilItWorks(() => deliver(world.newsUrl, signed));
  const doing = { token, deed: "news", by: "desk", at, ticket: ticket.token } as const;
  const op = doneAs(doing, { ...came, said: kind });
  if (came.outcome !== "ok") return { op };
  ticket.status = kind === "solved" ? "solved" : "open";
  return kind === "comment" ? { op, isThere: () => isToldEverywhere(world, ticket, op) } : { op };
}

async function deliver(
  url: string,
  { headers, body }: ReturnType<typeof signDelivery>,
): Promise<Came> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: headers as Record<string, string>, // our own, each once
      body,
      signal: AbortSignal.timeout(5000),
    });
    await answer.body?.cancel();
    if (answer.ok) return { outcome: "ok" };
    return { outcome: "failed", said: String(answer.status) };
  } catch (error) {
    return { outcome: "unknown", said: String(error) };
  }
}
