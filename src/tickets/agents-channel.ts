import { z } from "zod";
import type { AgentsChannel, Policy } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { Notices } from "#db/notices.ts";
import type { Language } from "#db/tables.ts";
import { RetryLater } from "#errors.ts";
import { channelLane } from "#jobs/lanes.ts";
import { hurryLane } from "#jobs/moves.ts";
import { isUnreachable } from "#slack/failures.ts";
import type { Door } from "#slack/replies.ts";
import { type Texts, textsOf } from "#text/texts.ts";

/** Known to the operator until the agents' channel can be posted to. */
export const AGENTS_CHANNEL_NOTICE = "agents-channel";

const RETRY_MS = 30_000; // unless the app is invited before

const Joined = z.object({ channel: z.string() });

/** Somebody was invited, the app perhaps: what waits for the agents' channel is tried at once. */
export function registerAgentsChannel(
  door: Door,
  { db, agentsChannel }: { db: Db; agentsChannel: AgentsChannel },
): void {
  door.event("member_joined_channel", async ({ teamId, event }) => {
    const joined = Joined.safeParse(event);
    const isTheirs = joined.data?.channel === agentsChannel.channelId;
    if (!isTheirs || teamId !== agentsChannel.teamId) return;
    await hurryLane(db, channelLane(teamId, agentsChannel.channelId));
  });
}

export async function orExplain<T>(notices: Notices, calling: Promise<T>): Promise<T> {
  try {
    return await calling;
  } catch (error) {
    throw await explain(notices, error);
  }
}

/** An agents' channel that cannot be posted to is the operator's to mend; what waits is posted then. */
export async function explain(notices: Notices, error: unknown): Promise<unknown> {
  if (!isUnreachable(error)) return error;
  await notices.raise(AGENTS_CHANNEL_NOTICE, error.code);
  return new RetryLater("the agents' channel cannot be posted to", {
    cause: error,
    afterMs: RETRY_MS,
  });
}

/** In what the agents read of ours: the language that the policy gives them, else the ticket's. */
export function agentsTexts(
  { agents_language }: Pick<Policy, "agents_language">,
  ticket: { language: Language },
): Texts {
  return textsOf(agents_language ?? ticket.language);
}
