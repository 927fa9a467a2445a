import { sql } from "kysely";
import type { Db } from "#db/connect.ts";

/** Every row of every table of ours as text, to the microsecond, whatever the product's own comparison says. */
export async function everyRow(db: Db): Promise<Record<string, string[]>> {
  return db.transaction().execute(async (tx) => {
    await sql`set local timezone = 'UTC'`.execute(tx);
    const { rows: tables } = await sql<{ name: string }>`
      select tablename as name from pg_tables
      where schemaname = 'public' and tablename not in ('migration', 'moved_to') order by 1`.execute(
      tx,
    );
    const found: Record<string, string[]> = {};
    for (const { name } of tables) {
      const { rows } = await sql<{ row: string }>`
        select to_jsonb(t)::text as row from ${sql.id(name)} t`.execute(tx);
      found[name] = rows.map(({ row }) => row).sort();
    }
    return found;
  });
}

/** Letters, instants and kinds that a careless copy loses; the same tables on both sides. */
export const ODD_TABLE = `create table odd (
  b text not null, a bigint not null, parent_b text, parent_a bigint,
  bytes bytea, price numeric(20, 6), ratio float8, span interval, names text[], at timestamptz,
  day date, flag boolean, doc jsonb, length integer generated always as (length(b)) stored,
  counted integer not null generated always as identity,
  primary key (b, a), foreign key (parent_b, parent_a) references odd
)`;

export async function fillOdd(db: Db): Promise<void> {
  await sql`insert into odd (b, a, parent_b, parent_a, bytes, price, ratio, span, names, at, day, flag, doc) values
    ('z', 9007199254740993, null, null, '\\x00ff5c27', 12345678901234.567890, 0.1::float8 + 0.2, '1 mon 2 days 03:04:05.000006',
      ${sql.lit('{"NULL",NULL,"a\\"b","\\\\","{}",""}')}, '2026-11-23 01:02:03.456789+09', '2026-02-28', true,
      '{"b": null, "a": [1, 2.50, "\\u00e9\\n"], "": ""}'),
    ('', 0, 'z', 9007199254740993, '', 'NaN', '-Infinity', '-1 day', '{}', 'infinity', '-infinity', null, 'null'),
    ('NULL', -1, '', 0, null, null, null, null, null, null, null, false, '"NULL"'),
    (${"改行\nタブ\tと\\と\"と'と{}と😀と\u0001"}, 1, 'NULL', -1, null, 0, 'NaN', null, null, '0001-01-01 00:00:00+00 BC', null, null, '[]')`.execute(
    db,
  );
}

/** `count` tickets of one account, each with a job and a word in its history. */
export async function fillTickets(db: Db, count: number): Promise<void> {
  await sql`insert into account (id, name) values ('acme', 'アクメ') on conflict do nothing`.execute(
    db,
  );
  await sql`
    with filed as (
      insert into ticket (account_id, subject, description, what, who, workaround, priority, language,
        requester_team_id, requester_user_id, requester_name, asked_team_id, asked_channel_id)
      select 'acme', 'No. ' || i, repeat('説明', 50), 'question', 'some', 'yes', 'low', 'ja',
        'T0ACME', 'U0HANA', 'Hana', 'T0ACME', 'C0ACMEHELP' from generate_series(1, ${count}::integer) i
      returning id
    ), told as (
      insert into ticket_history (account_id, ticket_id, event, actor_kind, actor_name)
      select 'acme', id, 'filed', 'requester', 'Hana' from filed
    )
    insert into job (name, payload, key) select 'ticket.file', jsonb_build_object('ticketId', id), id from filed`.execute(
    db,
  );
}
