import { once } from "node:events";
import { access, constants } from "node:fs/promises";
import { createConnection } from "node:net";
import { delimiter, join } from "node:path";
import { makeFolder, startServer } from "./leash.ts";

/** A Redis server for one run. */
export type RedisServer = AsyncDisposable & { url: string };

/** The server of REDIS_URL, else one of our own from `redis-server` or `valkey-server`. */
export async function startRedis(): Promise<RedisServer> {
  const given = process.env.REDIS_URL;
  if (given) return { url: given, async [Symbol.asyncDispose]() {} };

  const binary = await findOnPath(["redis-server", "valkey-server"]);
  if (!binary) throw new Error("The tests need Redis or Valkey: run `npm run setup`.");
  return await startOwn(binary, ["--maxmemory-policy", "noeviction"]);
}

/** A server of one's own that lets go of keys as `policy` says. Its `url` is without the password. */
export async function startRedisThat(
  policy: string,
  { password = "" }: { password?: string } = {},
): Promise<RedisServer> {
  const binary = await findOnPath(["redis-server", "valkey-server"]);
  if (!binary) throw new Error("The tests need Redis or Valkey: run `npm run setup`.");
  return await startOwn(binary, ["--maxmemory-policy", policy, "--requirepass", password]);
}

async function findOnPath(names: string[]): Promise<string | undefined> {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  for (const file of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return file;
  }
  return undefined;
}

async function startOwn(binary: string, options: string[]): Promise<RedisServer> {
  const folder = await makeFolder();
  // BullMQ demands noeviction; nothing is kept, because PostgreSQL holds the record.
  const kept = ["--save", "", "--appendonly", "no", ...options];
  const server = await startServer({
    folder,
    user: undefined,
    stopWith: "TERM",
    command: (port) => [
      binary,
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--dir",
      folder,
      ...kept,
    ],
    ask,
  });
  return {
    url: `redis://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function ask(port: number): Promise<void> {
  const socket = createConnection(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [answer] = await once(socket, "data", { signal: AbortSignal.timeout(2_000) });
    if (!/^(\+PONG|-NOAUTH)/.test(String(answer))) throw new Error(`Redis answered ${answer}`);
  } finally {
    socket.destroy();
  }
}
