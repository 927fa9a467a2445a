import { RetryLater } from "#errors.ts";
import type { JobPayload } from "#jobs/catalogue.ts";
import type { Handlers } from "#jobs/handlers.ts";
import { methodLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import { isGone, isUnreachable } from "#slack/failures.ts";
import type { ThreadMessage } from "#slack/messenger.ts";
import type { TicketNeeds } from "./jobs.ts";
import { takeSaid } from "./said.ts";
import { findLivingThreads, findStandingMessages } from "./store-hearing.ts";
import { readThreadEvent, type ThreadEvent } from "./thread-event.ts";

const AT_ONCE = 100;
const BEFORE_S = 600; // what came just before, Slack may have had to repeat

type MissedJobs = Pick<Handlers, "ticket.find-missed" | "ticket.read-thread">;
type Missed = JobPayload<"ticket.read-thread">;

/** What people wrote, edited and deleted in threads while nobody heard Slack. */
export function missedJobs(needs: TicketNeeds): MissedJobs {
  const { db, messenger } = needs;

  return {
    "ticket.find-missed": {
      async run({ since, after }) {
        const threads = await findLivingThreads(db, after, AT_ONCE);
        await db.transaction().execute(async (tx) => {
          for (const { accountId, ticketId, ...thread } of threads) {
            const key = keyOf("ticket.read-thread", since, thread);
            const lane = methodLane(thread.teamId, "conversations.replies");
            const payload = { accountId, ticketId, ...thread, since };
            await enqueue(tx, "ticket.read-thread", payload, { key, lane });
          }
          const last = threads.at(-1);
          if (!last || threads.length < AT_ONCE) return;
          const { teamId, channelId, threadTs } = last;
          const next = { since, after: { teamId, channelId, threadTs } };
          const key = keyOf("ticket.find-missed", since, last);
          await enqueue(tx, "ticket.find-missed", next, { key });
        });
      },
    },

    "ticket.read-thread": {
      async run(missed) {
        const read = await messenger.readThread(missed).catch((error: unknown) => {
          if (isGone(error) || isUnreachable(error)) return undefined; // nobody writes there
          throw error;
        });
        if (!read) return;
        for (const message of read.messages) await takeMissed(missed, message);
        if (read.isWhole) await takeBack(missed, read.messages);
      },
    },
  };

  /** What was known is known: each is taken by the key of its event. */
  async function takeMissed(missed: Missed, message: ThreadMessage): Promise<void> {
    const { teamId, channelId: channel } = missed;
    const from = Number(missed.since) - BEFORE_S;
    const isNew = (ts: string | undefined) => Number(ts ?? 0) > from;
    if (message.ts === missed.threadTs || !(isNew(message.ts) || isNew(message.edited?.ts))) return;
    const event = message.edited
      ? { channel, subtype: "message_changed", message }
      : { channel, ...message };
    const said = readThreadEvent(event);
    if (said) await takeSaid(needs, { teamId, botUserId: undefined }, said);
  }

  /** What stood before the silence and does not now was deleted in it. */
  async function takeBack(missed: Missed, messages: readonly ThreadMessage[]): Promise<void> {
    const { teamId, channelId, threadTs } = missed;
    const there = new Set(messages.map(({ ts }) => ts));
    if (!there.has(threadTs)) throw new RetryLater("Slack does not show the root of the thread");
    const standing = await findStandingMessages(db, missed, missed.since);
    for (const { ts, userId } of standing.filter((one) => !there.has(one.ts))) {
      const about = { channelId, threadTs, parentUserId: undefined, ts, userId };
      const nothing = { text: "", fileIds: [], goneFileIds: [] };
      const said: ThreadEvent = { ...about, ...nothing, did: "delete" };
      await takeSaid(needs, { teamId, botUserId: undefined }, said);
    }
  }
}

function keyOf(
  name: "ticket.find-missed" | "ticket.read-thread",
  since: string,
  { teamId, channelId, threadTs }: { teamId: string; channelId: string; threadTs: string },
): string {
  return [name, since, teamId, channelId, threadTs].join(":");
}
