import { setTimeout as sleep } from "node:timers/promises";
import { median, post, quantile, submission } from "./load.ts";
import type { Row } from "./rows.ts";
import { type Server, startServer } from "./start-server.ts";
import type { World } from "./world.ts";

const SAMPLES = 60;
const WARM = 5;
const SETTLE_MS = 250; // what a server does after its card must not cost the next one
const IDLE_MS = 1500; // a channel takes one message a second: wait until it is idle again
let count = 0;

/** From pressing Submit to the card in its channel; desk and Slack answer at once. */
export async function benchSubmitToCard(world: World): Promise<Row[]> {
  await using floor = await startServer("./servers/in-memory.ts", {
    ...world.slack,
    ...world.deskHttp,
  });
  await using onPostgres = await startServer("../src/main.ts", {
    ...world.deskline,
    ...world.deskHttp,
    DATABASE_URL: await world.freshDatabase(),
  });
  await using embedded = await startServer("../src/main.ts", {
    ...world.deskline,
    ...world.deskHttp,
    DESKLINE_DATA: await world.freshFolder(),
  });
  await using throughBullmq = await startServer("../src/main.ts", {
    ...world.deskline,
    ...world.deskHttp,
    DATABASE_URL: await world.freshDatabase(),
    REDIS_URL: world.redisUrl,
  });
  const kinds = [
    { what: "in memory", server: floor, goal: 1, times: [] as number[] },
    { what: "PostgreSQL", server: onPostgres, goal: 6, times: [] as number[] },
    { what: "embedded database", server: embedded, goal: 14, times: [] as number[] },
    { what: "PostgreSQL and BullMQ", server: throughBullmq, goal: 7, times: [] as number[] },
  ];
  for (let sample = world.quick ? -2 : -WARM; sample < (world.quick ? 5 : SAMPLES); sample += 1) {
    for (const kind of kinds) {
      const time = await submitAndWait(world, kind.server);
      if (sample >= 0) kind.times.push(time);
      await sleep(SETTLE_MS);
    }
    await sleep(IDLE_MS);
  }
  const baseline = median(kinds[0]?.times ?? []);
  return kinds.slice(1).map(({ what, times, goal }) => ({
    what: `submission → card, ${what}`,
    unit: "ms",
    ours: median(times),
    p99: quantile(times, 0.99),
    baseline,
    goal: { atMost: goal },
  }));
}

async function submitAndWait(world: World, server: Server): Promise<number> {
  count += 1;
  const mark = `bench-${count}`;
  const card = world.outside.cardWith(mark);
  const began = performance.now();
  await post(server.url, submission(mark));
  return (await card) - began;
}
