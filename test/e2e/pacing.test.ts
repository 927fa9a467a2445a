import { Redis } from "ioredis";
import { sql } from "kysely";
import { expect, it } from "vitest";
import type { Db } from "#db/connect.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { startProcesses } from "../support/processes.ts";
import { startRedis } from "../support/redis-server.ts";
import { fileTicket } from "../support/tickets.ts";

const GENERAL = "C0ACMEGEN";
const GAP_MS = 1000;
const NOISE_MS = 30; // two clocks, that of the database and that of Slack
const TICKETS = 6; // in each channel

it("posts once a second into a channel, in order, with 4 worker processes and a Redis that forgets", {
  timeout: 120_000,
}, async () => {
  await using redis = await startRedis();
  await using world = await startProcesses({ REDIS_URL: redis.url });
  for (let more = 0; more < 3; more++) await world.startWorker();
  const { simulator, db } = world;
  const posts = () =>
    simulator
      .calls()
      .filter(({ method, args }) => method === "chat.postMessage" && !args.thread_ts);

  for (let n = 0; n < TICKETS; n++) {
    for (const channelId of [HELP, GENERAL]) await fileTicket(db, { channelId });
  }
  await simulator.until(() => posts().length >= 4, 30_000);
  await forget(redis.url);
  await simulator.until(() => posts().length === 4 * TICKETS, 60_000);

  expect(posts().filter(({ ok }) => !ok)).toEqual([]);
  for (const channel of [HELP, GENERAL, AGENTS]) {
    const said = posts().filter(({ args }) => args.channel === channel);
    const gaps = said.slice(1).map(({ at }, n) => at - (said[n]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(GAP_MS - NOISE_MS);
    const numbers = said.map(({ args }) => /DL-\d+/.exec(String(args.text))?.[0]);
    expect(numbers).toEqual(await cardsInOrder(db, channel));
  }
});

/** The numbers of the tickets whose cards went through a channel's lane, in the order in which they came there. */
async function cardsInOrder(db: Db, channelId: string): Promise<string[]> {
  const { rows } = await sql<{ number: string }>`
    select 'DL-' || number as number from job join ticket on ticket.id::text = payload ->> 'ticketId'
    where lane like ${`channel/%/${channelId}`} and name in ('ticket.post-card', 'ticket.post-triage-card')
    order by seq`.execute(db);
  return rows.map(({ number }) => number);
}

/** What nothing but a bell knows is gone. */
async function forget(url: string): Promise<void> {
  const redis = new Redis(url);
  await redis.flushall();
  redis.disconnect();
}
