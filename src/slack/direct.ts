import type { Language } from "#db/tables.ts";
import type { Run } from "#jobs/handlers.ts";
import { channelLane, type Lane, methodLane } from "#jobs/lanes.ts";
import type { Message } from "./blocks.ts";
import { isUnreachable, SlackRefused } from "./failures.ts";
import type { Messenger } from "./messenger.ts";
import type { People, PersonAddress } from "./people.ts";

export type DirectReader = { language: Language; timeZone: string };
/** What is known of the way to a person, as the payload of the job has it. */
export type Way = { reader?: DirectReader | undefined; channelId?: string | undefined };
type Next = { way: Way; key: string; lane: Lane };

/**
 * One call of the way to a person: who they are, the conversation with them, the message, or its edit. Answers the next, which is a
 * job of its own in the lane of its method or channel, so that a 429 of one holds up no other; undefined when it is said.
 */
export async function sayDirectly(
  { messenger, people }: { messenger: Messenger; people: People },
  run: Run,
  message: {
    key: string;
    to: PersonAddress;
    way: Way;
    draw(reader: DirectReader): Message;
    how?: "and-finish";
    /** Of the message that stands in its place: it is edited. */
    ts?: string;
  },
): Promise<Next | undefined> {
  const { key, to, way, draw, how, ts } = message;
  const { teamId, userId } = to;
  const { language, timeZone } = way.reader ?? people.known(to) ?? (await people.ask(to));
  const reader = { language, timeZone };
  if (way.channelId) {
    const at = { teamId, channelId: way.channelId };
    if (ts) await messenger.edit(run, { ...at, ts }, draw(reader));
    else await messenger.post(run, key, at, draw(reader), how);
    return undefined;
  }
  if (!way.reader) {
    const lane = methodLane(teamId, "conversations.open");
    return { way: { reader }, key: `${key}:reader`, lane };
  }
  const { channelId } = await messenger.openDm(run, teamId, userId);
  const lane = ts ? methodLane(teamId, "chat.update") : channelLane(teamId, channelId);
  return { way: { reader, channelId }, key: `${key}:${channelId}`, lane };
}

/** Slack: conversations.open and users.info about somebody who is not there any more. */
const LEFT = new Set(["user_disabled", "user_not_found", "users_not_found", "user_not_visible"]);

export function hasLeft(error: unknown): error is SlackRefused {
  return isUnreachable(error) || (error instanceof SlackRefused && LEFT.has(error.code));
}
