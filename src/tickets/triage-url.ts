import type { Messenger } from "#slack/messenger.ts";
import type { Ticket } from "./store.ts";

/** Where the agents' card of a ticket is. */
export type Standing = Pick<Ticket, "triage_team_id" | "triage_channel_id" | "triage_ts">;

/** Where agents find its triage card; undefined where none stands, or Slack does not say. */
export async function triageUrl(
  messenger: Pick<Messenger, "linkTo">,
  { triage_team_id: teamId, triage_channel_id: channelId, triage_ts: ts }: Standing,
): Promise<string | undefined> {
  return teamId && channelId && ts ? messenger.linkTo({ teamId, channelId, ts }) : undefined;
}
