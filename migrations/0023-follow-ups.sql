-- A reply to a closed ticket is a new one, in the same thread.
alter table ticket
  add column follows_id uuid,
  add column follows_number integer,
  add check ((follows_id is null) = (follows_number is null));
