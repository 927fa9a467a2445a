-- Which message in Slack a comment is, whether it was edited, and that it is gone: then its words are, too.
alter table comment
  add column team_id text,
  add column channel_id text,
  add column ts text,
  add column edited_ts text not null default '', -- of Slack: which of two versions is the newer
  add column edits integer not null default 0,
  add column deleted_at timestamptz,
  add check (deleted_at is null or body = '');
create unique index on comment (team_id, channel_id, ts) where ts is not null;

-- What one late message in the agents' thread says together: it is drawn again when one of them changes.
create table catch_up (
  key text primary key, -- of the outside write
  account_id text not null,
  ticket_id uuid not null,
  said jsonb not null,
  at timestamptz not null default deskline_now(),
  foreign key (account_id, ticket_id) references ticket (account_id, id)
);
create index on catch_up (account_id, ticket_id);
create index on catch_up (at);
