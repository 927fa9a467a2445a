import { sql } from "kysely";
import { expect } from "vitest";
import type { Db } from "#db/connect.ts";
import { methodLane } from "#jobs/lanes.ts";
import { hurryLane } from "#jobs/moves.ts";

/** While it acts, no message of a workspace is edited: what was answered still has its buttons, as where Slack is slow. */
export async function holdEdits(db: Db, teamId: string, act: () => Promise<void>): Promise<void> {
  const lane = methodLane(teamId, "chat.update");
  const hold = async () => {
    const { rows } = await sql`
      insert into lane (key, next_at) values (${lane}, deskline_now() + interval '1 hour')
      on conflict (key) do update set next_at = excluded.next_at where lane.claim is null
      returning key`.execute(db);
    return rows.length;
  };
  await expect.poll(hold).toBe(1); // an edit that is under way would free it
  try {
    await act();
  } finally {
    await hurryLane(db, lane);
  }
}
