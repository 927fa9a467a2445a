import { ACK_MS, type Ack, acksOf } from "./acks.ts";
import { shown } from "./numbers.ts";
import type { Report } from "./report.ts";
import { countUnfiled } from "./tickets.ts";
import { until } from "./until.ts";
import type { World } from "./world.ts";

const TRY_S = 6;
const LEAST = 5; // a second; below it nothing would be a load
const EASY_MS = ACK_MS / 6; // beside a backlog it is harder
const SETTLE_S = 90;

/**
 * For CI, whose machine is shared and may be five times slower than yesterday: the rate that was asked for (twice, for
 * processes that are cold), else half of it, and half again, until an ack is easy. What was filed meanwhile counts, too.
 */
export async function findBearableRate(
  report: Report,
  world: World,
): Promise<{ rate: number; acks: Ack[] }> {
  const asked = world.options.rate;
  const acks: Ack[] = [];
  for (const [n, rate] of [asked, asked, ...halves(asked)].entries()) {
    world.options.rate = rate;
    const seen = await acksOf(world.startClient(`try${n}`, TRY_S));
    acks.push(...seen.acks);
    await until(SETTLE_S, async () => (await countUnfiled(world.db)) === 0);
    const most = Math.max(...seen.acks.map(({ ms }) => ms));
    report.note(`tried ${rate} submissions a second: longest ack ${shown(most)}`);
    if (most <= EASY_MS) break;
  }
  return { rate: world.options.rate, acks };
}

function halves(rate: number): number[] {
  const half = Math.floor(rate / 2);
  return half < LEAST ? [] : [half, ...halves(half)];
}
