import type { Door } from "#slack/replies.ts";
import type { Installations } from "./installations.ts";

/** The two events come in any order, and each says the same: this workspace's token has ended. */
export function registerInstallations(door: Door, installations: Installations): void {
  for (const name of ["app_uninstalled", "tokens_revoked"]) {
    door.event(name, async ({ teamId, event }) => {
      const tokens = event["tokens"] as { bot?: string[] } | undefined; // Slack's shape, Bolt checked the signature
      if (name === "tokens_revoked" && !tokens?.bot?.length) return;
      await installations.endToken(teamId);
    });
  }
}
