-- Listed in a digest in the agents' channel: it has no card of its own there until somebody needs one.
alter table ticket add column triage_listed_at timestamptz;
