import { type Gate, openGate } from "../support/gate.ts";
import { type RedisServer, startRedisThat } from "../support/redis-server.ts";
import type { Kind } from "./kinds/kind.ts";
import { type Blow, isRecovered, strikeOften, tellBlows } from "./kinds/recovery.ts";
import { askRedis } from "./processes/ask-redis.ts";

const WITHIN_MS = 15_000;

/** Redis forgets everything: it is emptied, or killed and started again without a word of what it held. */
export const redis: Kind = {
  modes: ["bullmq"],
  count: 1000,
  async begin(stack, { count, random, patienceMs }) {
    let server: RedisServer = stack.use(await startRedisThat("noeviction"));
    const gate: Gate = stack.use(await openGate(portOf(server)));
    let blows: Blow[] = [];

    async function killAndReplace(): Promise<void> {
      const about = await askRedis(server.url, "INFO server");
      process.kill(Number(/process_id:(\d+)/.exec(about)?.[1]), "SIGKILL");
      server = stack.use(await startRedisThat("noeviction"));
      gate.leadTo(portOf(server));
    }
    async function blow(nth: number): Promise<string> {
      const isFlush = nth < 2 ? nth === 0 : random.chance(0.5); // each at least once
      if (isFlush) await askRedis(server.url, "FLUSHALL");
      else await killAndReplace();
      return isFlush ? "FLUSHALL" : "SIGKILL";
    }

    return {
      plan: { isPaced: false },
      between: async (at) => ({ ...at, redisUrl: `redis://127.0.0.1:${gate.port}` }),
      async strike(town) {
        blows = await strikeOften(town, count, blow);
      },
      judge(_world, { claim }) {
        const late = blows.filter((one) => !isRecovered(one, WITHIN_MS + patienceMs));
        claim(late.length === 0, "work did not go on within 15 s of a loss of Redis", ...late);
        return tellBlows(blows);
      },
    };
  },
};

function portOf({ url }: RedisServer): number {
  return Number(new URL(url).port);
}
