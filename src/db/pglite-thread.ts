import { parentPort, workerData } from "node:worker_threads";
import { PGlite, types } from "@electric-sql/pglite";

/** What the proxy asks and what this thread answers. */
export type ToThread = { id: number } & (
  | { sql: string; parameters: unknown[] }
  | { listen: string }
  | { close: true }
);
export type FromThread =
  | { id: number; result: unknown }
  | { id: number; error: { message: string; code?: string } }
  | { notified: string };

const VACUUM_EVERY_MS = 3_600_000; // PGlite has no autovacuum: 20,000 jobs leave 40,000 dead rows

const database = PGlite.create({
  dataDir: workerData.folder,
  startParams: [...PGlite.defaultStartParams, "-c", "shared_buffers=8MB"],
  parsers: {
    [types.INT8]: Number,
    [types.NUMERIC]: String,
    [types.INTERVAL]: String,
    [types.BYTEA]: (text) => Buffer.from(text.slice(2), "hex"),
  },
});
setInterval(async () => (await database).exec("vacuum analyze").catch(() => {}), VACUUM_EVERY_MS);

parentPort?.on("message", async (message: ToThread) => {
  try {
    answer({ id: message.id, result: await run(message) });
  } catch (error) {
    const { message: text, code } = error as { message: string; code?: string };
    answer({ id: message.id, error: { message: text, ...(code && { code }) } });
  }
  if ("close" in message) process.exit();
});

async function run(message: ToThread): Promise<unknown> {
  const pglite = await database;
  if ("close" in message) return pglite.close();
  if ("listen" in message) {
    await pglite.listen(message.listen, () => answer({ notified: message.listen }));
    return;
  }
  const { rows, affectedRows, fields } = await pglite.query(message.sql, message.parameters);
  return { rows, affectedRows, fields };
}

function answer(message: FromThread): void {
  parentPort?.postMessage(message);
}
