import type { Logger } from "pino";
import type { AgentsChannel } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { RetryLater } from "#errors.ts";
import { channelLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import { startLooking } from "#rounds.ts";
import { SlackRefused } from "#slack/failures.ts";
import type { People } from "#slack/people.ts";
import { redrawCards, refOf } from "./outbox.ts";
import { findAssignees, releaseTickets } from "./store-departed.ts";

const LOOK_MS = 5 * 60_000;
const LISTED = 30;

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel };

/** An event of Slack's may be lost, and none of those that we hear says that somebody left: it is asked. */
export function startDepartedWatch({ log, ...needs }: Needs & { log: Logger }): AsyncDisposable {
  return startLooking(() => releaseDeparted(needs), {
    lookMs: LOOK_MS,
    onFault: (err) => log.warn({ err }, "tickets of agents who left were not looked for"),
  });
}

/** No open ticket is owned by somebody who is no agent any more. */
export async function releaseDeparted(needs: Needs): Promise<void> {
  for (const userId of await findAssignees(needs.db)) await releaseIfDeparted(needs, userId);
}

export async function releaseIfDeparted(needs: Needs, userId: string): Promise<void> {
  if (await hasLeft(needs, userId)) await release(needs, userId);
}

/** They left the agents' channel, or their account was deactivated. Where Slack does not say, they are still there. */
async function hasLeft({ people, agentsChannel }: Needs, userId: string): Promise<boolean> {
  try {
    if (!(await people.isMember(agentsChannel, userId))) return true;
    const { isDeactivated } = await people.ask({ teamId: agentsChannel.teamId, userId });
    return isDeactivated;
  } catch (error) {
    if (error instanceof RetryLater || error instanceof SlackRefused) return false;
    throw error;
  }
}

/** The agents are told of all of them at once. Another look may have been first: then there are none. */
async function release({ db, agentsChannel }: Needs, userId: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const released = await releaseTickets(tx, userId);
    const [first] = released;
    if (!first) return;
    for (const ticket of released) await redrawCards(tx, ticket);
    const name = first.assigneeName ?? userId;
    const tickets = released.slice(0, LISTED).map(refOf);
    await enqueue(
      tx,
      "ticket.tell-left",
      { name, count: released.length, tickets },
      { lane: channelLane(agentsChannel.teamId, agentsChannel.channelId) },
    );
  });
}
