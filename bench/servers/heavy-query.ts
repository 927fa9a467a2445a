import { performance } from "node:perf_hooks";

type Ask = (sql: string) => Promise<unknown>;

const LONG_MS = 500;
let rows = 20_000;

/** Runs a query of half a second whenever it is asked to, and answers how long it took. */
export function offerHeavyQuery(ask: Ask): void {
  process.on("message", async () => {
    let took = await timeOf(ask, rows);
    while (took < LONG_MS * 0.9) {
      rows = Math.ceil(rows * Math.min(10, (LONG_MS * 1.05) / took));
      took = await timeOf(ask, rows);
    }
    process.send?.(took);
  });
}

async function timeOf(ask: Ask, count: number): Promise<number> {
  const began = performance.now();
  await ask(
    `select count(*) from generate_series(1, ${count}) as n where md5(n::text) like '%zz%'`,
  );
  return performance.now() - began;
}
