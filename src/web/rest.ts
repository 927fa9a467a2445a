import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** A key of DESKLINE_API_KEYS: the name that the history has, and the SHA-256 of the key in hex. */
export type ApiKey = { name: string; sha256: string };

export type RestRequest = {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
};
export type RestAnswer = { status: number; body?: unknown; allow?: string };

/** What stands under `/v1/<name>/<id>`. */
export type Resource = {
  /** Undefined: there is none. */
  read(id: string): Promise<unknown>;
  /** Replaces all of it. Faults when it may not look like that. */
  replace(id: string, body: unknown, by: ApiKey): Promise<{ faults: Fault[] } | { saved: unknown }>;
};
export type Fault = { path: string; message: string };

const PATH = /^\/v1\/([a-z]+)\/([^/]+)$/;

/** The REST API: JSON, a key in `Authorization: Bearer …`. The same request twice leaves what it left once. */
export function createRest(keys: readonly ApiKey[], resources: Record<string, Resource>) {
  return async (request: RestRequest): Promise<RestAnswer> => {
    const key = keyOf(keys, request.headers.authorization);
    if (!key)
      return refusal(401, "Send one of DESKLINE_API_KEYS as `Authorization: Bearer <key>`.");
    const [, name = "", id = ""] = PATH.exec(request.path) ?? [];
    const resource = Object.hasOwn(resources, name) ? resources[name] : undefined;
    if (!resource) return refusal(404, "There is nothing at this address.");
    if (request.method === "GET") return read(resource, id);
    if (request.method === "PUT") return replace(resource, { id, request, key });
    return { ...refusal(405, "GET and PUT are known here."), allow: "GET, PUT" };
  };
}

async function read(resource: Resource, id: string): Promise<RestAnswer> {
  const body = await resource.read(id);
  return body === undefined ? refusal(404, `There is no ${id}.`) : { status: 200, body };
}

async function replace(
  resource: Resource,
  { id, request, key }: { id: string; request: RestRequest; key: ApiKey },
): Promise<RestAnswer> {
  const body = parsed(request.body);
  if (body === undefined) return refusal(400, "The body must be JSON.");
  const outcome = await resource.replace(id, body, key);
  if ("faults" in outcome) return { status: 400, body: { errors: outcome.faults } };
  return { status: 200, body: outcome.saved };
}

/** Compared in the same time whatever was sent. */
function keyOf(keys: readonly ApiKey[], authorization = ""): ApiKey | undefined {
  const given = createHash("sha256")
    .update(authorization.replace(/^Bearer /i, ""))
    .digest();
  return keys.find(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, "hex"), given));
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function refusal(status: number, message: string): RestAnswer {
  return { status, body: { errors: [{ path: "", message }] } };
}
