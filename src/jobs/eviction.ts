import type { Logger } from "pino";
import { CannotStart } from "#errors.ts";
import type { Carriage } from "./bullmq-carriage.ts";

const LOOK_MS = 60_000;

/** Nothing would be lost, but much late: what Redis throws away is rung again only after 5 s. */
export async function mustNotEvict(carriage: Carriage): Promise<void> {
  const policy = await policyOf(carriage);
  if (!policy || !evicts(policy)) return;
  throw new CannotStart(
    `Redis may throw jobs away when its memory is full: its maxmemory-policy is "${policy}". Set it to noeviction in redis.conf, or for now with: redis-cli config set maxmemory-policy noeviction`,
  );
}

export type EvictionWatch = Disposable & { look(): Promise<void> };

/** It was down when we started, or somebody changes it meanwhile: no reason to stop what works. Said once for each change. */
export function watchEviction(carriage: () => Carriage, log: Logger): EvictionWatch {
  let known: string | undefined;

  async function look(): Promise<void> {
    const policy = await policyOf(carriage());
    if (!policy || policy === known) return;
    known = policy;
    if (evicts(policy))
      log.error({ policy }, "Redis may throw jobs away: set maxmemory-policy to noeviction");
  }
  const timer = setInterval(() => void look(), LOOK_MS);
  return { look, [Symbol.dispose]: () => clearInterval(timer) };
}

/** Undefined when it does not say: it is away, or its provider hides it. */
function policyOf(carriage: Carriage): Promise<string | undefined> {
  return carriage.evictionPolicy().catch(() => undefined);
}

function evicts(policy: string): boolean {
  return policy !== "noeviction";
}
