-- Its message was deleted: of the file nothing stays but that it was there, and what is still to be removed elsewhere.
alter table attachment drop constraint attachment_state_check;
alter table attachment add constraint attachment_state_check
  check (state in ('waiting', 'delivered', 'refused', 'deleted'));
alter table attachment add constraint attachment_deleted_check
  check (state <> 'deleted' or (name is null and size is null and sha256 is null));

-- What an agent has chosen to send along: Slack's id and the name of each.
alter table outgoing_comment add column files jsonb not null default '[]';

-- A file on its way from an agent into the customer's thread.
create table sent_file (
  id uuid primary key default gen_random_uuid(),
  seq bigint not null generated always as identity,
  account_id text not null,
  ticket_id uuid not null,
  history_id uuid not null, -- what it was sent with
  team_id text not null, -- whose token opens it
  file_id text not null,
  name text not null,
  agent_name text not null,
  upload_id text, -- in the customer's workspace
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'refused')),
  created_at timestamptz not null default deskline_now(),
  foreign key (account_id, ticket_id) references ticket (account_id, id),
  unique (account_id, history_id, file_id)
);
