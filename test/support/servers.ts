import { readManifest } from "#simulator/manifest.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "#simulator/simulator.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

const MANIFEST = new URL("../../manifest.yml", import.meta.url);

export type Servers = AsyncDisposable & {
  database: TestDatabase & { url: string };
  simulator: Simulator;
};

/** What every Deskline talks to: a PostgreSQL database of its own, and the simulated Slack with our app in it. */
export async function startServers(options: Partial<SimulatorOptions> = {}): Promise<Servers> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase());
  const manifest = await readManifest(MANIFEST);
  const simulator = stack.use(await startSimulator({ manifest, ...options }));
  const parts = stack.move();
  return { database, simulator, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
