import { Command, Option } from "commander";
import { stringify } from "csv-stringify";
import { DateTime } from "luxon";
import type { Policy } from "#accounts/ask.ts";
import { readPolicyFile } from "#config.ts";
import { en } from "#text/en.ts";
import {
  GROUPINGS,
  type Group,
  type Grouping,
  makeReport,
  REPORT_COLUMNS,
  type Report,
  reportRows,
  type Spread,
} from "#tickets/ask.ts";
import { CommandRefused } from "./refused.ts";
import { withDatabase } from "./run.ts";
import { clean, table } from "./table.ts";

const DAYS = 30;

type Wish = { from?: string; to?: string; by: Grouping; csv?: boolean; policy?: string };
type Dates = { from: DateTime<true>; to: DateTime<true> };

/** `readPolicy` throws all faults of the file in one sentence each; without a file nobody has working hours. */
export function reportCommand(readPolicy: (file: string | undefined) => Promise<Policy>): Command {
  return new Command("report")
    .description("what became of the tickets that were filed in a period")
    .option(
      "--from <date>",
      `the first day, 2026-11-01; ${DAYS} days until --to, if it is not given`,
    )
    .option("--to <date>", "the last day; today, if it is not given")
    .addOption(new Option("--by <what>", "in groups").choices(GROUPINGS).default("priority"))
    .option("--csv", "one row per ticket, for a spreadsheet")
    .option("--policy <file>", "whose working hours count; DESKLINE_CONFIG, if it is not given")
    .action(async (wish: Wish) => {
      const policy = await readPolicy(wish.policy ?? readPolicyFile());
      const dates = datesIn(wish, policy.targets?.hours.time_zone ?? "UTC");
      const period = { from: dates.from.toJSDate(), to: dates.to.plus({ days: 1 }).toJSDate() };
      await withDatabase(async (db) => {
        if (wish.csv) return printCsv(reportRows(db, policy, period));
        const report = await makeReport(db, policy, { ...period, by: wish.by });
        console.log(inWords(report, dates, { by: wish.by, budget: policy.targets?.calls_a_day }));
      });
    });
}

function datesIn({ from, to }: Wish, zone: string): Dates {
  const last = to ? day(to, zone) : (DateTime.now().setZone(zone).startOf("day") as DateTime<true>); // the zone was checked
  const first = from ? day(from, zone) : last.minus({ days: DAYS - 1 });
  if (first > last) throw new CommandRefused("--from is after --to.");
  return { from: first, to: last };
}

function day(text: string, zone: string): DateTime<true> {
  const date = DateTime.fromFormat(text, "yyyy-MM-dd", { zone });
  if (date.isValid) return date;
  throw new CommandRefused(`${clean(text)} is no day. Write it like 2026-11-01.`);
}

/** A cell that begins like a formula is text to a spreadsheet, too. */
async function printCsv(rows: AsyncIterable<Record<string, unknown>>): Promise<void> {
  const csv = stringify({ header: true, columns: REPORT_COLUMNS, escape_formulas: true });
  csv.pipe(process.stdout);
  for await (const row of rows) csv.write(row);
  csv.end();
  await new Promise((done) => csv.once("end", done));
}

const HEAD = [
  "TICKETS",
  "ANSWERED HALF",
  "ANSWERED 9 OF 10",
  "SOLVED HALF",
  "SOLVED 9 OF 10",
  "LATE",
  "REOPENED",
  "GOOD",
  "BAD",
];

function inWords(
  { groups, articles, arrived, failed, calls }: Report,
  { from, to }: Dates,
  { by, budget }: { by: Grouping; budget: number | undefined },
): string {
  const days = to.diff(from, "days").days + 1;
  const perDay = (calls / days).toFixed(1);
  const meant = budget === undefined ? "" : `, where at most ${budget} are meant to be`;
  return [
    `Tickets filed from ${from.toISODate()} to ${to.toISODate()} (${from.zoneName}).`,
    "Working time until the first answer and until solved: half of them, and 9 of 10, took no longer.",
    "",
    table([by.toUpperCase(), ...HEAD], groups.map(rowOf)),
    "",
    `Calls to agents: ${calls}, ${perDay} a day${meant}; ${perTicket(calls, groups[0]?.tickets ?? 0)} per ticket.`,
    `Customers' messages: ${arrived} arrived, ${failed} could not be passed on at first.`,
    ...inArticles(articles),
  ].join("\n");
}

/** Said also when there are none: an empty end would read as one that is missing. */
function inArticles(articles: Report["articles"]): string[] {
  if (articles.length === 0) return ["Articles: nobody has said whether one helped."];
  const rows = articles.map(({ article, helpful, votes }) => [
    article,
    String(helpful),
    String(votes),
  ]);
  return ["", table(["ARTICLE", "HELPED", "OF"], rows)];
}

function perTicket(calls: number, tickets: number): string {
  return tickets > 0 ? (calls / tickets).toFixed(2) : "0";
}

function rowOf({ name, firstAnswer, resolution, ...counts }: Group): string[] {
  const { tickets, late, reopened, good, bad } = counts;
  return [
    name ?? "all",
    String(tickets),
    ...timesIn(firstAnswer),
    ...timesIn(resolution),
    ...[late, reopened, good, bad].map(String),
  ];
}

function timesIn(spread: Spread): [string, string] {
  return spread ? [en.duration(spread.half), en.duration(spread.ninety)] : ["-", "-"];
}
