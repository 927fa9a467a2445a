-- What came with a ticket or a reply to it: what is known of a file, never its bytes.
create table attachment (
  id uuid primary key default gen_random_uuid(),
  seq bigint not null generated always as identity,
  account_id text not null,
  ticket_id uuid not null,
  team_id text not null, -- whose token opens it
  file_id text not null,
  name text,
  size bigint,
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  upload_id text, -- where the agents have it, when that is Slack
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'refused')),
  why text,
  created_at timestamptz not null default deskline_now(),
  foreign key (account_id, ticket_id) references ticket (account_id, id),
  unique (account_id, ticket_id, file_id),
  check (state <> 'delivered' or (name is not null and size is not null and sha256 is not null)),
  check ((state = 'refused') = (why is not null))
);

-- Counted here too, so that the cards of most tickets need no second look.
alter table ticket add column attachments integer not null default 0;
