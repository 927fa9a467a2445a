import { sql } from "kysely";
import pg from "pg";
import { connect, type Db } from "#db/connect.ts";
import { textsOf } from "#text/texts.ts";
import { type ListQuery, PAGE, readListQuery } from "#tickets/list.ts";
import type { Sight } from "#tickets/list-sight.ts";
import { findTickets } from "#tickets/store-list.ts";
import { inTurn, median, quantile } from "./load.ts";
import type { Row } from "./rows.ts";
import type { World } from "./world.ts";

const MANY = 1_000_000;
const FEW = 10_000;
const COMMENTS = 5; // of a ticket
const ACCOUNTS = 2000;
const ROUNDS = 60;
const SCANS = 3; // a scan of everything takes seconds
const PAGES = 500;

const LABELS = [textsOf("ja"), textsOf("en")];
const WHO = { teamId: "T1", userId: "U7" };
/** The largest of the accounts. */
const ACCOUNT = { sees: "account", accountId: "a0", who: WHO } satisfies Sight;
const ALL = { sees: "all", who: WHO } satisfies Sight;
const OWN: Sight = { ...ACCOUNT, sees: "own", channels: [], isUnsure: false };
/** Five kinds of words. */
const WORDS = {
  common: "ログイン",
  rare: "zqxrare",
  absent: "jwvabsent",
  "two characters": "権限",
  mixed: "printer 権限",
};

/** The list and the search, with a million tickets and five million comments of two thousand accounts, Japanese and English. */
export async function benchList(world: World): Promise<Row[]> {
  const many = world.quick ? MANY / 20 : MANY;
  const urls = { few: await world.freshDatabase(), many: await world.freshDatabase() };
  await fill(urls.few, world.quick ? FEW / 20 : FEW);
  await fill(urls.many, many);
  await using small = await connect({ url: urls.few });
  await using large = await connect({ url: urls.many });
  const rounds = world.quick ? ROUNDS / 6 : ROUNDS;
  const found = { small: small.db, large: large.db, rounds };
  return [
    ...(await firstPages(large.db, rounds)),
    ...(await searches("over a whole account", ACCOUNT, found)),
    ...(await searches("over everything", ALL, found)),
    ...(await large.patiently(scans)), // a scan of it all takes longer than a query may
    await lastPage(large.db, rounds),
    await size(large.db),
  ];
}

async function firstPages(db: Db, rounds: number): Promise<Row[]> {
  const pages: [string, Sight, string][] = [
    ["one's own", OWN, ""],
    ["of an account", ACCOUNT, ""],
    ["of an account, open", ACCOUNT, "status:open"],
    ["of an account, solved", ACCOUNT, "status:solved"],
    ["of all accounts, open", ALL, "status:open"],
  ];
  const rows: Row[] = [];
  for (const [what, sight, text] of pages) {
    const query = queryOf(text);
    const { tickets } = await findTickets(db, sight, query);
    const ids = tickets.map(({ id }) => id);
    const costs = await inTurn(rounds, {
      ours: () => timeOf(() => findTickets(db, sight, query)),
      bare: () => timeOf(() => readByKey(db, ids)),
    });
    rows.push({
      what: `the list ${what}, first page, 95 of 100; the baseline reads the same ${ids.length} rows by their key`,
      unit: "ms",
      ours: quantile(costs.ours, 0.95),
      baseline: quantile(costs.bare, 0.95),
      goal: { atMost: 3 },
    });
  }
  return rows;
}

type Both = { small: Db; large: Db; rounds: number };

/** The slowest of the kinds, against the slowest among few. */
async function searches(where: string, sight: Sight, { small, large, rounds }: Both) {
  const worst = { ours: 0, baseline: 0 };
  for (const word of Object.values(WORDS)) {
    const query = queryOf(word);
    const costs = await inTurn(rounds, {
      large: () => timeOf(() => findTickets(large, sight, query)),
      small: () => timeOf(() => findTickets(small, sight, query)),
    });
    worst.ours = Math.max(worst.ours, quantile(costs.large, 0.95));
    worst.baseline = Math.max(worst.baseline, quantile(costs.small, 0.95));
  }
  const row: Row = {
    what: `a search ${where}, the worst of five kinds of words, 95 of 100; the baseline is the same among ${FEW.toLocaleString("en")} tickets`,
    unit: "ms",
    ...worst,
    goal: { atMost: 4 },
  };
  return [row];
}

async function scans(db: Db): Promise<Row[]> {
  const rows: Row[] = [];
  for (const kind of ["rare", "absent"] as const) {
    const query = queryOf(WORDS[kind]);
    const costs = await inTurn(SCANS, {
      ours: () => timeOf(() => findTickets(db, ALL, query)),
      scan: () => timeOf(() => scanFor(db, WORDS[kind])),
    });
    rows.push({
      what: `a search over everything for ${kind === "rare" ? "a rare" : "an absent"} word; the baseline is ILIKE without an index`,
      unit: "ms",
      ours: median(costs.ours),
      baseline: median(costs.scan),
      goal: { atMost: 1 / 8 },
    });
  }
  return rows;
}

