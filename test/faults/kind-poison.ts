import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import { channelLane } from "#jobs/lanes.ts";
import { POISON } from "./checks/records.ts";
import type { Kind } from "./kinds/kind.ts";
import { type Blow, hasBrokenDown, isRecovered, strikeOften, tellBlows } from "./kinds/recovery.ts";
import { untilItWorks } from "./people/patience.ts";
import { HELP } from "./people/town.ts";
import type { World } from "./world/world.ts";

const WITHIN_MS = 30_000; // five tries, with longer and longer pauses
const RESTARTS = 10;
const LIFE = 0.3; // of what its start took: it ends what it has in hand

/** Jobs that nobody can run stand among the good ones, also in a lane, and at each start. */
export const poison: Kind = {
  modes: ["embedded", "bullmq"],
  count: 500,
  async begin(_stack, { count, random, patienceMs }) {
    let blows: Blow[] = [];
    let restarts = 0;

    return {
      plan: { isPaced: false },
      async strike(town) {
        const { world } = town;
        blows = await strikeOften(town, Math.max(count, 1), async (nth) => {
          const kind = KINDS[nth] ?? random.pick(KINDS);
          await poisonWith(world, kind);
          return kind.what;
        });
        for (restarts = 0; restarts < RESTARTS; restarts += 1) await restart(world);
      },
      judge({ apps }, { claim }) {
        const late = blows.filter((one) => !isRecovered(one, WITHIN_MS + patienceMs));
        claim(late.length === 0, "good jobs waited too long beside a poison", ...late);
        const dead = apps.filter(hasBrokenDown);
        claim(dead.length === 0, "a process ended by itself", ...dead.map(({ name }) => name));
        return `${tellBlows(blows)}; ${restarts} starts with a poison in the queue`;
      },
    };
  },
};

type Poison = { what: string; name: string; payload: object; lane?: string };

const lane = channelLane("T0ACME", HELP);
const KINDS: Poison[] = [
  { what: "an unknown name", name: "ticket.forgotten", payload: {} },
  { what: "an unknown name in a lane", name: "ticket.forgotten", payload: {}, lane },
  { what: "a payload of another time", name: "ticket.file", payload: { ticket: 1 } },
];

/** Again, when the database is away just now. */
async function poisonWith(world: World, kind: Poison): Promise<void> {
  const key = `${POISON}${randomUUID()}`;
  await untilItWorks(() =>
    world
      .withDatabase((db) => insertPoison(db, key, kind))
      .then(
        () => ({ outcome: "ok" }),
        (error: unknown) => ({ outcome: "unknown", said: String(error) }),
      ),
  );
}

async function insertPoison(
  db: Db,
  key: string,
  { name, payload, lane: into }: Poison,
): Promise<void> {
  if (into) await sql`insert into lane (key) values (${into}) on conflict do nothing`.execute(db);
  await sql`
    insert into job (name, payload, key, lane)
    values (${name}, ${JSON.stringify(payload)}::jsonb, ${key}, ${into ?? null})`.execute(db);
  await sql`select pg_notify('job', '')`.execute(db);
}

/** With a fresh poison, so that it is there when the worker starts; not in a lane, which would stand still for them all. */
async function restart(world: World): Promise<void> {
  const workers = world.apps.filter(({ name }) => name !== "web");
  await poisonWith(world, world.plan.random.pick(KINDS.filter((kind) => !kind.lane)));
  const at = Date.now();
  for (const worker of workers) worker.signal("SIGKILL");
  await Promise.all(workers.map((worker) => worker.running(at)));
  // Where a start outlasts a lease, each life would find the same good jobs, and five such deaths bury them.
  await sleep((Date.now() - at) * LIFE);
}
