-- So many of its attachments were refused: the customer's card counts what was taken.
alter table ticket add column refused_attachments integer not null default 0;
update ticket set refused_attachments = (
  select count(*) from attachment
  where attachment.account_id = ticket.account_id and attachment.ticket_id = ticket.id and state = 'refused'
) where attachments > 0;
