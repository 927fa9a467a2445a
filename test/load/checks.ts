import { z } from "zod";
import type { Ack } from "./acks.ts";
import { readLines } from "./acks.ts";
import type { Report } from "./report.ts";
import { countDeadJobs, findTickets } from "./tickets.ts";
import type { World } from "./world.ts";

const DeskLine = z.object({
  type: z.string().optional(),
  ticketId: z.string().optional(),
  status: z.number(),
  isNew: z.boolean(),
});
const SlackLine = z.object({
  method: z.string(),
  channel: z.string().nullable(),
  status: z.number(),
});

/** The database and both witnesses against what people were told. */
export async function claimNothingLost(
  report: Report,
  world: World,
  { acks, seeded }: { acks: Ack[]; seeded: number },
): Promise<void> {
  const tickets = await findTickets(world.db);
  const told = acks.filter(({ number }) => number !== undefined);
  const subjects = new Map(tickets.map((ticket) => [ticket.number, ticket.subject]));
  const lost = told.filter(({ number, subject }) => subjects.get(number ?? "") !== subject);
  report.claim(
    lost.length === 0,
    `none lost: ${told.length} acked, ${lost.length} not in the database`,
  );

  const expected = new Set(acks.filter(({ kind }) => kind === "submission").map((a) => a.subject));
  const more = tickets.length - seeded - expected.size;
  report.claim(more <= 0, `none doubled: ${tickets.length} tickets, ${Math.max(0, more)} too many`);

  const atDesk = readLines(world.logs.desk, DeskLine).filter(
    ({ type }) => type === "ticket.created",
  );
  const made = Map.groupBy(
    atDesk.filter(({ isNew, status }) => isNew && status < 300),
    ({ ticketId }) => ticketId,
  );
  const wrong = tickets.filter(({ id }) => made.get(id)?.length !== 1);
  report.claim(
    wrong.length === 0 && made.size === tickets.length,
    `every ticket at the desk exactly once: ${made.size} there, ${wrong.length} missing or doubled`,
  );
  report.note(`the desk was asked ${(atDesk.length / tickets.length).toFixed(2)} times for each`);

  const said = readLines(world.logs.slack, SlackLine);
  const tooFast = said.filter(({ status }) => status === 429);
  report.claim(tooFast.length === 0, `no 429: ${said.length} messages, ${tooFast.length} too fast`);
  const dead = await countDeadJobs(world.db);
  report.claim(dead === 0, `no job given up: ${dead}`);
}
