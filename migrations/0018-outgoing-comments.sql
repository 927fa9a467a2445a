-- What an agent is about to say to a customer: looked at once more, and held back for the seconds in which it can be undone.
create table outgoing_comment (
  id uuid primary key default gen_random_uuid(),
  account_id text not null,
  ticket_id uuid not null,
  team_id text not null,
  view_id text not null, -- the form in Slack: one comment each
  step text not null check (step in ('reply', 'ask', 'offer')),
  helps text check (helps in ('yes', 'limited')),
  body text not null,
  author_user_id text not null,
  author_name text not null,
  state text not null default 'draft' check (state in ('draft', 'waiting', 'sent', 'failed')),
  written_at timestamptz not null default deskline_now(),
  sends_at timestamptz,
  unique (team_id, view_id),
  foreign key (account_id, ticket_id) references ticket (account_id, id),
  check ((step = 'offer') = (helps is not null)),
  check ((state = 'draft') = (sends_at is null))
);
create index on outgoing_comment (written_at);
