-- What agents write in the thread of a triage card: for them alone. Kept, and sent nowhere.
create table note (
  id uuid primary key default gen_random_uuid(),
  account_id text not null,
  ticket_id uuid not null,
  at timestamptz not null default deskline_now(),
  team_id text not null,
  channel_id text not null,
  ts text not null,
  author_user_id text not null,
  author_name text not null,
  body text not null,
  edited_ts text not null default '', -- of Slack: which of two versions is the newer
  deleted_at timestamptz,
  form text not null generated always as (search_form(body)) stored,
  unique (team_id, channel_id, ts),
  foreign key (account_id, ticket_id) references ticket (account_id, id),
  check (deleted_at is null or body = '')
);
create index on note (account_id, ticket_id, at);
create index on note (at);
create index note_search on note using gin (search_pairs(account_id, form));
alter index note_search alter column 1 set statistics 0;

-- The threads of the triage cards, also of those that are gone.
create table triage_thread (
  team_id text not null,
  channel_id text not null,
  ts text not null,
  account_id text not null,
  ticket_id uuid not null,
  primary key (team_id, channel_id, ts),
  foreign key (account_id, ticket_id) references ticket (account_id, id)
);
insert into triage_thread (team_id, channel_id, ts, account_id, ticket_id)
select triage_team_id, triage_channel_id, triage_ts, account_id, id from ticket where triage_ts is not null;
