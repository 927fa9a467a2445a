import type { Policy } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { PRIORITIES } from "./priority.ts";
import {
  type Counts,
  countInPeriod,
  findHelpfulArticles,
  findReported,
  type HelpfulArticle,
  type Period,
  type ReportedTicket,
} from "./store-report.ts";
import { worked } from "./targets.ts";
import { ticketNumber } from "./ticket.ts";

export const GROUPINGS = ["priority", "topic", "account"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Half of them, and nine of ten, took no longer: minutes of working time. Undefined: there are none. */
export type Spread = { half: number; ninety: number } | undefined;

/** What came of the tickets of a group. */
export type Group = {
  /** Undefined: all tickets. */
  name: string | undefined;
  tickets: number;
  firstAnswer: Spread;
  resolution: Spread;
  late: number;
  reopened: number;
  good: number;
  bad: number;
};
export type Report = Counts & { groups: Group[]; articles: HelpfulArticle[] };

type WithTargets = Pick<Policy, "targets">;

/** What happened to the tickets that were filed in the period; times are those in which the vendor works. */
export async function makeReport(
  db: Db,
  policy: WithTargets,
  { by, ...period }: Period & { by: Grouping },
): Promise<Report> {
  const tickets: ReportedTicket[] = [];
  for await (const ticket of findReported(db, period)) tickets.push(ticket);
  const groups = Object.entries(Object.groupBy(tickets, (one) => one[by] ?? "-"));
  const named = groups.map(([name, own = []]) => summed(policy, own, name));
  return {
    ...(await countInPeriod(db, period)),
    groups: [summed(policy, tickets, undefined), ...sorted(named, by)],
    articles: await findHelpfulArticles(db, period),
  };
}

function sorted(groups: Group[], by: Grouping): Group[] {
  const order: readonly string[] = PRIORITIES;
  const rank = ({ name = "" }: Group) => order.indexOf(name);
  return groups.toSorted((a, b) => (by === "priority" ? rank(a) - rank(b) : b.tickets - a.tickets));
}

export function summed(
  policy: WithTargets,
  tickets: readonly ReportedTicket[],
  name: string | undefined,
): Group {
  const times = tickets.map((ticket) => timesOf(policy, ticket));
  const count = (is: (ticket: ReportedTicket) => boolean) => tickets.filter(is).length;
  return {
    name,
    tickets: tickets.length,
    firstAnswer: spreadOf(times.map(({ firstAnswer }) => firstAnswer)),
    resolution: spreadOf(times.map(({ resolution }) => resolution)),
    late: sum(tickets.map(({ late }) => late)),
    reopened: sum(tickets.map(({ reopened }) => reopened)),
    good: count(({ score }) => score === "good"),
    bad: count(({ score }) => score === "bad"),
  };
}

/** In minutes of working time. */
function timesOf(
  policy: WithTargets,
  { priority, created_at: filed, first_answered_at: answered, solvedAt }: ReportedTicket,
) {
  const since = (until: Date | null) =>
    until ? worked(policy, priority, filed, until) : undefined;
  return { firstAnswer: since(answered), resolution: since(solvedAt) };
}

/** By the nearest rank: a time that really was. */
function spreadOf(times: readonly (number | undefined)[]): Spread {
  const known = times.filter((time) => time !== undefined).sort((a, b) => a - b);
  const at = (share: number) => known[Math.ceil(share * known.length) - 1] ?? 0;
  return known.length > 0 ? { half: at(0.5), ninety: at(0.9) } : undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

/** The columns for a spreadsheet: times in minutes of working time, moments in UTC. */
export const REPORT_COLUMNS = [
  ...(["ticket", "account", "topic", "priority", "status", "filed"] as const),
  ...(["first_answer", "first_answer_minutes", "solved", "resolution_minutes"] as const),
  ...(["late", "calls", "reopened", "merged_into", "satisfaction", "words"] as const),
];
type Row = Record<(typeof REPORT_COLUMNS)[number], string>;

export async function* reportRows(
  db: Db,
  policy: WithTargets,
  period: Period,
): AsyncGenerator<Row> {
  for await (const ticket of findReported(db, period)) {
    const { firstAnswer, resolution } = timesOf(policy, ticket);
    const { account, topic, priority, status, created_at: filed, solvedAt } = ticket;
    const { merged_into_number: number } = ticket;
    yield {
      ticket: ticketNumber(ticket),
      ...{ account, topic: topic ?? "", priority, status },
      filed: filed.toISOString(),
      first_answer: ticket.first_answered_at?.toISOString() ?? "",
      first_answer_minutes: firstAnswer?.toFixed(1) ?? "",
      solved: solvedAt?.toISOString() ?? "",
      resolution_minutes: resolution?.toFixed(1) ?? "",
      ...{ late: String(ticket.late), calls: String(ticket.calls) },
      ...{ reopened: String(ticket.reopened), merged_into: number ? ticketNumber({ number }) : "" },
      ...{ satisfaction: ticket.score ?? "" },
      words: ticket.words ?? "",
    };
  }
}
