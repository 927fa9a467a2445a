-- The contact has said that they are not available: nobody is told that they said nothing.
alter table ticket add column contact_declined boolean not null default false;
