-- A workspace that the policy gives to an account, connected or not yet.
create table account_workspace (
  team_id text primary key,
  account_id text not null references account
);

-- What the ticket is about, as the policy named it then; and what a high priority needs.
alter table ticket
  add column topic text,
  add column topic_name text,
  add column why text,
  add column contact_team_id text,
  add column contact_user_id text,
  add column contact_name text;
