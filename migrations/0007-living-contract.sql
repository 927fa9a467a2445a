alter table ticket
  -- What was asked for, once the priority in force differs from it: it rises to it again.
  add column asked_priority text check (asked_priority in ('urgent', 'high', 'normal', 'low')),
  -- Where the ticket stands with its contact; each change begins a turn, which ends at its due date.
  add column contact_state text not null default 'off'
    check (contact_state in ('off', 'asking', 'present', 'falling', 'held', 'absent')),
  add column contact_turn integer not null default 0,
  add column contact_round integer not null default 0,
  add column contact_due_at timestamptz;

-- The people who stand in for a contact, in the order in which they are asked.
create table account_contact (
  account_id text not null references account,
  place integer not null,
  team_id text not null,
  user_id text not null,
  primary key (account_id, team_id, user_id)
);

-- Who was asked to be there for a ticket, once in each round, and what they said.
create table contact_ask (
  id uuid primary key default gen_random_uuid(),
  seq bigint not null generated always as identity,
  account_id text not null,
  ticket_id uuid not null,
  round integer not null,
  team_id text not null,
  user_id text not null,
  name text not null,
  asked_at timestamptz, -- when the message reached Slack
  answer text check (answer in ('here', 'unavailable', 'silent')),
  answered_at timestamptz,
  foreign key (account_id, ticket_id) references ticket (account_id, id),
  unique (ticket_id, round, team_id, user_id)
);
create index on contact_ask (account_id, ticket_id);

-- A workaround that an agent offered, by the history row that tells of it, and what the requester says of it.
create table workaround_offer (
  id uuid primary key references ticket_history,
  account_id text not null,
  ticket_id uuid not null,
  workaround text not null check (workaround in ('limited', 'yes')),
  answer text check (answer in ('accepted', 'disputed', 'replaced')),
  answered_at timestamptz,
  foreign key (account_id, ticket_id) references ticket (account_id, id)
);
create unique index workaround_offer_one_open on workaround_offer (ticket_id) where answer is null;

-- The contact is neither the requester nor an agent.
alter table ticket_history drop constraint ticket_history_actor_kind_check;
alter table ticket_history add constraint ticket_history_actor_kind_check
  check (actor_kind in ('requester', 'contact', 'agent', 'deskline'));
