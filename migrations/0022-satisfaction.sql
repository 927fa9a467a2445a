-- How the requester found the help, in one press; the words are optional. The last answer counts.
create table satisfaction (
  ticket_id uuid primary key,
  account_id text not null,
  score text not null check (score in ('good', 'bad')),
  words text,
  at timestamptz not null default deskline_now(),
  foreign key (account_id, ticket_id) references ticket (account_id, id)
);
create index on satisfaction (account_id, at);
