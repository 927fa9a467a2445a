-- The message in Slack that a ticket was filed from, the thread that answers it, and a link to the message.
-- The thread of the card, when that is a reply in a thread which somebody else began.
alter table ticket
  add column asked_message_ts text,
  add column asked_thread_ts text,
  add column message_url text,
  add column card_thread_ts text;
