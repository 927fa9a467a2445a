-- What was never postponed goes before a backlog.
create index job_new on job (run_at)
  where lane is null and run_at = due_at and done_at is null and dead_at is null;
