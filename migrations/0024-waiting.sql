-- Since when the customer waits for an answer of support's; null: they do not. Tickets of before begin with their next step.
alter table ticket
  add column waits_since timestamptz,
  add column first_answered_at timestamptz;
alter table ticket alter column waits_since set default deskline_now();
create index on ticket (waits_since) where waits_since is not null and status in ('new', 'open');
create index on ticket (priority, first_answered_at) where first_answered_at is not null;

-- Whom the agents' channel was told, and when: before an answer is late, and when it is. Once for each wait.
create table ping (
  ticket_id uuid not null,
  kind text not null check (kind in ('warning', 'late')),
  waits_since timestamptz not null,
  account_id text not null,
  due_at timestamptz not null,
  called integer not null, -- so many people were named
  at timestamptz not null default deskline_now(),
  primary key (ticket_id, kind, waits_since),
  foreign key (account_id, ticket_id) references ticket (account_id, id)
);
create index on ping (at);
