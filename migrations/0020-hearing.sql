-- Until when some process was there to hear Slack: after a longer silence the threads are read up.
create table hearing (
  is_one boolean primary key default true check (is_one),
  heard_at timestamptz not null
);
