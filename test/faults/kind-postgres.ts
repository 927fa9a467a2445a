import { sql } from "kysely";
import { connect } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { startCrashingPostgres } from "../support/postgres.ts";
import type { Kind } from "./kinds/kind.ts";
import { type Blow, hasBrokenDown, isRecovered, strikeOften, tellBlows } from "./kinds/recovery.ts";
import { LEASE_MS } from "./world/world.ts";

const WITHIN_MS = LEASE_MS + 5000; // what was under way and could not be saved waits for its lease

/** PostgreSQL is stopped as by a crash (`pg_ctl stop -m immediate`), and started again. */
export const postgres: Kind = {
  modes: ["embedded", "bullmq"],
  count: 1000,
  async begin(stack, { count, patienceMs }) {
    const server = stack.use(await startCrashingPostgres());
    let blows: Blow[] = [];

    return {
      plan: { isPaced: false, freshDatabase: () => createDatabase(server.url) },
      async strike(town) {
        blows = await strikeOften(town, count, async () => {
          await server.crash();
          return "crash";
        });
      },
      judge({ apps }, { claim }) {
        const late = blows.filter((one) => !isRecovered(one, WITHIN_MS + patienceMs));
        claim(late.length === 0, "work did not go on in time after PostgreSQL was back", ...late);
        const dead = apps.filter(hasBrokenDown);
        const names = dead.map(({ name, deaths }) => ({ name, deaths }));
        claim(dead.length === 0, "a process ended by itself with PostgreSQL", ...names);
        return tellBlows(blows);
      },
    };
  },
};

async function createDatabase(server: string): Promise<string> {
  await using admin = await connect({ url: server });
  await sql.raw("create database deskline").execute(admin.db);
  const url = new URL(server);
  url.pathname = "/deskline";
  await using database = await connect({ url: url.href });
  await migrate(database.db);
  return url.href;
}
