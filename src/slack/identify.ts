import { WebClient } from "@slack/web-api";
import { z } from "zod";
import { clientOptions } from "./clients.ts";
import { translateFailure } from "./failures.ts";

const Identity = z.object({
  team_id: z.string(),
  team: z.string(),
  user_id: z.string(),
  bot_id: z.string(),
});

/** Whose token this is, as Slack says (auth.test). Throws SlackRefused for a token it does not take. */
export async function identifyToken(apiUrl: string, botToken: string) {
  const client = new WebClient(botToken, clientOptions(apiUrl));
  const answer = await client.auth.test().catch((error: unknown) => {
    throw translateFailure(error, () => {});
  });
  const { team_id, team, user_id, bot_id } = Identity.parse(answer);
  return { teamId: team_id, teamName: team, botToken, botUserId: user_id, botId: bot_id };
}
