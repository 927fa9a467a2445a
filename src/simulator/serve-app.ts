import { answerApi } from "./api.ts";
import { answer, type Exchange, type HttpAnswer, readBody } from "./http-answer.ts";
import { useResponseUrl } from "./response-urls.ts";
import type { Sim } from "./sim.ts";
import { SlackError } from "./slack-error.ts";

/** What the app calls: `/api/METHOD` and `/actions/TEAM/ID`, its response_urls. */
export async function serveApp({ sim, request, response, url }: Exchange): Promise<void> {
  if (request.method !== "POST") {
    answer(response, { status: 405, body: "Use POST." });
    return;
  }
  const [, door, methodOrTeam = ""] = url.pathname.split("/");
  if (sim.faults.strike(["outage"], methodOrTeam)) {
    request.socket.destroy();
    return;
  }
  const body = await readBody(request);
  const result: HttpAnswer =
    door === "actions"
      ? answerResponseUrl(sim, url, body)
      : await answerApi(sim, methodOrTeam, request, body);
  if (result.drop) request.socket.destroy();
  else answer(response, result);
}

function answerResponseUrl(sim: Sim, url: URL, body: string): HttpAnswer {
  const result = tryResponseUrl(sim, url.pathname.split("/").at(-1) ?? "", body);
  const ok = result.status === 200;
  sim.witness({
    what: "response",
    url: new URL(url.pathname, sim.origin).href,
    body,
    ok,
    at: Date.now(),
  });
  return result;
}

function tryResponseUrl(sim: Sim, id: string, body: string): HttpAnswer {
  try {
    useResponseUrl(sim, id, parse(body));
    return { status: 200, body: "ok" };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const isOver = ["used_url", "expired_url", "invalid_url"].includes(error.code);
    return { status: isOver ? 404 : 400, body: { ok: false, error: error.code } };
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new SlackError("invalid_payload");
  }
}
