/** Requests a minute by tier; "post" is one a second and channel, "free" is not counted. */
export type Tier = 1 | 2 | 3 | 4 | "post" | "free";

export type Pace = {
  /** Seconds to wait, or 0 when the call may go on. */
  take(tier: Tier, key: string): number;
};

const RULES: Record<Exclude<Tier, "free">, { perSecond: number; burst: number }> = {
  1: { perSecond: 1 / 60, burst: 1 },
  2: { perSecond: 20 / 60, burst: 4 },
  3: { perSecond: 50 / 60, burst: 10 },
  4: { perSecond: 100 / 60, burst: 20 },
  post: { perSecond: 1, burst: 2 },
};

/** Token buckets with a small burst, one per key. */
export function createPace(paced: boolean, now: () => number = Date.now): Pace {
  const buckets = new Map<string, { level: number; at: number }>();
  return {
    take(tier, key) {
      if (!paced || tier === "free") return 0;
      const { perSecond, burst } = RULES[tier];
      const bucket = buckets.get(key) ?? { level: burst, at: now() };
      const level = Math.min(burst, bucket.level + ((now() - bucket.at) / 1000) * perSecond);
      const granted = level >= 1;
      buckets.set(key, { level: granted ? level - 1 : level, at: now() });
      return granted ? 0 : Math.ceil((1 - level) / perSecond);
    },
  };
}
