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
  | { id: number; error: ErrorParts }
  | { notified: string };

/** Errors lose their class between threads; what PostgreSQL said of them must not get lost. */
export type ErrorParts = { message: string } & Partial<Record<(typeof FACTS)[number], string>>;

const FACTS = ["code", "detail", "table", "column", "constraint"] as const;

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

parentPort?.on("message", async (message: ToThread) => {
  try {
    answer({ id: message.id, result: await run(message) });
  } catch (error) {
    answer({ id: message.id, error: partsOf(error) });
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
  const { rows, affectedRows, fields, command } = await pglite.query(
    message.sql,
    message.parameters,
  );
  return { rows, affectedRows, fields, command };
}

function partsOf(error: unknown): ErrorParts {
  if (!(error instanceof Error)) return fileFault(error);
  const known = error as Error & ErrorParts; // a DatabaseError has them, every other has none
  const facts = FACTS.filter((fact) => typeof known[fact] === "string");
  return {
    message: error.message,
    ...Object.fromEntries(facts.map((fact) => [fact, known[fact]])),
  };
}

/** Emscripten throws what the file system said as a bare object with WASI's number. */
function fileFault(error: unknown): ErrorParts {
  const errno = (error as { errno?: unknown } | undefined)?.errno;
  const code = ERRNO[Number(errno)];
  if (!code) return { message: errno ? `file system error ${errno}` : String(error) };
  return { message: `${code}: the file system refused`, code };
}

const ERRNO: Record<number, string> = {
  2: "EACCES",
  19: "EDQUOT",
  29: "EIO",
  51: "ENOSPC",
  63: "EPERM",
  69: "EROFS",
};

function answer(message: FromThread): void {
  parentPort?.postMessage(message);
}
