import { connect, type Db } from "#db/connect.ts";
import { seedBacklog, timeOfAll } from "./backlog.ts";
import { inTurn, median } from "./load.ts";
import type { Row } from "./rows.ts";
import { startServer } from "./start-server.ts";
import type { World } from "./world.ts";

const PROCESSES = [1, 2, 4];
const WARM = 200;

/** Tickets filed a second out of a backlog, at a desk that answers at once. */
export async function benchFiling(world: World): Promise<Row[]> {
  const url = await world.freshDatabase();
  await using database = await connect({ url });
  await using desk = await startServer("./servers/desk.ts", {});
  const { db } = database;
  const backlog = world.quick ? 300 : 2000;
  const settings = { ...world.deskline, ...world.deskHttp, DESK_URL: desk.url.href };
  const env = { ...settings, DATABASE_URL: url, DESKLINE_ROLE: "worker" };
  const redis = { REDIS_URL: world.redisUrl };
  const filing = (file: string, processes: number, more = {}) => {
    return () => rateWith({ db, backlog }, file, { processes, env: { ...env, ...more } });
  };
  const worker = "../src/main.ts";
  const kinds: Record<string, () => Promise<number>> = {
    bare: filing("./servers/bare-loop.ts", 1),
    "embedded worker": filing(worker, 1),
    "through BullMQ, 1 process": filing(worker, 1, redis),
  };
  if (!world.quick) {
    for (const processes of PROCESSES.slice(1)) {
      kinds[`through BullMQ, ${processes} processes`] = filing(worker, processes, redis);
    }
  }
  const { bare = [], ...ours } = await inTurn(world.quick ? 1 : 7, kinds);
  return Object.entries(ours).map(([what, rates]) => ({
    what: `tickets filed, ${what}`,
    unit: "/s",
    ours: median(rates),
    baseline: median(bare),
    ...(!what.includes("processes") && { goal: { atLeast: 0.3 } }),
  }));
}

/** From the moment the backlog is due until its last ticket is filed, with processes that have run a little before. */
async function rateWith(
  { db, backlog }: { db: Db; backlog: number },
  file: string,
  { processes, env }: { processes: number; env: Record<string, string> },
): Promise<number> {
  await using stack = new AsyncDisposableStack();
  await seedBacklog(db, WARM);
  const starting = Array.from({ length: processes }, () => startServer(file, env));
  for (const server of await Promise.all(starting)) stack.use(server);
  await timeOfAll(db, "ticket.file");
  await seedBacklog(db, backlog);
  return (backlog / (await timeOfAll(db, "ticket.file"))) * 1000;
}
