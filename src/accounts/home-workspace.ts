import type { Db } from "#db/connect.ts";
import { RetryLater } from "#errors.ts";
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
 * While Slack is silent, what was saved at an earlier start serves.
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
    if (!(error instanceof RetryLater) || !known) throw error;
    return agentsWorkspace ?? known.team_id;
  }
}
