import { inject } from "vitest";

/** The Redis of this run, shared by all files: give each queue a prefix of its own. */
export function redisUrl(): string {
  const redis = inject("redis");
  if ("missing" in redis) throw new Error(redis.missing);
  return redis.url;
}
