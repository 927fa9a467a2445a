import { command, hammer, median, post, quantile, submission } from "./load.ts";
import type { Row } from "./rows.ts";
import { openSameInserts } from "./same-inserts.ts";
import { startServer } from "./start-server.ts";
import type { World } from "./world.ts";

const CONNECTIONS = [1, 16, 64];
const ROUNDS = 7;

/** Acks over HTTP: of a command that only answers, and of a submission that is committed first. */
export async function benchAcks(world: World): Promise<Row[]> {
  await using bare = await startServer("./servers/bare-bolt.ts", world.slack);
  const databaseUrl = await world.freshDatabase();
  // The web process alone: what happens after the ack is another bench's.
  await using deskline = await startServer("../src/main.ts", {
    ...world.deskline,
    DATABASE_URL: databaseUrl,
    DESKLINE_ROLE: "web",
  });
  await using same = await openSameInserts(databaseUrl, { isPrepared: false });
  const rows: Row[] = [];
  for (const connections of CONNECTIONS) {
    const times = { bare: [], answer: [], inserts: [], submit: [] } as Record<string, number[]>;
    const total = Math.max(connections * 4, world.quick ? 60 : 400);
    const run = async (name: string, each: () => Promise<number>) => {
      times[name]?.push(...(await hammer(total, connections, each)));
    };
    const help = () => command("/support-access", "help");
    await hammer(total, connections, () => post(deskline.url, help(), connections)); // warm
    await hammer(total, connections, () => post(bare.url, help(), connections));
    await hammer(total, connections, () => same.insert());
    for (let round = 0; round < (world.quick ? 1 : ROUNDS); round += 1) {
      await run("bare", () => post(bare.url, help(), connections));
      await run("answer", () => post(deskline.url, help(), connections));
      await run("inserts", () => same.insert());
      await run("submit", () => post(deskline.url, submission("ack"), connections));
    }
    const { bare: floor = [], answer = [], inserts = [], submit = [] } = times;
    rows.push(
      {
        what: `ack of a command that only answers, ${connections} connections`,
        unit: "ms",
        ours: median(answer),
        p99: quantile(answer, 0.99),
        baseline: median(floor),
        goal: { atMost: 1.2 },
      },
      {
        what: `ack of a submission, committed, ${connections} connections`,
        unit: "ms",
        ours: median(submit),
        p99: quantile(submit, 0.99),
        baseline: median(floor) + median(inserts),
        goal: { atMost: 1.3 },
      },
    );
  }
  return rows;
}
