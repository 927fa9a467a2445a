import { sql } from "kysely";
import { connect, type Db } from "#db/connect.ts";
import { submitTicket } from "#tickets/submit.ts";
import { connectHome } from "./backlog.ts";
import { CHANNEL, hammer, inTurn, median, post, quantile, rateOf, submission } from "./load.ts";
import type { Row } from "./rows.ts";
import { openSameInserts } from "./same-inserts.ts";
import { startServer } from "./start-server.ts";
import type { World } from "./world.ts";

const CLIENTS = 16;
const BURST = 500;
const BURST_ACK_MS = 3000; // Slack tells the person that it failed
let count = 0;

/** Submissions committed through the use case, and a burst of them over HTTP. */
export async function benchIntake(world: World): Promise<Row[]> {
  return [await benchUseCase(world), ...(await benchBurst(world))];
}

async function benchUseCase(world: World): Promise<Row> {
  const url = await world.freshDatabase();
  await using database = await connect({ url });
  await using same = await openSameInserts(url, { isPrepared: true });
  await connectHome(database.db);
  const total = world.quick ? 400 : 2000;
  const each: number[] = [];
  const rates = await inTurn(world.quick ? 2 : 11, {
    ours: () => rateOf(total, () => hammer(total, CLIENTS, () => submit(database.db)), each),
    same: () => rateOf(total, () => hammer(total, CLIENTS, same.insert)),
  });
  return {
    what: `submissions committed through the use case, ${CLIENTS} clients`,
    unit: "/s",
    ours: median(rates.ours),
    p99: quantile(each, 0.99),
    baseline: median(rates.same),
    goal: { atLeast: 0.5 },
  };
}

async function benchBurst(world: World): Promise<Row[]> {
  const url = await world.freshDatabase();
  await using web = await startServer("../src/main.ts", {
    ...world.deskline,
    DATABASE_URL: url,
    DESKLINE_ROLE: "web",
  });
  const burst = world.quick ? BURST / 5 : BURST;
  const acks = await hammer(burst, burst, () => post(web.url, submission("burst"), burst));
  await using database = await connect({ url });
  const { rows } = await sql<{ saved: number }>`
    select count(*) as saved from ticket join job on job.payload ->> 'ticketId' = ticket.id::text`.execute(
    database.db,
  );
  const saved = rows[0]?.saved ?? 0;
  return [
    {
      what: `a burst of ${burst} submissions, longest ack`,
      unit: "ms",
      ours: Math.max(...acks),
      goal: { atMost: BURST_ACK_MS },
    },
    { what: "of them, lost", unit: "", ours: burst - saved, goal: { atMost: 0 } },
  ];
}

/** One submission; its milliseconds until it is committed. */
export async function submit(db: Db): Promise<number> {
  count += 1;
  const began = performance.now();
  await submitTicket(
    db,
    {
      subject: "bench",
      description: "Nothing works since nine.",
      what: "nothing-works",
      who: "all",
      workaround: "none",
      priority: "urgent",
    },
    {
      key: `bench-${process.pid}-${count}`,
      teamId: "T1",
      channelId: CHANNEL,
      requester: { userId: "U1", name: "una", language: "en" },
    },
  );
  return performance.now() - began;
}
