import type { CallSlack } from "#slack/clients.ts";
import { Disconnected } from "#slack/failures.ts";
import type { Door } from "#slack/replies.ts";

/**
 * The two events come in any order, and one of an earlier installation may come after a new one. So they only make us
 * ask Slack about the token we have; `callSlack` does the rest when it has ended.
 */
export function registerInstallations(door: Door, callSlack: CallSlack): void {
  for (const name of ["app_uninstalled", "tokens_revoked"]) {
    door.event(name, async ({ teamId }) => {
      try {
        await callSlack(teamId, (client) => client.auth.test());
      } catch (error) {
        if (!(error instanceof Disconnected)) throw error;
      }
    });
  }
}
