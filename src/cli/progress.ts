import { Presets, SingleBar } from "cli-progress";
import type { Watch } from "#db/move.ts";

/** A bar on a terminal; in a file or a pipe a line for each table. */
export function startProgress(): Watch & { stop(): void } {
  return process.stdout.isTTY ? startBar() : startLines();
}

function startBar() {
  const format = "{bar} {percentage} % | {value} of {total} rows | {table}";
  const bar = new SingleBar({ format, stream: process.stdout }, Presets.shades_classic);
  return {
    onBegin: (rows: number, already: number) => bar.start(rows, already, { table: "" }),
    onRows: (table: string, rows: number) => bar.increment(rows, { table }),
    stop: () => bar.stop(),
  };
}

function startLines() {
  let last: { table: string; rows: number } | undefined;
  const stop = () => {
    if (last) console.log(`${last.table}: ${last.rows}`);
    last = undefined;
  };
  return {
    onBegin(rows: number, already: number) {
      console.log(`${rows} rows to move${already ? `, ${already} of them are there` : ""}`);
    },
    onRows(table: string, rows: number) {
      if (last?.table !== table) stop();
      last = { table, rows: (last?.rows ?? 0) + rows };
    },
    stop,
  };
}
