-- Who says what an account is: the REST API wins over the policy file, and what the file no longer names loses its places.
alter table account
  add column set_by_api_at timestamptz,
  add column in_policy boolean not null default false;
