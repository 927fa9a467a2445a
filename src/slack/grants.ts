/** Messages with another name and picture than the app's. */
export const CUSTOMIZE = "chat:write.customize";

/** What the app may do in each workspace, as Slack says with every answer. */
export type Grants = {
  learn(teamId: string, scopes: readonly string[] | undefined): void;
  /** Slack refused a call for want of this scope. */
  lack(teamId: string, scope: string): void;
  /** Undefined: Slack has not said so yet. */
  has(teamId: string, scope: string): boolean | undefined;
};

export function createGrants(): Grants {
  const granted = new Map<string, Set<string>>();
  const refused = new Set<string>();
  return {
    learn(teamId, scopes) {
      if (!scopes) return;
      granted.set(teamId, new Set(scopes));
      for (const scope of scopes) refused.delete(`${teamId} ${scope}`);
    },
    lack(teamId, scope) {
      granted.get(teamId)?.delete(scope);
      refused.add(`${teamId} ${scope}`);
    },
    has: (teamId, scope) =>
      granted.get(teamId)?.has(scope) ?? (refused.has(`${teamId} ${scope}`) ? false : undefined),
  };
}
