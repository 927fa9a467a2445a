import { type Ack, acksOf, claimAcks } from "./acks.ts";
import { median, quantile, shown } from "./numbers.ts";
import type { Report } from "./report.ts";
import { countUnfiled, findTickets } from "./tickets.ts";
import { until } from "./until.ts";
import type { World } from "./world.ts";

const WARM_UP = 0.2; // of the time: the heap finds its size
// Processes a minute old are still finding their size: 1.05 to 1.31 were seen, after seconds 1.2 to 1.5. Once they have
// found it, while the backlog is filed, it is held more closely.
const GROWTH = { whole: 1.5, tenth: 2 };
const SETTLE_S = 30;

/** People file at an even rate; answers their acks and the p99. */
export async function holdRate(
  report: Report,
  world: World,
): Promise<{ acks: Ack[]; p99: number }> {
  const { rate, seconds, tenth } = world.options;
  const bound = tenth ? GROWTH.tenth : GROWTH.whole;
  report.note(`— ${rate} submissions a second for ${seconds} s —`);
  const began = performance.now();
  const seen = await acksOf(world.startClient("steady", seconds));
  const ended = performance.now();
  const p99 = claimAcks(report, seen);

  await until(SETTLE_S, async () => (await countUnfiled(world.db)) === 0);
  const waits = (await findTickets(world.db)).map(({ waitedMs }) => waitedMs ?? Number.NaN);
  report.note(`at the desk after p50 ${shown(median(waits))}, p99 ${shown(quantile(waits, 0.99))}`);

  claimFlat(report, world, { from: began + WARM_UP * (ended - began), to: ended, bound });
  return { acks: seen.acks, p99 };
}

/** The last third of the time against the first. */
export function claimFlat(
  report: Report,
  world: World,
  { from, to, bound }: { from: number; to: number; bound: number },
): void {
  const third = (to - from) / 3;
  for (const { name } of [world.web, ...world.workers]) {
    const first = median(world.memory.of(name, from, from + third));
    const last = median(world.memory.of(name, to - third, to));
    const figures = `${first.toFixed(0)} MB, then ${last.toFixed(0)} MB (${(last / first).toFixed(2)} ×)`;
    report.claim(last <= first * bound, `memory of ${name} flat: ${figures}, bound ${bound} ×`);
  }
}
