import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "#db/connect.ts";
import { submitTicket } from "#tickets/submit.ts";
import { type Ack, acksOf, claimAcks } from "./acks.ts";
import { breakDesk } from "./desk-outage.ts";
import { quantile, shown } from "./numbers.ts";
import { DRAFT } from "./payloads.ts";
import { askerOf } from "./places.ts";
import type { Report } from "./report.ts";
import { claimFlat } from "./steady.ts";
import { countUnfiled, findTickets } from "./tickets.ts";
import { until } from "./until.ts";
import type { World } from "./world.ts";

const MARK = "backlog";
const SEEDERS = 8;
const FOR_EVER_S = 3600;
const LONGEST_BACKOFF_S = 60; // so long the last of them may rest when the desk is back
const DRAIN_PER_S = 40;
const CALM_S = 3; // people go on filing for a moment after the last was filed
const SLOWER = 5; // the p99 of an ack beside the backlog, at most so many times the one without
const NOISE_MS = 100; // a p99 below this is the machine's own unrest
const WAIT_MS = 10_000; // 99 of 100 who file meanwhile
const LONGEST_WAIT_MS = 60_000; // and whoever was passed over by those who came later
const GROWTH = { whole: 1.25, tenth: 2 };
const HOLD_MB = 512;

/** The desk is down, tickets wait, the desk comes back; meanwhile people go on filing as before. */
export async function drainBacklog(
  report: Report,
  world: World,
  { p99Before, slowness }: { p99Before: number; slowness: number },
): Promise<Ack[]> {
  const { backlog, outage, how } = world.options;
  report.note(`— ${backlog} tickets wait for a desk that is down (${how}) —`);
  const mend = await breakDesk(world.desk, how);
  const began = performance.now();
  await seedTickets(world.db, world.options);
  report.note(`seeded in ${shown(performance.now() - began)}`);
  const client = world.startClient("fresh", FOR_EVER_S);
  await sleep(outage * 1000);
  report.note(`${await countUnfiled(world.db)} wait`);

  await mend();
  const backAt = { clock: performance.now(), date: new Date() };
  const drainS = LONGEST_BACKOFF_S + (backlog / DRAIN_PER_S) * slowness;
  const isDrained = await until(drainS, async () => (await countUnfiled(world.db, MARK)) === 0);
  const drainMs = performance.now() - backAt.clock;
  const speed = backlog / (drainMs / 1000);
  report.claim(
    isDrained,
    `the backlog was filed ${shown(drainMs)} after the desk was back: ${speed.toFixed(0)} a second, bound ${drainS} s`,
  );
  await sleep(CALM_S * 1000);
  client.process.kill("SIGTERM");
  const seen = await acksOf(client);
  await until(30, async () => (await countUnfiled(world.db)) === 0);

  const p99 = claimAcks(report, seen);
  const ratio = p99 / Math.max(p99Before, NOISE_MS);
  report.claim(
    ratio <= SLOWER,
    `acks beside the backlog as before: p99 ${ratio.toFixed(1)} × that without, bound ${SLOWER} ×`,
  );
  await claimFairness(report, world, { backAt: backAt.date, slowness });
  const bound = world.options.tenth ? GROWTH.tenth : GROWTH.whole;
  const filing = { from: backAt.clock + drainMs / 4, to: backAt.clock + drainMs };
  claimFlat(report, world, { ...filing, bound });
  for (const { name } of [world.web, ...world.workers]) {
    const most = Math.max(...world.memory.of(name, began));
    report.claim(
      most <= HOLD_MB,
      `memory of ${name}: at most ${most.toFixed(0)} MB, bound ${HOLD_MB} MB`,
    );
  }
  return seen.acks;
}

/** Who files while the backlog is being filed does not wait behind all of it. */
async function claimFairness(
  report: Report,
  world: World,
  { backAt, slowness }: { backAt: Date; slowness: number },
): Promise<void> {
  const fresh = (await findTickets(world.db)).filter(
    ({ subject, createdAt }) => !subject.startsWith(MARK) && createdAt > backAt,
  );
  const waits = fresh.map(({ waitedMs }) => waitedMs ?? Number.POSITIVE_INFINITY);
  const [p99, most] = [quantile(waits, 0.99), Math.max(...waits)];
  const bounds = [WAIT_MS * slowness, LONGEST_WAIT_MS * slowness] as const;
  report.claim(
    p99 <= bounds[0] && most <= bounds[1],
    `who files meanwhile does not wait behind it: ${waits.length} did, p50 ${shown(quantile(waits, 0.5))}, p99 ${shown(p99)}, max ${shown(most)}, bounds ${bounds.map(shown).join(" and ")}`,
  );
}

/** Through the use case, a few at once. */
async function seedTickets(db: Db, { backlog, channels }: World["options"]): Promise<void> {
  let next = 0;
  async function seed(): Promise<void> {
    for (let n = next++; n < backlog; n = next++) {
      const { teamId, channelId, userId } = askerOf(n, channels);
      await submitTicket(
        db,
        { ...DRAFT, subject: `${MARK} ${n}` },
        {
          key: randomUUID(),
          teamId,
          channelId,
          requester: { userId, name: userId, language: "en" },
        },
      );
    }
  }
  await Promise.all(Array.from({ length: SEEDERS }, seed));
}
