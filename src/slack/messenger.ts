import type { KnownBlock, ModalView, View } from "@slack/types";
import type { ConversationsHistoryResponse, ConversationsRepliesResponse } from "@slack/web-api";
import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import type { Db } from "#db/connect.ts";
import { faultPoint } from "#fault-points.ts";
import { fenced } from "#fence.ts";
import type { Run } from "#jobs/handlers.ts";
import { moveJob } from "#jobs/moves.ts";
import { findStanding, once } from "#jobs/once.ts";
import { saveReference } from "#jobs/outside-writes.ts";
import { asEdit, BARE, type Message } from "./blocks.ts";
import type { CallSlack } from "./clients.ts";
import { isGone, isScopeMissing, SlackRefused } from "./failures.ts";
import { CUSTOMIZE, createGrants, type Grants } from "./grants.ts";
import { asSlackSays, type Signed } from "./signed.ts";

/** Every Slack address is a pair: the workspace whose token opens the channel, and the channel. */
export type ChannelAddress = { teamId: string; channelId: string };
/** A channel, or a thread in it. */
export type Thread = ChannelAddress & { threadTs?: string | undefined };
export type MessageAddress = ChannelAddress & { ts: string };

/** What jobs say to Slack. Refusals come as SlackRefused, "not now" as RetryLater. */
export type Messenger = {
  /**
   * Posts once for this key, however often the job runs. "and-finish": nothing of the job comes after it. `isNew`: as it
   * is given here; one that an earlier run sent shows things as they were then.
   */
  post(
    run: Run,
    key: string,
    to: Thread,
    message: Message | Signed,
    how?: "and-finish",
  ): Promise<{ ts: string; isNew: boolean }>;
  /** Whether messages stand there in the name of who says them. Undefined: Slack has not said so yet. */
  signs(teamId: string): boolean | undefined;
  /** Whether this post was begun before and stands: its answer may have been lost. */
  wasPosted(key: string, to: Thread): Promise<boolean>;
  edit(run: Run, at: MessageAddress, message: Message): Promise<void>;
  /** The conversation between the app and one person. */
  openDm(run: Run, teamId: string, userId: string): Promise<ChannelAddress>;
  permalink(run: Run, at: MessageAddress): Promise<string>;
  /** The same for what is good without it: undefined where Slack gives none just now. */
  linkTo(at: MessageAddress): Promise<string | undefined>;
  /** Its words in mrkdwn, its blocks and the root of its thread; undefined when it is gone. */
  findMessage(
    at: MessageAddress,
    how?: "quick",
  ): Promise<(Message & { threadTs: string }) | undefined>;
  /** The app's own reaction; one that is there stays. */
  react(run: Run, at: MessageAddress, name: string): Promise<void>;
  /** All that stands in a thread, its root first; of a very long one not all (`isWhole`). */
  readThread(at: Required<Thread> & { threadTs: string }): Promise<{
    messages: ThreadMessage[];
    isWhole: boolean;
  }>;
  /** Ends a run of a workflow's step, once. */
  endStep(
    run: Run,
    step: { teamId: string; executionId: string },
    ended: { outputs: Record<string, string> } | { error: string },
  ): Promise<void>;
  publishHome(teamId: string, userId: string, blocks: KnownBlock[]): Promise<void>;
  /** A modal that may stand no more: tried once and briefly, and nothing depends on it. */
  redraw(at: { teamId: string; viewId: string }, view: ModalView): Promise<void>;
};

/** The mark on our own messages by which a lost answer is found again. */
export const MARK = "deskline_message";
const CLOCK_SLACK_S = 300; // ts is Slack's clock, the intent's time ours
const THREAD_PAGES = 5;
/** A message as Slack gives it to whoever reads the thread. */
export type ThreadMessage = NonNullable<ConversationsRepliesResponse["messages"]>[number];
const Posted = z.object({ ts: z.string() });
const Ended = z.object({ ended: z.literal(true) });
const Marked = z.object({
  event_type: z.literal(MARK),
  event_payload: z.object({ key: z.string() }),
});

