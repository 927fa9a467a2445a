-- A requester is a person in Slack, or somebody with a verified e-mail address: such a ticket has no place in Slack.
alter table ticket
  alter column requester_team_id drop not null,
  alter column requester_user_id drop not null,
  alter column asked_team_id drop not null,
  alter column asked_channel_id drop not null,
  add column requester_email text,
  add column contact_email text,
  add check (num_nonnulls(requester_team_id, requester_user_id, asked_team_id, asked_channel_id)
    = case when requester_email is null then 4 else 0 end);

-- Whose a verified e-mail address is: by itself, else by its domain. In small letters.
create table account_mail_domain (
  domain text primary key,
  account_id text not null references account
);
create table account_mail_address (
  address text primary key,
  account_id text not null references account
);

-- What was sent by the web form: not a ticket before its address is confirmed, and gone after a day.
create table web_request (
  id uuid primary key,
  token_hash text unique, -- of the link in the mail
  email text not null,
  language text not null check (language in ('ja', 'en')),
  draft jsonb not null,
  account_id text,
  ticket_id uuid, -- what became of it
  created_at timestamptz not null default deskline_now(),
  foreign key (account_id, ticket_id) references ticket (account_id, id)
);
create index on web_request (created_at);

-- The visitor's page of a ticket, by the hash of the secret in its address.
create table ticket_page (
  secret_hash text primary key,
  account_id text not null,
  ticket_id uuid not null,
  created_at timestamptz not null default deskline_now(),
  foreign key (account_id, ticket_id) references ticket (account_id, id)
);

-- How often something was done within its time, by an address or a network.
create table web_limit (
  key text primary key,
  count integer not null,
  ends_at timestamptz not null
);
create index on web_limit (ends_at);
