import { z } from "zod";
import type { Act } from "./page/contract.ts";

const channel = z.string();
const ts = z.string();
const text = z.string().max(40_000);
const files = z.array(z.string()).max(10).optional();
const viewId = z.string();
const element = z.looseObject({ type: z.string() });
const values = z.record(z.string(), z.record(z.string(), element));
const as = z.string();

/** What the page may post to /sim/act. */
const Acts = z.discriminatedUnion("do", [
  z.object({ as, do: z.literal("send"), channel, threadTs: ts.optional(), text, files }),
  z.object({ as, do: z.literal("edit"), channel, ts, text }),
  z.object({ as, do: z.literal("delete"), channel, ts }),
  z.object({ as, do: z.literal("react"), channel, ts, name: z.string() }),
  z.object({ as, do: z.literal("command"), channel, command: z.string(), text }),
  z.object({
    as,
    do: z.literal("shortcut"),
    callbackId: z.string(),
    message: z.object({ channel, ts }).optional(),
  }),
  z.object({
    as,
    do: z.literal("action"),
    at: z.union([
      z.object({ message: z.object({ channel, ts }) }),
      z.object({ viewId, values }),
      z.object({ home: z.literal(true) }),
    ]),
    blockId: z.string(),
    actionId: z.string(),
    element,
  }),
  z.object({ as, do: z.literal("submit"), viewId, values }),
  z.object({ as, do: z.literal("close"), viewId, all: z.boolean().optional() }),
  z.object({
    as,
    do: z.literal("run-step"),
    callbackId: z.string(),
    inputs: z.record(z.string(), z.unknown()),
  }),
  z.object({ as, do: z.literal("open-home") }),
  z.object({ as, do: z.literal("open-dm") }),
  z.object({ as, do: z.literal("invite-app"), channel }),
  z.object({ as, do: z.literal("remove-app"), channel }),
  z.object({ as, do: z.literal("archive"), channel, archived: z.boolean() }),
  z.object({
    as,
    do: z.literal("fault"),
    fault: z.object({
      kind: z.enum([
        ...(["429", "500", "outage", "accepted-then-dropped"] as const),
        ...(["slow", "redelivery", "disconnect"] as const),
      ]),
      method: z.string().optional(),
      times: z.int().min(1).optional(),
      share: z.number().min(0).max(1).optional(),
      retryAfter: z.int().min(0).optional(),
      ms: z.int().min(0).max(600_000).optional(),
    }),
  }),
  z.object({ as, do: z.literal("end-fault"), id: z.string().optional() }),
]);

/** The act, or nothing when it is none. */
export function parseAct(json: string): Act | undefined {
  try {
    // JSON has no undefined, so an absent field is absent as the contract wants it.
    return Acts.parse(JSON.parse(json)) as Act;
  } catch {
    return undefined;
  }
}