export function createMessenger(
  db: Db,
  callSlack: CallSlack,
  grants: Grants = createGrants(),
): Messenger {
  const lookUpOf = (key: string, to: Thread) => ({
    reference: Posted,
    lookUp: (intendedAt: Date) => findMarked(callSlack, key, to, intendedAt),
  });
  return {
    async post(run, key, to, message, how) {
      let isNew = false;
      const { ts } = await once<typeof Posted>({ db, run }, key, {
        ...lookUpOf(key, to),
        ...(how && { save: (_posted, reference) => finishPosted(run, reference) }),
        send: async () => {
          isNew = true;
          return Posted.parse(
            await ("sender" in message ? sign(key, to, message) : say(key, to, message)),
          );
        },
      });
      return { ts, isNew };
    },

    signs: (teamId) => grants.has(teamId, CUSTOMIZE),

    async wasPosted(key, to) {
      return (await findStanding(db, key, lookUpOf(key, to))) !== undefined;
    },

    async edit(run, at, message) {
      await run.keepLease();
      // Else an older card would stand over a newer one.
      await repeatable("edit", () =>
        fenced(run.mustHold, () =>
          callSlack(at.teamId, (client) =>
            client.chat.update({ channel: at.channelId, ts: at.ts, ...asEdit(message), ...BARE }),
          ),
        ),
      );
    },

    async react(run, at, name) {
      await run.keepLease();
      await repeatable("react", () =>
        callSlack<unknown>(at.teamId, (client) =>
          client.reactions.add({ channel: at.channelId, timestamp: at.ts, name }),
        ).catch(orThere),
      );
    },

    async openDm(run, teamId, userId) {
      const opened = await apart(run, () =>
        repeatable("open-dm", () =>
          callSlack(teamId, (client) => client.conversations.open({ users: userId })),
        ),
      );
      return { teamId, channelId: z.string().parse(opened.channel?.id) };
    },

    async permalink(run, { teamId, channelId, ts }) {
      const answer = await apart(run, () =>
        repeatable("permalink", () =>
          callSlack(teamId, (client) =>
            client.chat.getPermalink({ channel: channelId, message_ts: ts }),
          ),
        ),
      );
      return z.string().parse(answer.permalink);
    },

    async linkTo({ teamId, channelId, ts }) {
      const answer = await callSlack(
        teamId,
        (client) => client.chat.getPermalink({ channel: channelId, message_ts: ts }),
        "quick",
      ).catch(() => undefined);
      return answer?.permalink;
    },

    async findMessage({ teamId, channelId, ts }, how) {
      const only = { oldest: ts, latest: ts, inclusive: true, limit: 10 };
      const answer = await callSlack<ConversationsRepliesResponse>(
        teamId,
        (client) => client.conversations.replies({ channel: channelId, ts, ...only }),
        how,
      ).catch(orGone);
      const found = answer?.messages?.find((each) => each.ts === ts);
      if (!found) return undefined;
      const blocks = (found.blocks ?? []) as KnownBlock[]; // Slack's own: it takes them again
      return { text: found.text ?? "", blocks, threadTs: found.thread_ts ?? ts };
    },

    async readThread({ teamId, channelId: channel, threadTs: ts }) {
      const messages: ThreadMessage[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < THREAD_PAGES; page += 1) {
        const more = cursor ? { cursor } : {};
        const answer = await callSlack<ConversationsRepliesResponse>(teamId, (client) =>
          client.conversations.replies({ channel, ts, limit: 200, ...more }),
        );
        messages.push(...(answer.messages ?? []));
        cursor = answer.response_metadata?.next_cursor;
        if (!cursor) return { messages, isWhole: true };
      }
      return { messages, isWhole: false };
    },

    async endStep(run, { teamId, executionId }, ended) {
      const step = { function_execution_id: executionId };
      await once<typeof Ended>({ db, run }, `step:${executionId}`, {
        reference: Ended,
        // Slack keeps no record to look at, and takes no second end: it says that this run is over.
        lookUp: async () => undefined,
        async send() {
          const sent = callSlack<unknown>(teamId, (client) =>
            "error" in ended
              ? client.functions.completeError({ ...step, ...ended })
              : client.functions.completeSuccess({ ...step, ...ended }),
          );
          await sent.catch(orEnded);
          return { ended: true as const };
        },
      });
    },

    async publishHome(teamId, userId, blocks) {
      const view: View = { type: "home", blocks };
      await repeatable("publish-home", () =>
        callSlack(teamId, (client) => client.views.publish({ user_id: userId, view })),
      );
    },

    async redraw({ teamId, viewId }, view) {
      const update = callSlack<unknown>(
        teamId,
        (client) => client.views.update({ view_id: viewId, view }),
        "quick",
      );
      await update.catch(() => undefined);
    },
  };

  async function say(key: string, to: Thread, message: Message, looks = {}): Promise<unknown> {
    const { text, blocks } = message;
    return callSlack(to.teamId, (client) =>
      client.chat.postMessage({
        channel: to.channelId,
        ...{ text, blocks, ...looks },
        ...BARE,
        unfurl_links: false,
        unfurl_media: false,
        ...(to.threadTs && { thread_ts: to.threadTs }),
        metadata: { event_type: MARK, event_payload: { key } },
      }),
    );
  }

  /**
   * Without the scope Slack either refuses the call or leaves the name out and says nothing: until it is known that the
   * app has it, the message names the person itself.
   */
  async function sign(key: string, to: Thread, signed: Signed): Promise<unknown> {
    const { sender, unsigned } = signed;
    const may = grants.has(to.teamId, CUSTOMIZE);
    if (may === false) return say(key, to, unsigned);
    try {
      return await say(key, to, may ? signed : unsigned, asSlackSays(sender));
    } catch (error) {
      if (!isScopeMissing(error)) throw error;
      grants.lack(to.teamId, CUSTOMIZE);
      return say(key, to, unsigned);
    }
  }

  /** A refusal is about this person or message: what else waits for the method does not wait with it. */
  async function apart<T>(run: Run, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof SlackRefused) await moveJob(db, run.id, null);
      throw error;
    }
  }
}

