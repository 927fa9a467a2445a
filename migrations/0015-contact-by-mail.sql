-- A contact is a person in Slack, or whoever reads an e-mail address.
alter table contact_ask
  alter column team_id drop not null,
  alter column user_id drop not null,
  add column email text,
  add column secret_hash text unique, -- of the page where they answer
  add column who text not null generated always as (coalesce(email, team_id || '/' || user_id)) stored,
  add check (num_nonnulls(team_id, user_id) = case when email is null then 2 else 0 end),
  add unique (ticket_id, round, who);
