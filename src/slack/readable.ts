import { z } from "zod";
import type { AckKind } from "#metrics.ts";

/** Signed, and still nothing that Slack sends: refused once, and not asked for again. */
export class Unreadable extends Error {
  override name = "Unreadable";
}

const id = z.string().min(1);
const text = z.string().optional();
const thing = z.looseObject({});
const by = {
  user: z.looseObject({ id, name: text, username: text, team_id: text }),
  team: z.looseObject({ id }).nullish(),
};
const view = z.looseObject({
  id,
  callback_id: z.string(),
  private_metadata: z.string(),
  blocks: z.array(z.looseObject({ type: z.string() })),
});
const values = z.record(z.string(), z.record(z.string(), thing));

/** The least that everything behind relies on. What is in the fields of a form is for its feature to judge. */
const shapes = {
  event_callback: z.looseObject({
    team_id: id,
    event_id: id,
    event: z.looseObject({
      type: id,
      // Bolt looks into these three without asking what they are.
      user: z.union([z.string(), thing]).optional(),
      channel: z.union([z.string(), thing]).optional(),
      item: thing.optional(),
    }),
  }),
  command: z.looseObject({
    command: z.string().startsWith("/"),
    team_id: id,
    user_id: id,
    channel_id: id,
    text: z.string(),
    trigger_id: id,
    user_name: text,
    response_url: text,
  }),
  block_actions: z.looseObject({
    ...by,
    trigger_id: id,
    actions: z.array(z.looseObject({ action_id: id })).min(1),
    channel: z.looseObject({ id }).nullish(),
    response_url: text,
  }),
  view_submission: z.looseObject({
    ...by,
    trigger_id: id.optional(),
    view: view.extend({ state: z.looseObject({ values }) }),
  }),
  view_closed: z.looseObject({ ...by, view }),
  shortcut: z.looseObject({ ...by, callback_id: id, trigger_id: id }),
  message_action: z.looseObject({
    ...by,
    callback_id: id,
    trigger_id: id,
    channel: z.looseObject({ id }),
    message: z.looseObject({ ts: id, thread_ts: text, text: text }),
    response_url: text,
  }),
} as const;

/** Throws Unreadable, which names fields and never what is in them. */
export function mustBeReadable(body: Record<string, unknown>): void {
  const kind = kindOf(body);
  if (!Object.hasOwn(shapes, kind)) throw new Unreadable("it is of no known type");
  const read = shapes[kind as keyof typeof shapes].safeParse(body); // it is one of the keys
  if (read.success) return;
  const fields = read.error.issues.map(({ path }) => path.slice(0, 3).join("."));
  throw new Unreadable(`it lacks what a ${kind} has: ${fields.slice(0, 5).join(", ")}`);
}

const counted: Record<string, AckKind> = {
  view_submission: "view",
  block_actions: "press",
  command: "command",
};

/** What it counts as, whoever sent it and whatever it says of itself. */
export function ackKindOf(body: Record<string, unknown>): AckKind {
  const kind = kindOf(body);
  if (kind !== "event_callback")
    return Object.hasOwn(counted, kind) ? (counted[kind] ?? "other") : "other";
  const event = thing.safeParse(body.event);
  return event.data?.type === "message" ? "message" : "event";
}

/** In the order in which Bolt decides. */
function kindOf(body: Record<string, unknown>): string {
  if (body.event !== undefined) return "event_callback";
  if (body.command !== undefined) return "command";
  if (body.actions !== undefined) return "block_actions";
  return String(body.type);
}
