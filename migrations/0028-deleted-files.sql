-- Its message was deleted: of the file nothing stays but that it was there, and what is still to be removed elsewhere.
alter table attachment drop constraint attachment_state_check;
alter table attachment add constraint attachment_state_check
  check (state in ('waiting', 'delivered', 'refused', 'deleted'));
alter table attachment add constraint attachment_deleted_check
  check (state <> 'deleted' or (name is null and size is null and sha256 is null));
