-- What is old is found without walking through all that is kept.
create index job_done on job (done_at) where done_at is not null;
create index outside_write_intended on outside_write (intended_at);
