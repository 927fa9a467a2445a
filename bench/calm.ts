import { setTimeout as sleep } from "node:timers/promises";
import { command, inTurn, median, post } from "./load.ts";
import type { Row } from "./rows.ts";
import { type Server, startServer } from "./start-server.ts";
import type { World } from "./world.ts";

const ROUNDS = 15;
const EVERY_MS = 5;

/** The longest ack that needs no query while the embedded database works for half a second. */
export async function benchCalm(world: World): Promise<Row[]> {
  await using deskline = await startServer("./servers/calm-deskline.ts", {
    ...world.deskline,
    DESKLINE_DATA: await world.freshFolder(),
  });
  await using bare = await startServer("./servers/calm-bare.ts", {
    ...world.slack,
    DESKLINE_DATA: await world.freshFolder(),
  });
  const longest = await inTurn(world.quick ? 3 : ROUNDS, {
    deskline: () => longestAck(deskline),
    bare: () => longestAck(bare),
  });
  return [
    {
      what: "longest ack during a query of half a second, embedded; the baseline has PGlite on its own thread",
      unit: "ms",
      ours: median(longest.deskline),
      p99: Math.max(...longest.deskline),
      baseline: median(longest.bare),
      goal: { atMost: 0.2 },
    },
  ];
}

async function longestAck(server: Server): Promise<number> {
  let isWorking = true;
  const working = server.ask("work").finally(() => {
    isWorking = false;
  });
  const acks: number[] = [];
  while (isWorking) {
    acks.push(await post(server.url, command("/support-access", "help")));
    await sleep(EVERY_MS);
  }
  await working;
  return Math.max(...acks);
}
