import { Agent, request } from "node:http";
import { hammer, median, quantile } from "./load.ts";
import type { Row } from "./rows.ts";
import { startServer } from "./start-server.ts";
import type { World } from "./world.ts";

const CONNECTIONS = [1, 16];
const ROUNDS = 7;
const MAIL = {
  SMTP_URL: "smtp://127.0.0.1:1", // no mail is sent: nothing is filled in
  MAIL_FROM: "support@example.com",
  PUBLIC_URL: "https://desk.example",
};

/** The web form's page, and how large its scripts are. */
export async function benchWebForm(world: World): Promise<Row[]> {
  await using deskline = await startServer("../src/main.ts", {
    ...world.deskline,
    ...MAIL,
    DATABASE_URL: await world.freshDatabase(),
    DESKLINE_ROLE: "web",
    DESKLINE_CONFIG: new URL("../policy.example.yaml", import.meta.url).pathname,
  });
  const ours = new URL("/request", deskline.url);
  const page = await fetch(ours);
  const body = await page.text();
  await using bare = await startServer("./servers/bare-page.ts", {
    BODY: Buffer.from(body).toString("base64"),
    HEADERS: JSON.stringify(Object.fromEntries(page.headers)),
  });
  const rows: Row[] = [];
  for (const connections of CONNECTIONS) {
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    const total = world.quick ? 100 : 1000;
    const times = { ours: [], bare: [] } as Record<string, number[]>;
    for (let round = -1; round < (world.quick ? 1 : ROUNDS); round += 1) {
      const [floor, took] = [
        await hammer(total, connections, () => get(bare.url, agent)),
        await hammer(total, connections, () => get(ours, agent)),
      ];
      if (round < 0) continue; // the first warms both
      times.bare?.push(...floor);
      times.ours?.push(...took);
    }
    agent.destroy();
    const { ours: took = [], bare: floor = [] } = times;
    rows.push({
      what: `the web form's page, ${connections} connections; the baseline sends the same bytes`,
      unit: "ms",
      ours: median(took),
      p99: quantile(took, 0.99),
      baseline: median(floor),
      goal: { atMost: 2 },
    });
  }
  return [...rows, await largestScript(ours, body)];
}

async function largestScript(form: URL, page: string): Promise<Row> {
  const [, first = ""] = /<script type="module" src="([^"]+)"/.exec(page) ?? [];
  const scripts = [first, "/request/assets/proof.js"].map((path) => fetch(new URL(path, form)));
  const sizes = (await Promise.all(scripts)).map(async (script) => (await script.text()).length);
  return {
    what: "the largest script of the web form, in kB",
    unit: "",
    ours: Math.max(...(await Promise.all(sizes))) / 1000,
    goal: { atMost: 30 },
  };
}

/** Milliseconds until the page was read. */
function get(url: URL, agent: Agent): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    request(url, { agent }, (res) => {
      res.resume();
      res.on("end", () => resolve(performance.now() - began));
    })
      .on("error", reject)
      .end();
  });
}
