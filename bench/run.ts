import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchAcks } from "./acks.ts";
import { benchCalm } from "./calm.ts";
import { benchFiling } from "./filing.ts";
import { benchForm } from "./form.ts";
import { benchGrowth } from "./growth.ts";
import { benchIntake } from "./intake.ts";
import { benchList } from "./list.ts";
import { benchMemory } from "./memory.ts";
import { benchPacing } from "./pacing.ts";
import { benchReply } from "./reply.ts";
import { drawTable, isMet, type Row } from "./rows.ts";
import { benchStart } from "./start.ts";
import { benchSubmitToCard } from "./submit-to-card.ts";
import { benchWebForm } from "./web-form.ts";
import { openWorld, type World } from "./world.ts";

const GROUPS: Record<string, (world: World) => Promise<Row[]>> = {
  acks: benchAcks,
  form: benchForm,
  card: benchSubmitToCard,
  intake: benchIntake,
  filing: benchFiling,
  pacing: benchPacing,
  calm: benchCalm,
  memory: benchMemory,
  start: benchStart,
  growth: benchGrowth,
  reply: benchReply,
  list: benchList,
  "web-form": benchWebForm,
};
const QUICK_TOLERANCE = 4; // a few samples on a shared machine guard against accidents, no more

const { quick, only } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string" } },
}).values;
const APART = ["list"]; // six million rows take longer to make than all the others to measure: only when it is named
const names = only?.split(",") ?? Object.keys(GROUPS).filter((name) => !APART.includes(name));
const rows: Row[] = [];
{
  await using world = await openWorld(quick);
  for (const name of names) rows.push(...(await runGroup(name, world)));
}
if (!quick && !only) await writeFile(new URL("./RESULTS.md", import.meta.url), results());
const missed = rows.filter((row) => !isMet(row, quick ? QUICK_TOLERANCE : 1));
for (const { what } of missed) console.error(`missed: ${what}`);
process.exitCode = missed.length > 0 ? 1 : 0;

/** One after the other: each has the machine to itself. */
async function runGroup(name: string, world: World): Promise<Row[]> {
  const bench = GROUPS[name];
  if (!bench) throw new Error(`There is no bench "${name}": ${Object.keys(GROUPS).join(", ")}.`);
  const measured = await bench(world);
  console.log(`${drawTable(measured)}\n`);
  return measured;
}

function results(): string {
  const machine = `${cpus().length} shared cores, Node ${process.versions.node}`;
  return `# Results\n\nMade by \`npm run bench\` (see README.md beside it) on ${machine}. Only the ratios travel to another machine.\n\n${drawTable(rows)}\n`;
}
