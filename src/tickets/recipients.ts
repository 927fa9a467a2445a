import { accountName } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { ChannelFacts, Channels } from "#slack/channels.ts";
import { isInSlack, type Ticket } from "./store.ts";
import { isConversation } from "./views.ts";

/** Who reads what is said to the customer of a ticket. */
export type Recipients =
  | { by: "mail"; email: string }
  | { by: "dm" }
  /** `facts`: as Slack says; absent where it does not. */
  | { by: "channel"; account: string; facts: ChannelFacts | undefined };

export async function recipientsOf(
  { db, channels }: { db: Db; channels: Channels },
  ticket: Ticket,
): Promise<Recipients> {
  if (!isInSlack(ticket)) return { by: "mail", email: ticket.requester_email ?? "" };
  const channelId = ticket.card_channel_id ?? ticket.asked_channel_id;
  if (channelId === "" || isConversation(channelId)) return { by: "dm" };
  const [account, facts] = await Promise.all([
    accountName(db, ticket.account_id),
    channels.about({ teamId: ticket.asked_team_id, channelId }),
  ]);
  return { by: "channel", account, facts };
}
