import type { Db } from "#db/connect.ts";
import type { Notices } from "#db/notices.ts";
import type { FindInstallation, Installation } from "#slack/installation.ts";
import { disconnectedNotice, findConnectedInstallation, markRevoked } from "./store.ts";

const FRESH_MS = 5000;

/** The installations, from memory where possible: they are asked for before every `views.open`. */
export type Installations = {
  find: FindInstallation;
  /** Slack no longer takes this workspace's token: said once; its messages wait for a new one. */
  endToken(teamId: string, botToken: string): Promise<void>;
};

export function createInstallations(db: Db, notices: Notices): Installations {
  const known = new Map<string, { installation: Installation; readAt: number }>();

  async function read(teamId: string): Promise<Installation | undefined> {
    const installation = await findConnectedInstallation(db, teamId);
    if (!installation) {
      known.delete(teamId);
      return undefined;
    }
    known.set(teamId, { installation, readAt: Date.now() });
    return installation;
  }

  return {
    async find(teamId) {
      const remembered = known.get(teamId);
      if (!remembered) return read(teamId);
      // What is a little old is good enough for this call, and right again for the next.
      if (Date.now() - remembered.readAt > FRESH_MS) read(teamId).catch(() => {});
      return remembered.installation;
    },

    async endToken(teamId, botToken) {
      const current = await findConnectedInstallation(db, teamId);
      if (known.get(teamId)?.installation.botToken === botToken) known.delete(teamId);
      if (current && (await markRevoked(db, teamId, botToken))) {
        await notices.raise(disconnectedNotice(teamId), current.teamName);
      }
    },
  };
}