/** Its reference and the end of the job are one statement; an event may have settled it before. */
async function finishPosted(run: Run, reference: RawBuilder<unknown>): Promise<boolean> {
  return run.finish({ tables: reference, isMade: sql`exists (select from referenced)` });
}

function orEnded(error: unknown): void {
  const isOver = error instanceof SlackRefused && error.code === "execution_not_in_running_state";
  if (!isOver) throw error;
}

function orThere(error: unknown): void {
  const isThere = error instanceof SlackRefused && error.code === "already_reacted";
  if (!isThere) throw error;
}

function orGone(error: unknown): undefined {
  if (!isGone(error)) throw error;
}

/** Calls that may be made again: the second leaves things as the first did. */
type Repeatable = "edit" | "react" | "open-dm" | "permalink" | "publish-home";

async function repeatable<T>(name: Repeatable, call: () => Promise<T>): Promise<T> {
  await faultPoint(`${name}.before-send`);
  const answer = await call();
  await faultPoint(`${name}.after-send`);
  return answer;
}

/** Our own message came back as an event: its intent is settled, whether or not the answer ever arrived. */
export async function settleMarked(
  db: Db,
  event: { ts?: unknown; metadata?: unknown; bot_id?: unknown },
  ownBotId: string | undefined,
) {
  if (!ownBotId || event.bot_id !== ownBotId) return; // anybody's app may write our mark
  const mark = Marked.safeParse(event.metadata);
  if (!mark.success || typeof event.ts !== "string") return;
  await saveReference(db, mark.data.event_payload.key, { ts: event.ts });
}

async function findMarked(
  callSlack: CallSlack,
  key: string,
  to: Thread,
  intendedAt: Date,
): Promise<{ ts: string } | undefined> {
  const oldest = String(intendedAt.getTime() / 1000 - CLOCK_SLACK_S);
  const page = { channel: to.channelId, oldest, limit: 200, include_all_metadata: true };
  let cursor: string | undefined;
  do {
    const more = cursor ? { cursor } : {};
    const answer = await callSlack<ConversationsHistoryResponse>(to.teamId, (client) =>
      to.threadTs
        ? client.conversations.replies({ ...page, ...more, ts: to.threadTs })
        : client.conversations.history({ ...page, ...more }),
    );
    for (const message of answer.messages ?? []) {
      const mark = Marked.safeParse(message.metadata);
      if (mark.success && mark.data.event_payload.key === key) return { ts: message.ts ?? "" };
    }
    cursor = answer.response_metadata?.next_cursor;
  } while (cursor);
  return undefined;
}
