import type { IncomingMessage } from "node:http";
import { type Fields, isFields } from "./block-rules.ts";
import { invalidArguments, SlackError } from "./slack-error.ts";

export type ArgType = "string" | "boolean" | "integer" | "object" | "array" | "json";
/** A name that ends in "!" is required. */
export type Args = Record<string, ArgType>;

/** The arguments as sent: form fields are strings, JSON has its own types. */
export function readArguments(request: IncomingMessage, body: string): Fields {
  const type = request.headers["content-type"]?.split(";")[0]?.trim();
  if (type === "application/x-www-form-urlencoded")
    return Object.fromEntries(new URLSearchParams(body));
  if (type === "application/json") return readJson(body);
  if (!type && body === "") return {};
  throw new SlackError(type ? "invalid_post_type" : "missing_post_type");
}

/** Typed arguments, or everything that is wrong with them. */
export function checkArguments(sent: Fields, expected: Args): Fields {
  const types = new Map(
    Object.entries(expected).map(([name, type]) => [name.replace("!", ""), type]),
  );
  const faults: string[] = [];
  const args: Fields = {};
  for (const [name, value] of Object.entries(sent)) {
    const type = types.get(name);
    const refuse = (why: string) => void faults.push(`[ERROR] ${why} [json-pointer:/${name}]`);
    if (type) args[name] = convert(value, type, refuse);
    else faults.push(`[ERROR] unknown argument: ${name}`);
  }
  faults.push(...missing(args, expected));
  if (faults.length > 0) throw invalidArguments(faults);
  return args;
}

function missing(args: Fields, expected: Args): string[] {
  return Object.keys(expected)
    .filter((name) => name.endsWith("!"))
    .map((name) => name.slice(0, -1))
    .filter((name) => args[name] === undefined || args[name] === "")
    .map((name) => `[ERROR] missing required field: ${name}`);
}

function readJson(body: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new SlackError("invalid_json");
  }
  if (!isFields(parsed)) throw new SlackError("json_not_object");
  return parsed;
}

type Refuse = (why: string) => void;

function convert(value: unknown, type: ArgType, refuse: Refuse): unknown {
  // Slack takes an empty field of a form as one that was not sent; only text may be empty.
  if (value === null || (value === "" && type !== "string")) return undefined;
  switch (type) {
    case "string":
      return typeof value === "string" ? value : refuse("must be a string");
    case "boolean":
      return toBoolean(value, refuse);
    case "integer":
      return toInteger(value, refuse);
    default:
      return toStructure(value, type, refuse);
  }
}

function toBoolean(value: unknown, refuse: Refuse): boolean | undefined {
  if (value === true || value === "true" || value === "1" || value === 1) return true;
  if (value === false || value === "false" || value === "0" || value === 0) return false;
  refuse("must be a boolean");
  return undefined;
}

function toInteger(value: unknown, refuse: Refuse): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number)) return number;
  refuse("must be an integer");
  return undefined;
}

function toStructure(value: unknown, type: ArgType, refuse: Refuse): unknown {
  const parsed = typeof value === "string" ? parseOrUndefined(value) : value;
  // "json" leaves the shape to the method, which has its own error for it, e.g. invalid_blocks_format.
  if (type === "json") return parsed ?? value;
  if (type === "array" ? Array.isArray(parsed) : isFields(parsed)) return parsed;
  refuse(`must be an ${type}`);
  return undefined;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
