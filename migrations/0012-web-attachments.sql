-- Without a workspace: it was sent on the page of a web ticket, and nobody can open it again.
alter table attachment alter column team_id drop not null;
