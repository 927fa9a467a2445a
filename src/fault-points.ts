/** Places where a process may die. No-ops unless a test switches one on; the crash sweep must hit every one. */
export const FAULT_POINTS = [
  "slack.view.before-commit",
  "slack.view.after-commit",
  "slack.press.before-commit",
  "slack.press.after-commit",
  "slack.command.before-commit",
  "slack.command.after-commit",
  "slack.message.before-commit",
  "slack.message.after-commit",
  "desk.before-commit",
  "desk.after-commit",
  "compose.before-commit",
  "compose.after-commit",
  "outgoing.before-commit",
  "outgoing.after-commit",
  "web.before-commit",
  "web.after-commit",
  "relay.before-add",
  "relay.after-add",
  "job.after-claim",
  "once.before-look-up",
  "once.before-send",
  "once.after-send",
  "edit.before-send",
  "edit.after-send",
  "react.before-send",
  "react.after-send",
  "open-dm.before-send",
  "open-dm.after-send",
  "permalink.before-send",
  "permalink.after-send",
  "publish-home.before-send",
  "publish-home.after-send",
  "upload.before-send",
  "upload.after-send",
  "delete-file.before-send",
  "delete-file.after-send",
  "web-file.before-send",
  "web-file.after-send",
  "digest.before-commit",
  "digest.after-commit",
  "catch-up.before-commit",
  "catch-up.after-commit",
  "job.before-finish",
] as const;

/** Those of `deskline move`, which its own test must hit. */
export const MOVE_FAULT_POINTS = [
  "move.after-mark",
  "move.before-commit",
  "move.after-commit",
  "move.after-left",
] as const;
export type FaultPoint = (typeof FAULT_POINTS | typeof MOVE_FAULT_POINTS)[number];

let strike: ((point: FaultPoint) => Promise<void>) | undefined;

export async function faultPoint(point: FaultPoint): Promise<void> {
  if (strike) await strike(point);
}

/** For tests only: called at every fault point from now on. */
export function onFaultPoint(action: typeof strike): void {
  strike = action;
}
