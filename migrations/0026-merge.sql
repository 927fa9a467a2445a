-- The ticket in which the work on this one goes on. Within a day that can be undone: then it has its status and its wait of before.
alter table ticket
  add column merged_into_id uuid,
  add column merged_into_number integer,
  add column merged_at timestamptz,
  add column unmerged_status text check (unmerged_status in ('new', 'open', 'pending', 'on_hold', 'solved')),
  add column unmerged_waits_since timestamptz,
  add check (num_nonnulls(merged_into_id, merged_into_number, merged_at, unmerged_status) in (0, 4)),
  add check (merged_into_id is null or (status = 'closed' and merged_into_id <> id)),
  add foreign key (account_id, merged_into_id) references ticket (account_id, id);
create index on ticket (account_id, merged_into_id) where merged_into_id is not null;

-- In which thread a message stands: one in the thread of a merged ticket is the other ticket's.
alter table comment add column thread_ts text;
