import type { IncomingMessage } from "node:http";
import { parseAct } from "./act-schema.ts";
import { act } from "./acts.ts";
import { answer, type Exchange, type HttpAnswer, readBody } from "./http-answer.ts";
import { streamChanges } from "./live.ts";
import type { Acted } from "./page/contract.ts";
import { pageFile } from "./page-files.ts";
import { markRead, messagesFor, worldFor } from "./page-world.ts";
import { pictureOf } from "./picture.ts";
import type { Person } from "./records.ts";
import type { Sim } from "./sim.ts";

/** The page's four doors: what a person sees, what changes, what they do. */
export async function servePage({ sim, request, response, url }: Exchange): Promise<void> {
  if (url.pathname === "/sim/act") {
    answer(response, await answerAct(sim, request));
    return;
  }
  if (url.pathname === "/sim/picture") {
    answer(response, pictureOf(sim.world.people.get(url.searchParams.get("of") ?? "")));
    return;
  }
  const me = sim.world.people.get(url.searchParams.get("as") ?? "");
  if (!me || me.isBot) answer(response, { status: 404, body: "There is no such person." });
  else if (url.pathname === "/sim/live") streamChanges(sim, me, response);
  else answer(response, readFor(sim, me, url));
}

/** The page itself, and the links of messages, which open it at their thread. */
export async function serveFile({ sim, request, response, url }: Exchange): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    answer(response, { status: 405, body: "Method Not Allowed" });
    return;
  }
  const place = placeOfLink(url);
  if (place) {
    response.writeHead(302, { Location: `${sim.origin}/#${place}` }).end();
    return;
  }
  const file = await pageFile(url.pathname);
  if (!file) {
    answer(response, { status: 404, body: "Not Found" });
    return;
  }
  answer(response, {
    status: 200,
    headers: { "Content-Type": file.type, "Referrer-Policy": "no-referrer", ...file.headers },
    body: file.body,
  });
}

function readFor(sim: Sim, me: Person, url: URL): HttpAnswer {
  if (url.pathname === "/sim/world") return { status: 200, body: worldFor(sim, me) };
  if (url.pathname !== "/sim/messages") return { status: 404, body: "Not Found" };
  const channel = url.searchParams.get("channel") ?? "";
  const messages = messagesFor(sim, me, channel, url.searchParams.get("thread") ?? undefined);
  markRead(sim, me, channel);
  return { status: 200, body: { messages } };
}

async function answerAct(sim: Sim, request: IncomingMessage): Promise<HttpAnswer> {
  if (request.method !== "POST") return { status: 405, body: "Use POST." };
  // A form of another site cannot send this type without asking first.
  if (!request.headers["content-type"]?.startsWith("application/json"))
    return { status: 415, body: "Send application/json." };
  const what = parseAct(await readBody(request));
  if (!what) return { status: 400, body: "Not an act." };
  const outcome = await act(sim, what);
  const acted: Acted = outcome.ok ? { ok: true } : outcome;
  return { status: 200, body: acted };
}

function placeOfLink(url: URL): URLSearchParams | undefined {
  const link = /^\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})$/.exec(url.pathname);
  if (!link) return undefined;
  const [, channel = "", seconds, micros] = link;
  const thread = url.searchParams.get("thread_ts") ?? `${seconds}.${micros}`;
  return new URLSearchParams({ in: channel, thread });
}
