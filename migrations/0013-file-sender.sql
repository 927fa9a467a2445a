-- Who of support sent a file to the customer; null: it came from the customer.
alter table attachment add column agent_name text;
