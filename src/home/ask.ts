import type { Texts } from "#text/texts.ts";

export type Notice = { key: string; detail: string };

/** What a notice means and what to do about it; for Slack with both parts escaped before. */
export function noticeInWords({ home }: Pick<Texts, "home">, { key, detail }: Notice): string {
  if (key === "agents-channel") return `${home.agentsChannel} (${detail})`;
  if (key === "policy-faulty") return home.policyFaulty(detail);
  if (key.startsWith("workspace-disconnected:")) return home.disconnected(detail);
  if (key.startsWith("workflow-waits:")) return home.workflowWaits(detail);
  if (key.startsWith("reactions-not-allowed:")) return home.reactionsNotAllowed(detail);
  const [kind, teamId = "", channelId = ""] = key.split(":");
  if (kind === "channel-closed") return home.channelClosed(channelId, teamId, detail);
  if (key.startsWith("names-not-allowed:")) return home.namesNotAllowed(detail);
  return `${key} (${detail})`;
}
