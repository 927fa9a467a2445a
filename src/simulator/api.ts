import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { checkArguments, readArguments } from "./api-args.ts";
import type { Fields } from "./block-rules.ts";
import type { HttpAnswer } from "./http-answer.ts";
import { type Method, needScope } from "./method.ts";
import { METHODS } from "./methods.ts";
import type { FaultView } from "./page/contract.ts";
import type { Install } from "./records.ts";
import { APP_TOKEN } from "./seed.ts";
import type { ApiCall, Sim } from "./sim.ts";
import { SlackError } from "./slack-error.ts";

/** One Web API call, refused or run as Slack would. */
export async function answerApi(
  sim: Sim,
  methodName: string,
  request: IncomingMessage,
  body: string,
): Promise<HttpAnswer> {
  const slow = sim.faults.strike(["slow"], methodName);
  if (slow) await sleep(slow.ms ?? 1000);
  const call: ApiCall = { method: methodName, teamId: "", args: {}, ok: false, at: Date.now() };
  sim.calls.push(call);
  const answer = tryCall(sim, request, body, call);
  const fault = answer.status === 200 && sim.faults.strike(["accepted-then-dropped"], methodName);
  sim.witness({ what: "call", ...call, answer: answer.body, dropped: Boolean(fault) });
  return fault ? { ...answer, drop: true } : answer;
}

function tryCall(sim: Sim, request: IncomingMessage, body: string, call: ApiCall): HttpAnswer {
  try {
    const fault = sim.faults.strike(["429", "500"], call.method);
    if (fault) return struck(fault, call);
    const method = findMethod(call.method);
    const sent = readArguments(request, body);
    const token = tokenOf(request, sent);
    const { token: _, ...given } = sent;
    call.args = given;
    const install = authorize(sim, method, token);
    call.teamId = install.teamId;
    needScope(sim, ...(method.scopes ?? []));
    const wait = sim.pace.take(method.tier, paceKey(call));
    if (wait > 0) return ratelimited(wait, call);
    call.args = checkArguments(given, { ...method.args, team_id: "string" });
    refuseOtherTeam(call);
    const answer = method.run({ sim, install, args: call.args });
    call.ok = true;
    return ok(sim, { ok: true, ...answer });
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    call.error = error.code;
    return ok(sim, { ok: false, error: error.code, ...error.more });
  }
}

function findMethod(name: string): Method {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (!method) throw new SlackError("unknown_method", { req_method: name });
  return method;
}

function tokenOf(request: IncomingMessage, sent: Fields): string | undefined {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  return bearer ?? (typeof sent.token === "string" ? sent.token : undefined);
}

const NOBODY: Install = { teamId: "", token: "", botUserId: "", botId: "", state: "installed" };

function authorize(sim: Sim, method: Method, token: string | undefined): Install {
  if (method.token === "none") return NOBODY;
  if (!token) throw new SlackError("not_authed");
  if (method.token === "app") {
    if (token === APP_TOKEN) return NOBODY;
    throw new SlackError(token.startsWith("xapp-") ? "invalid_auth" : "not_allowed_token_type");
  }
  if (token === APP_TOKEN) throw new SlackError("not_allowed_token_type");
  const install = sim.world.installs.values().find((each) => each.token === token);
  if (!install) throw new SlackError("invalid_auth");
  if (install.state === "revoked") throw new SlackError("token_revoked");
  if (install.state === "uninstalled") throw new SlackError("account_inactive");
  return install;
}

/** Bolt adds team_id to every call; a call that names another workspace than its token's went astray. */
function refuseOtherTeam({ args, teamId }: ApiCall): void {
  if (args.team_id && teamId && args.team_id !== teamId)
    throw new SlackError("team_access_not_granted");
}

/** Per method and workspace; messages per channel. */
function paceKey({ method, teamId, args }: ApiCall): string {
  const place = method === "chat.postMessage" ? String(args.channel) : "";
  return `${teamId} ${method} ${place}`;
}

function struck(fault: FaultView, call: ApiCall): HttpAnswer {
  if (fault.kind === "429") return ratelimited(fault.retryAfter ?? 1, call);
  call.error = "internal_error";
  return {
    status: 500,
    headers: { "Content-Type": "text/html" },
    body: "<html><body>Internal Server Error</body></html>",
  };
}

function ratelimited(seconds: number, call: ApiCall): HttpAnswer {
  call.error = "ratelimited";
  return {
    status: 429,
    headers: { "Retry-After": String(seconds) },
    body: { ok: false, error: "ratelimited" },
  };
}

function ok(sim: Sim, body: Fields): HttpAnswer {
  return { status: 200, headers: { "X-OAuth-Scopes": sim.manifest.scopes.join(",") }, body };
}
