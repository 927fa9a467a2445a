import { connect, type Db } from "#db/connect.ts";
import { seedMessages, timeOfAll } from "./backlog.ts";
import { median } from "./load.ts";
import type { Row } from "./rows.ts";
import { type Server, startServer } from "./start-server.ts";
import type { World } from "./world.ts";

const PROCESSES = 4;
const GAP_S = 1;
const ROUNDS = 3;
const WARM_ROUNDS = 3;
type Message = { channel: string; text: string; at: number; isTaken: boolean };

/** Messages into many channels, and many into few, by worker processes that share one strict Slack. */
export async function benchPacing(world: World): Promise<Row[]> {
  const url = await world.freshDatabase();
  await using database = await connect({ url });
  await using stack = new AsyncDisposableStack();
  const slack = stack.use(await startServer("./servers/strict-slack.ts", {}));
  const settings = {
    ...world.deskline,
    SLACK_API_URL: new URL("/api/", slack.url).href,
    DATABASE_URL: url,
    REDIS_URL: world.redisUrl,
    DESKLINE_ROLE: "worker",
  };
  const starting = Array.from({ length: PROCESSES }, () => startServer("../src/main.ts", settings));
  for (const worker of await Promise.all(starting)) stack.use(worker);
  const wide = { channels: world.quick ? 40 : 150, messages: world.quick ? 3 : 6, atMost: 1.4 };
  const deep = { channels: 6, messages: world.quick ? 4 : 15, atMost: 1.2 };
  const cold = await warmUp(database.db, slack, wide, world.quick ? 1 : WARM_ROUNDS);
  const rows: Row[] = [cold];
  for (const shape of [wide, deep])
    rows.push(...(await benchShape(database.db, slack, shape, world)));
  return rows;
}

/** Each process needs some hundred messages until Node has compiled what it runs; the first round is told, too. */
async function warmUp(db: Db, slack: Server, shape: Shape, rounds: number): Promise<Row> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    times.push((await paced(db, slack, shape)).seconds);
  return {
    what: `${whatIs(shape)}, processes that have just started`,
    unit: "s",
    ours: times[0] ?? Number.NaN,
    baseline: leastSeconds(shape),
  };
}

type Shape = { channels: number; messages: number };

async function benchShape(
  db: Db,
  slack: Server,
  shape: Shape & { atMost: number },
  { quick }: World,
): Promise<Row[]> {
  const seconds: number[] = [];
  const faults = { refused: 0, unordered: 0 };
  for (let round = 0; round < (quick ? 1 : ROUNDS); round += 1) {
    const got = await paced(db, slack, shape);
    seconds.push(got.seconds);
    faults.refused += got.refused;
    faults.unordered += got.unordered;
  }
  return [
    {
      what: `${whatIs(shape)}; the baseline is Slack's pace`,
      unit: "s",
      ours: median(seconds),
      baseline: leastSeconds(shape),
      goal: { atMost: shape.atMost },
    },
    { what: "of them, answered 429", unit: "", ours: faults.refused, goal: { atMost: 0 } },
    { what: "of them, out of order", unit: "", ours: faults.unordered, goal: { atMost: 0 } },
  ];
}

function whatIs({ channels, messages }: Shape): string {
  return `${PROCESSES} processes, ${channels} channels × ${messages} messages`;
}

function leastSeconds({ messages }: Shape): number {
  return (messages - 1) * GAP_S;
}

/** From the moment they are due until Slack has the last one. */
async function paced(db: Db, slack: Server, shape: Shape) {
  await seedMessages(db, shape);
  const began = performance.timeOrigin + performance.now();
  await timeOfAll(db, "ticket.tell-customer");
  const messages = (await slack.ask("messages")) as Message[]; // what it keeps of each
  const taken = messages.filter(({ isTaken }) => isTaken);
  if (taken.length !== shape.channels * shape.messages)
    throw new Error(`Slack has ${taken.length} messages.`);
  return {
    seconds: (Math.max(...taken.map(({ at }) => at)) - began) / 1000,
    refused: messages.length - taken.length,
    unordered: countUnordered(taken),
  };
}

/** Messages that came before an earlier one of their channel. */
function countUnordered(taken: Message[]): number {
  const last = new Map<string, number>();
  return taken.filter(({ channel, text }) => {
    const number = Number(/bench-(\d+)/.exec(text)?.[1]);
    const isLate = number < (last.get(channel) ?? 0);
    last.set(channel, number);
    return isLate;
  }).length;
}
