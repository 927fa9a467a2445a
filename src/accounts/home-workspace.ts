import type { Db } from "#db/connect.ts";
import { CannotStart, RetryLater } from "#errors.ts";
import { Disconnected, SlackRefused } from "#slack/failures.ts";
import { identifyToken } from "#slack/identify.ts";
import {
  findAccount,
  findInstallationByToken,
  HOME_ACCOUNT,
  saveAccount,
  saveInstallation,
} from "./store.ts";

type Settings = { apiUrl: string; botToken: string; agentsWorkspace: string | undefined };

/**
 * The token of the environment is the first installation. Answers the home workspace's id.
 * While Slack is silent, and when the token
 * has ended, what was saved at an earlier start serves: the other workspaces go on.
 */
export async function saveHomeWorkspace(db: Db, settings: Settings): Promise<string> {
  const { apiUrl, botToken, agentsWorkspace } = settings;
  try {
    const identity = await identifyToken(apiUrl, botToken);
    const isHome = !agentsWorkspace || agentsWorkspace === identity.teamId;
    if (isHome && !(await findAccount(db, HOME_ACCOUNT))) {
      await saveAccount(db, { id: HOME_ACCOUNT, name: identity.teamName, plan: "paid" });
    }
    await saveInstallation(db, { ...identity, accountId: undefined, isHome });
    return agentsWorkspace ?? identity.teamId;
  } catch (error) {
    const known = await findInstallationByToken(db, botToken);
    if (known && error instanceof RetryLater) return agentsWorkspace ?? known.team_id;
    throw inWords(error, apiUrl);
  }
}

function inWords(error: unknown, apiUrl: string): unknown {
  const sentence = sentenceOf(error, apiUrl);
  return sentence ? new CannotStart(sentence, { cause: error }) : error;
}

function sentenceOf(error: unknown, apiUrl: string): string | undefined {
  if (error instanceof Disconnected)
    return "Slack does not take SLACK_BOT_TOKEN. Copy it again from the app's page (OAuth & Permissions), or install the app again.";
  if (error instanceof SlackRefused)
    return `Slack does not take SLACK_BOT_TOKEN (${error.code}). Copy it again from the app's page (OAuth & Permissions), or install the app again.`;
  if (error instanceof RetryLater)
    return `Slack gives no answer at ${apiUrl}, and the first start with a token needs it. Try again, and see that this machine may reach that address.`;
  return undefined;
}