/** Page after page, as somebody presses Next. */
async function lastPage(db: Db, rounds: number): Promise<Row> {
  let query = queryOf("");
  for (let page = 1; page < PAGES; page += 1) {
    const { next } = await findTickets(db, ALL, query);
    if (!next) throw new Error(`There are only ${page} pages.`);
    query = { ...query, after: next };
  }
  const costs = await inTurn(rounds, {
    last: () => timeOf(() => findTickets(db, ALL, query)),
    first: () => timeOf(() => findTickets(db, ALL, queryOf(""))),
  });
  return {
    what: `page ${PAGES} of a list; the baseline is page 1`,
    unit: "ms",
    ours: median(costs.last),
    baseline: median(costs.first),
    goal: { atMost: 1.2 },
  };
}

async function size(db: Db): Promise<Row> {
  const { rows } = await sql<{ indexes: number; text: number }>`
    select
      (pg_relation_size('ticket_text_search') + pg_relation_size('comment_search'))::float8 / 1e6 as indexes,
      ((select sum(octet_length(form)) from ticket_text) + (select sum(octet_length(body)) from comment))::float8
        / 1e6 as text`.execute(db);
  return {
    what: "the indexes of the search; the baseline is the text that they find",
    unit: "MB",
    ours: rows[0]?.indexes ?? Number.NaN,
    baseline: rows[0]?.text ?? Number.NaN,
    goal: { atMost: 0.5 },
  };
}

async function readByKey(db: Db, ids: string[]): Promise<unknown> {
  return db
    .selectFrom("ticket")
    .innerJoin("account", "account.id", "ticket.account_id")
    .selectAll("ticket")
    .select("account.name")
    .where("ticket.id", "in", ids)
    .execute();
}

async function scanFor(db: Db, word: string): Promise<unknown> {
  const pattern = `%${word}%`;
  const { rows } = await sql`
    select id from ticket where subject ilike ${pattern} or description ilike ${pattern}
      or id in (select ticket_id from comment where body ilike ${pattern})
    order by updated_at desc, id desc limit ${PAGE}`.execute(db);
  return rows;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function queryOf(text: string): ListQuery {
  const asked = readListQuery(text, LABELS);
  if ("fault" in asked) throw new Error(`not a query: ${text}`);
  return asked.query;
}

/** Words as people use them: some in every tenth text, some in one of twenty thousand. A few accounts have most of the tickets. */
async function fill(url: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`set session_replication_role = replica; set synchronous_commit = off;
    set maintenance_work_mem = '512MB'`);
  const { rows } = await client.query(
    "select indexdef, indexname from pg_indexes where indexname in ('ticket_text_search', 'comment_search')",
  );
  for (const { indexname } of rows) await client.query(`drop index ${indexname}`);
  for (const text of TEXTS) await client.query(text.replace("$1", String(count)));
  for (const { indexdef } of rows) await client.query(indexdef);
  await client.query("vacuum analyze");
  await client.end();
}

const WORDY = `
  create function wordy(seed float8, most int) returns text language sql volatile as $f$
    select case when seed < 0.45
      then (select string_agg((array['今日は','昨日から','設定','画面','管理者','ログイン','権限','エラー','表示','更新',
        'パスワード','確認','メール','印刷','ファイル','共有','削除','できません','ください','しました'])[1 + floor(random() * 20)::int], '')
        from generate_series(1, most))
      else (select string_agg((array['printer','login','error','cannot','upload','page','since','morning','please','file',
        'report','export','admin','user','account','slow','empty','again','server','timeout'])[1 + floor(random() * 20)::int], ' ')
        from generate_series(1, most)) end
      || case when random() < 0.00005 then ' zqxrare' else '' end
      || case when seed > 0.9 then '権限' else '' end
  $f$`;
const TEXTS = [
  WORDY,
  `insert into account (id, name) select 'a' || n, 'Account ' || n from generate_series(0, ${ACCOUNTS - 1}) as n`,
  `insert into ticket (account_id, subject, description, what, who, workaround, priority, status, language,
     requester_team_id, requester_user_id, requester_name, asked_team_id, asked_channel_id, card_channel_id, updated_at)
   select 'a' || floor(power(random(), 3) * ${ACCOUNTS})::int, wordy(random(), 4), wordy(random(), 12), 'nothing-works',
     'all', 'none', (array['urgent','high','normal','low'])[1 + n % 4],
     case when n % 20 = 0 then (array['new','open','pending','on_hold'])[1 + n / 20 % 4]
       when n % 20 = 1 then 'solved' else 'closed' end,
     'en', 'T1', 'U' || n % 50, 'una', 'T1', 'C' || n % 20, 'C' || n % 20, now() - random() * interval '1 year'
   from generate_series(1, $1) as n`,
  `insert into ticket_text (ticket_id, account_id, form)
   select id, account_id, search_form('DL-' || number || ' ' || subject || ' ' || description) from ticket`,
  `insert into comment (account_id, ticket_id, kind, author_kind, author_name, body)
   select account_id, id, 'reply', 'agent', 'Aki', wordy(random() + n * 0, 8)
   from ticket, generate_series(1, ${COMMENTS}) as n`,
];
