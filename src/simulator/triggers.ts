import { newSecret } from "./ids.ts";
import { SlackError } from "./slack-error.ts";

export type Trigger = {
  id: string;
  teamId: string;
  userId: string;
  issuedAt: number;
  /** The modal it was pressed in. */
  viewId?: string;
  /** What the app opened with it. */
  openedViewId?: string;
};

export type Triggers = {
  issue(from: { teamId: string; userId: string; viewId?: string }): Trigger;
  /** The trigger, if this workspace's app may still use it. */
  check(id: string, teamId: string): Trigger;
  spend(trigger: Trigger, openedViewId: string): void;
};

const LIFETIME_MS = 3000;
const KEPT = 1000;

/** trigger_ids live 3 seconds and work once. */
export function createTriggers(now: () => number = Date.now): Triggers {
  const issued = new Map<string, Trigger>();
  return {
    issue(from) {
      const id = `${now()}.${Math.floor(Math.random() * 1e10)}.${newSecret()}`;
      const trigger = { id, ...from, issuedAt: now() };
      issued.set(id, trigger);
      forgetOldest(issued);
      return trigger;
    },
    check(id, teamId) {
      const trigger = issued.get(id);
      if (!trigger || trigger.teamId !== teamId) throw new SlackError("invalid_trigger_id");
      if (trigger.openedViewId) throw new SlackError("exchanged_trigger_id");
      if (now() - trigger.issuedAt > LIFETIME_MS) throw new SlackError("expired_trigger_id");
      return trigger;
    },
    spend(trigger, openedViewId) {
      trigger.openedViewId = openedViewId;
    },
  };
}

function forgetOldest(issued: Map<string, Trigger>): void {
  if (issued.size <= KEPT) return;
  for (const id of issued.keys()) {
    issued.delete(id);
    return;
  }
}
