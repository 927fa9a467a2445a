import { Redis } from "ioredis";

/** One command to a Redis, and its answer. */
export async function askRedis(url: string, words: string): Promise<string> {
  const [command = "", ...args] = words.split(" ");
  const redis = new Redis(url);
  redis.on("error", () => {}); // the command says it
  try {
    return String(await redis.call(command, ...args));
  } finally {
    redis.disconnect();
  }
}
