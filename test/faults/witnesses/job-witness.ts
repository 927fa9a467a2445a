import { sql } from "kysely";
import type { Db } from "#db/connect.ts";

/** Somebody's hand on a job, or on a lane. */
export type Hold = {
  /** Undefined for a lane. */
  jobId: string | null;
  lane: string | null;
  /** The process, by the name of its connections; "" where there is but one. */
  by: string;
  at: Date;
  until: Date | null;
  /** `left`: another took it while this hand was still on it. */
  end: "done" | "handed-back" | "released" | "left" | null;
};

/** The database writes down, with each change, where jobs stand and in whose hand: their rows show the last of it only. */
export async function witnessJobs(db: Db): Promise<void> {
  await sql`
    create table witnessed (
      n bigint generated always as identity primary key,
      at timestamptz not null default clock_timestamp(),
      xid xid8 not null default pg_current_xact_id(),
      seen pg_snapshot not null default pg_current_snapshot(),
      by text not null default current_setting('application_name'),
      job_id uuid,
      lane text,
      seq bigint,
      claim uuid,
      is_over boolean not null,
      is_uncounted boolean not null
    )`.execute(db);
  await sql`
    create function witness_job() returns trigger language plpgsql as $$ begin
      insert into witnessed (job_id, lane, seq, claim, is_over, is_uncounted) values
        (new.id, new.lane, new.seq, new.claim, coalesce(new.done_at, new.dead_at) is not null,
          coalesce(new.attempts < old.attempts, false));
      return null;
    end $$`.execute(db);
  await sql`create trigger witness_new after insert on job for each row execute function witness_job()`.execute(
    db,
  );
  await sql`
    create trigger witness_change after update on job for each row
    when ((old.claim, old.lane, old.seq) is distinct from (new.claim, new.lane, new.seq))
    execute function witness_job()`.execute(db);
  await sql`
    create function witness_lane() returns trigger language plpgsql as $$ begin
      insert into witnessed (lane, claim, is_over, is_uncounted) values (new.key, new.claim, false, false);
      return null;
    end $$`.execute(db);
  await sql`
    create trigger witness_hand after update on lane for each row
    when (old.claim is distinct from new.claim) execute function witness_lane()`.execute(db);
}

export async function readHolds(db: Db): Promise<Hold[]> {
  const { rows } = await sql<Hold>`
    with seen as (
      select *, coalesce(job_id::text, lane) as what,
        lag(claim) over (partition by coalesce(job_id::text, lane) order by n) as before
      from witnessed
    ),
    hands as (
      select *, lead(at) over next as until, lead(claim) over next as other,
        lead(is_over) over next as is_done, lead(is_uncounted) over next as is_back
      from seen where claim is distinct from before
      window next as (partition by what order by n)
    )
    select job_id as "jobId", lane, by, at, until, case
      when until is null then null
      when other is not null then 'left'
      when is_done then 'done'
      when is_back then 'handed-back'
      else 'released' end as "end"
    from hands where claim is not null order by n`.execute(db);
  return rows;
}

/** The embedded database has one connection, without a name. */
export function isOf(name: string, { by }: Hold): boolean {
  return by === name || by === "";
}

export function isHeldAt({ at, until }: Hold, moment: number): boolean {
  return at.getTime() <= moment && moment < (until?.getTime() ?? Number.POSITIVE_INFINITY);
}
