-- A follow-up that an agent opened, and their name: its requester did not ask for it.
alter table ticket add column opened_by_name text;
create index on ticket (account_id, follows_id) where follows_id is not null;

-- Tickets of one account that have to do with each other, in both directions. For agents alone.
create table ticket_link (
  account_id text not null,
  ticket_id uuid not null,
  other_id uuid not null,
  created_at timestamptz not null default deskline_now(),
  primary key (account_id, ticket_id, other_id),
  foreign key (account_id, ticket_id) references ticket (account_id, id),
  foreign key (account_id, other_id) references ticket (account_id, id),
  check (ticket_id <> other_id)
);
-- So many it has: a card without any asks for none.
alter table ticket add column links integer not null default 0;
