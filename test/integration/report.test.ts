import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { NO_POLICY } from "#accounts/policy.ts";
import { parsePolicy } from "#accounts/policy-yaml.ts";
import { rate } from "#tickets/rate.ts";
import { makeReport, type Report, type Spread } from "#tickets/report.ts";
import { takeStep } from "#tickets/step.ts";
import { findTicket, type TicketRef } from "#tickets/store.ts";
import type { Step } from "#tickets/ticket.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { runDeskline } from "../support/deskline.ts";
import { fileTicket, seedAccounts } from "../support/tickets.ts";

const PERIOD = { from: new Date("2026-11-01T00:00+09:00"), to: new Date("2026-12-01T00:00+09:00") };
const POLICY = policyOf(`
targets:
  hours: { time_zone: Asia/Tokyo, mon: "09:00-18:00", tue: "09:00-18:00", wed: "09:00-18:00" }
`);

let test: TestDatabase & { url: string };
beforeAll(async () => {
  test = await createTestDatabase();
  await seedAccounts(test.db);
  await life();
});
afterAll(() => test[Symbol.asyncDispose]());

/** One that is answered over a night, comes back, is solved and praised; one of another account that nobody answers; one of before. */
async function life(): Promise<void> {
  await at("2026-10-31T12:00+09:00");
  await fileTicket(test.db);

  await at("2026-11-16T17:30+09:00");
  const first = await fileTicket(test.db, {
    priority: "high",
    why: "All of sales.",
    subject: '=cmd|"/c calc"',
  });
  await at("2026-11-17T09:30+09:00");
  await step(first, "reply", "agent", "Looking.");
  await step(first, "solve", "agent");
  await step(first, "inform", "requester", "Still broken.");
  await at("2026-11-17T12:00+09:00");
  await step(first, "solve", "agent");
  await step(first, "close", "requester");
  const delivery = { source: "slack.press", key: "rate" } as const;
  await rate(test.db, await findTicket(test.db, first), { score: "good", words: "=1+1", delivery });

  const second = await fileTicket(test.db, {
    teamId: "T0BETA",
    userId: "U0BOB",
    channelId: "C0BETA",
  });
  await sql`
    insert into ping (ticket_id, kind, waits_since, account_id, due_at, called)
    select id, 'late', waits_since, account_id, waits_since, 2 from ticket where id = ${second.ticketId}`.execute(
    test.db,
  );
  await sql`
    insert into article_vote (article_id, team_id, user_id, is_helpful)
    values ('reset', 'T0ACME', 'U1', true), ('reset', 'T0ACME', 'U2', false)`.execute(test.db);
}

it("counts what was filed in the period, in the vendor's working time", async () => {
  const report = rounded(await makeReport(test.db, POLICY, { ...PERIOD, by: "priority" }));

  const [all, high, normal] = report.groups;
  expect(all).toEqual({
    name: undefined,
    tickets: 2,
    firstAnswer: { half: 60, ninety: 60 },
    resolution: { half: 210, ninety: 210 },
    ...{ late: 1, reopened: 1, good: 1, bad: 0 },
  });
  expect([high?.name, high?.tickets, normal?.name, normal?.firstAnswer]).toEqual([
    ...["high", 1, "normal", undefined],
  ]);
  expect(report).toMatchObject({
    calls: 2,
    articles: [{ article: "reset", helpful: 1, votes: 2 }],
  });
});

it("counts around the clock without working hours, and by account", async () => {
  const { groups } = rounded(await makeReport(test.db, NO_POLICY, { ...PERIOD, by: "account" }));

  expect(groups.map(({ name, tickets }) => [name, tickets])).toEqual([
    [undefined, 2],
    ["acme", 1],
    ["beta", 1],
  ]);
  expect(groups[0]?.firstAnswer).toEqual({ half: 16 * 60, ninety: 16 * 60 });
});

it("prints it, and one row per ticket without a cell that is a formula", async () => {
  const { out: printed } = await deskline("--from 2026-11-01 --to 2026-11-30");
  expect(printed).toContain("Tickets filed from 2026-11-01 to 2026-11-30 (UTC)");
  expect(printed).toMatch(
    /^PRIORITY +TICKETS +ANSWERED HALF +ANSWERED 9 OF 10 +SOLVED HALF +SOLVED 9 OF 10 +LATE /m,
  );
  expect(printed).toMatch(/^reset +1 +2$/m);
  expect(printed).toMatch(/^all +2 +16 hours +16 hours +18 h 30 +18 h 30 +1 +1 +1 +0$/m);
  expect(printed).toContain("Calls to agents: 2, 0.1 a day; 1.00 per ticket.");

  const [head, ...rows] = (await deskline("--csv --from 2026-11-01 --to 2026-11-30")).out
    .trim()
    .split("\n");
  expect(head).toMatch(/^ticket,account,topic,priority,status,filed,.*,merged_into,/);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatch(/,good,'=1\+1$/);
});

it("says of a period without tickets that there was nothing, articles included", async () => {
  const { out: printed } = await deskline("--from 2026-01-01 --to 2026-01-02");

  expect(printed).toMatch(/^all +0 +- +- +- +- +0 +0 +0 +0$/m);
  expect(printed).toContain("Articles: nobody has said whether one helped.");
});

it.each([
  ["--from yesterday", "yesterday is no day. Write it like 2026-11-01."],
  ["--from 2026-11-30 --to 2026-11-01", "--from is after --to."],
  ["--by weather", "Allowed choices are priority, topic, account."],
])("says what is wrong with %s", async (line, sentence) => {
  const { code, complaint } = await deskline(line);

  expect(code).toBe(1);
  expect(complaint).toContain(sentence);
});

async function step(ref: TicketRef, name: Step, kind: "agent" | "requester", body?: string) {
  const by = { kind, userId: kind === "agent" ? "U0AKI" : "U0HANA", name: kind };
  const delivery = { source: "slack.press", key: `${name} ${body} ${Math.random()}` } as const;
  await takeStep(test.db, ref, { step: name, by, ...(body && { body }), delivery });
}

async function at(moment: string): Promise<void> {
  await test.setNow(new Date(moment));
}

/** The clock goes on while things happen. */
function rounded(report: Report): Report {
  const round = (spread: Spread): Spread =>
    spread && { half: Math.round(spread.half), ninety: Math.round(spread.ninety) };
  const groups = report.groups.map((group) => ({
    ...group,
    firstAnswer: round(group.firstAnswer),
    resolution: round(group.resolution),
  }));
  return { ...report, groups };
}

async function deskline(line: string) {
  return runDeskline(["report", ...line.split(" ")], { env: { DATABASE_URL: test.url } });
}

function policyOf(yaml: string) {
  const parsed = parsePolicy(yaml);
  if ("faults" in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.policy;
}
