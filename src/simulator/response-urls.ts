import { type Fields, isFields } from "./block-rules.ts";
import { newSecret } from "./ids.ts";
import { type Content, checkMessage } from "./message-check.ts";
import { change, postAsApp, postEphemeral, remove, removeEphemeral } from "./messages.ts";
import type { Channel, Ephemeral, Install, Message, ResponseUrl } from "./records.ts";
import type { Sim } from "./sim.ts";
import { SlackError } from "./slack-error.ts";
import type { World } from "./world.ts";

const USES = 5;
const LIFETIME_MS = 30 * 60_000;
const KNOWN = [
  ...["text", "blocks", "attachments", "response_type", "replace_original", "delete_original"],
  ...["thread_ts", "mrkdwn", "unfurl_links", "unfurl_media", "metadata", "parse", "link_names"],
];

export function newResponseUrl(
  sim: Sim,
  from: Omit<ResponseUrl, "id" | "createdAt" | "uses">,
): { record: ResponseUrl; url: string } {
  const record = { id: newSecret(12), ...from, createdAt: Date.now(), uses: 0 };
  sim.world.responseUrls.put(record.id, record);
  return { record, url: `${sim.origin}/actions/${from.teamId}/${record.id}` };
}

/** Forgets what no app may use any more. */
export function dropExpiredUrls(world: World): void {
  for (const record of world.responseUrls.values()) {
    if (isExpired(record)) world.responseUrls.remove(record.id);
  }
}

/** One use of a response_url: 5 uses in 30 minutes. */
export function useResponseUrl(sim: Sim, id: string, body: unknown): void {
  const record = sim.world.responseUrls.get(id);
  if (!record) throw new SlackError("invalid_url");
  if (record.uses >= USES) throw new SlackError("used_url");
  if (isExpired(record)) throw new SlackError("expired_url");
  if (!isFields(body)) throw new SlackError("invalid_payload");
  respond(sim, record, body);
  const now = sim.world.responseUrls.get(id) ?? record;
  sim.world.responseUrls.put(id, { ...now, uses: record.uses + 1 });
}

function isExpired(record: ResponseUrl): boolean {
  return Date.now() - record.createdAt > LIFETIME_MS;
}

/** Says, replaces or deletes what a response_url or the answer to a command asks for. */
export function respond(sim: Sim, record: ResponseUrl, body: Fields): void {
  const unknown = Object.keys(body).find((name) => !KNOWN.includes(name));
  if (unknown) throw new SlackError("invalid_payload");
  const install = sim.world.installs.get(record.teamId);
  const channel = sim.world.channels.get(record.channel);
  if (install?.state !== "installed" || !channel) throw new SlackError("invalid_url");
  if (channel.isArchived) throw new SlackError("is_archived");
  if (body.delete_original) deleteOriginal(sim, record);
  else if (body.replace_original) replaceOriginal(sim, record, install, checkMessage(body));
  else say(sim, { record, install, channel }, body, checkMessage(body));
}

type Place = { record: ResponseUrl; install: Install; channel: Channel };

function say(sim: Sim, { record, install, channel }: Place, body: Fields, content: Content): void {
  const type = body.response_type ?? "ephemeral";
  if (type !== "ephemeral" && type !== "in_channel") throw new SlackError("invalid_payload");
  const threadTs = typeof body.thread_ts === "string" ? body.thread_ts : undefined;
  if (type === "in_channel") {
    postAsApp(sim, install, channel, { ...content, ...(threadTs && { threadTs }) });
    return;
  }
  const where = threadTs ?? record.threadTs;
  const to = { channel: channel.id, userId: record.userId };
  postEphemeral(sim, install, where ? { ...to, threadTs: where } : to, content);
}

function replaceOriginal(sim: Sim, record: ResponseUrl, install: Install, content: Content): void {
  const original = findOriginal(sim, record);
  if (!original) throw new SlackError("message_not_found");
  if (!("onlyFor" in original)) {
    change(sim, original, { ...content, edited: { user: install.botUserId, ts: original.ts } });
    return;
  }
  removeEphemeral(sim, original);
  const to = { channel: original.channel, userId: original.onlyFor };
  const { threadTs } = original;
  const next = postEphemeral(sim, install, threadTs ? { ...to, threadTs } : to, content);
  sim.world.responseUrls.put(record.id, { ...record, messageTs: next.ts });
}

function deleteOriginal(sim: Sim, record: ResponseUrl): void {
  const original = findOriginal(sim, record);
  if (!original) throw new SlackError("message_not_found");
  if ("onlyFor" in original) removeEphemeral(sim, original);
  else remove(sim, original);
}

function findOriginal(sim: Sim, record: ResponseUrl): Message | Ephemeral | undefined {
  if (!record.messageTs) return undefined;
  const { messageTs } = record;
  return record.onEphemeral
    ? sim.world.ephemerals.find((each) => each.ts === messageTs)
    : sim.world.messages.get(record.channel, messageTs);
}
