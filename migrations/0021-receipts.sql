-- What came of a customer's message: at the desk, seen by an agent, or not to be filed. Each once.
create table receipt (
  comment_id uuid not null,
  kind text not null check (kind in ('at-desk', 'seen', 'failed')),
  account_id text not null,
  ticket_id uuid not null,
  at timestamptz not null default deskline_now(),
  primary key (comment_id, kind),
  foreign key (account_id, ticket_id) references ticket (account_id, id)
);
create index on receipt (account_id, at);

alter table ticket add column seen_at timestamptz; -- of an agent's first act after the customer's last words
alter table comment add column told_at timestamptz; -- when the desk had its words
alter table attachment add column history_id uuid; -- the step that it came with; null: the ticket itself
create index on attachment (history_id) where history_id is not null;
