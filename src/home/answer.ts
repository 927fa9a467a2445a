import { z } from "zod";
import type { AgentsChannel } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { onceDelivered, takeDelivery } from "#db/inbox.ts";
import { channelLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import type { FindInstallation } from "#slack/installation.ts";
import type { People } from "#slack/people.ts";
import type { EventCall } from "#slack/replies.ts";
import { isOfTicket } from "#tickets/ask.ts";

/** What a person says to the app. Edits, deletions and what apps write are other shapes. */
const Spoken = z.object({
  channel: z.string(),
  channel_type: z.string().optional(),
  user: z.string(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  parent_user_id: z.string().optional(),
  subtype: z.enum(["thread_broadcast", "file_share"]).optional(),
  bot_id: z.undefined().optional(),
});

type Needs = {
  db: Db;
  people: People;
  agentsChannel: AgentsChannel;
  findInstallation: FindInstallation;
};

/** In its DM everything is said to the app. */
export async function answerDm(needs: Needs, call: EventCall): Promise<void> {
  if (call.event.channel_type === "im") await answerWithDoors(needs, call);
}

/** Once for a message, however often and as whichever event it is delivered; what is said to a ticket is for support. */
export async function answerWithDoors(needs: Needs, { teamId, event }: EventCall): Promise<void> {
  const spoken = Spoken.safeParse(event);
  if (!spoken.success) return;
  const { channel: channelId, channel_type, user: userId, ts, thread_ts } = spoken.data;
  const own = await needs.findInstallation(teamId);
  if (userId === own?.botUserId) return;
  if (thread_ts) {
    const reply = { channelId, threadTs: thread_ts, parentUserId: spoken.data.parent_user_id };
    if (await isOfTicket(needs, { teamId, botUserId: own?.botUserId }, reply)) return;
  }
  const person = await needs.people.meet({ teamId, userId });
  const threadTs = thread_ts ?? (channel_type === "im" ? undefined : ts);
  const payload = { teamId, channelId, threadTs, ts, language: person?.language ?? "en" };
  const key = `${teamId}+${channelId}+${ts}`;
  await onceDelivered(needs.db, { source: "slack.message", key, answer: z.object({}) }, () =>
    needs.db.transaction().execute(async (tx) => {
      await takeDelivery(tx, "slack.message", key);
      await enqueue(tx, "home.answer", payload, { lane: channelLane(teamId, channelId) });
      return {};
    }),
  );
}
