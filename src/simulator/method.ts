import type { Args } from "./api-args.ts";
import type { Fields } from "./block-rules.ts";
import type { Tier } from "./pace.ts";
import type { Channel, Install, Message, Person } from "./records.ts";
import { appIsIn, knows, teamsOf } from "./see.ts";
import type { Sim } from "./sim.ts";
import { SlackError } from "./slack-error.ts";

export type Call = { sim: Sim; install: Install; args: Fields };

export type Method = {
  args: Args;
  /** One of these must be granted; the method itself asks for the one its channel needs. */
  scopes?: readonly string[];
  tier: Tier;
  /** Which token it takes; a bot's unless said otherwise. */
  token?: "app" | "none";
  run(call: Call): Fields;
};

export function textArg(call: Call, name: string): string {
  const value = call.args[name];
  return typeof value === "string" ? value : "";
}

/** A conversation that this workspace's token may know of; a private one only as a member. */
export function channelArg(call: Call, name = "channel"): Channel {
  const channel = call.sim.world.channels.get(textArg(call, name));
  if (!channel || !teamsOf(channel).includes(call.install.teamId))
    throw new SlackError("channel_not_found");
  if (channel.kind !== "channel" && !isMember(call, channel))
    throw new SlackError("channel_not_found");
  return channel;
}

export function isMember(call: Call, channel: Channel): boolean {
  return appIsIn(call.sim.world, channel, call.install.teamId);
}

export function messageArg(call: Call, channel: Channel, name = "ts"): Message {
  const message = call.sim.world.messages.get(channel.id, textArg(call, name));
  if (!message || message.tombstone) throw new SlackError("message_not_found");
  return message;
}

export function personArg(call: Call, name = "user"): Person {
  const { world } = call.sim;
  const person = world.people.get(textArg(call, name));
  if (!person) throw new SlackError("user_not_found");
  if (!knows(world, call.install.teamId, person)) throw new SlackError("user_not_visible");
  return person;
}

const SCOPE_WORD = { channel: "channels", private: "groups", dm: "im" } as const;

/** E.g. groups:history for a private channel. */
export function needChannelScope(call: Call, channel: Channel, what: "read" | "history"): void {
  needScope(call.sim, `${SCOPE_WORD[channel.kind]}:${what}`);
}

export function needScope(sim: Sim, ...anyOf: string[]): void {
  const provided = sim.manifest.scopes;
  if (anyOf.length === 0 || anyOf.some((scope) => provided.includes(scope))) return;
  throw new SlackError("missing_scope", {
    needed: anyOf.join(","),
    provided: provided.join(","),
  });
}

/** One page of a list and Slack's cursor for the next. */
export function pageOf<T>(
  call: Call,
  all: T[],
  limits: { preset: number; max: number },
): { page: T[]; response_metadata: { next_cursor: string } } {
  const limit = Number(call.args.limit ?? limits.preset);
  if (limit < 1 || limit > limits.max) throw new SlackError("invalid_limit");
  const start = call.args.cursor ? readCursor(textArg(call, "cursor")) : 0;
  const next = start + limit;
  return {
    page: all.slice(start, next),
    response_metadata: { next_cursor: next < all.length ? writeCursor(next) : "" },
  };
}

function writeCursor(offset: number): string {
  return Buffer.from(`next:${offset}`).toString("base64");
}

function readCursor(cursor: string): number {
  const found = /^next:(\d+)$/.exec(Buffer.from(cursor, "base64").toString());
  if (!found) throw new SlackError("invalid_cursor");
  return Number(found[1]);
}
