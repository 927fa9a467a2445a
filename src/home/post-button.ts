import { z } from "zod";
import {
  type Account,
  type AdminNeeds,
  accountOf,
  isAgent,
  mustBeCustomerAdmin,
} from "#accounts/ask.ts";
import { onceDelivered, takeDelivery } from "#db/inbox.ts";
import { Problem, RetryLater } from "#errors.ts";
import { channelLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import { SlackRefused } from "#slack/failures.ts";
import type { ChannelAddress } from "#slack/messenger.ts";
import type { PersonAddress } from "#slack/people.ts";
import type { CommandCall } from "#slack/replies.ts";
import { buttonComes } from "./views.ts";

/** The *Submit a ticket* button, for people who have neither commands nor shortcuts of ours: members of another company. */
export async function postButton(needs: AdminNeeds, call: CommandCall): Promise<void> {
  const { caller, channelId, key, answer } = call;
  const { teamId, language, texts } = caller;
  const account = await accountOf(needs.db, { teamId, channelId });
  await mustMayPost(needs, account, caller);
  await mustBeIn(needs, { teamId, channelId });
  const payload = { teamId, channelId, delivery: key, language };
  await onceDelivered(needs.db, { source: "slack.command", key, answer: z.object({}) }, () =>
    needs.db.transaction().execute(async (tx) => {
      await takeDelivery(tx, "slack.command", key);
      await enqueue(tx, "home.post-button", payload, { lane: channelLane(teamId, channelId) });
      return {};
    }),
  );
  await answer(buttonComes(texts));
}

async function mustMayPost(needs: AdminNeeds, account: Account, who: PersonAddress): Promise<void> {
  if (await isAgent(needs.people, needs.agentsChannel, who)) return;
  try {
    await mustBeCustomerAdmin(needs, account, who);
  } catch (error) {
    if (!isNotAnAdmin(error)) throw error;
    throw new Problem("not-agent-nor-admin", error.facts, { cause: error });
  }
}

function isNotAnAdmin(error: unknown): error is Problem<"not-an-admin"> {
  return error instanceof Problem && error.code === "not-an-admin";
}

/** Said now, while somebody listens. Where Slack does not answer, the job finds out. */
async function mustBeIn({ people, findInstallation }: AdminNeeds, channel: ChannelAddress) {
  const own = await findInstallation(channel.teamId);
  try {
    if (own && (await people.isMember(channel, own.botUserId))) return;
  } catch (error) {
    if (error instanceof RetryLater) return;
    if (!(error instanceof SlackRefused)) throw error;
  }
  throw new Problem("app-not-in-channel", {});
}
