-- Tickets are listed by their newest change, and found by words in their number, subject, description and comments.

-- As words are compared: case, full-width forms, katakana and hiragana do not matter, nor which keyboard wrote a quote, a dash, a wave or ヶ.
create function search_form(words text) returns text language sql immutable strict parallel safe return
  translate(lower(normalize(words, NFKC)),
    'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶヽヾ‘−’‐“–”—〜',
    'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔかかゝゞ''-''-"-"-~');

-- Every character with the one after it, at the end of a word alone, and whose text it is. No pair is as long as an account.
create function search_pairs(account_id text, form text) returns tsvector language sql immutable strict parallel safe return (
  select array_to_tsvector(array_append(array_agg(letter ||
    case when next is null or next in (' ', e'\n', e'\r', e'\t') then '' else next end), '@' || account_id))
  from (select string_to_array(form, null) as all_of_it) as letters,
    unnest(all_of_it, all_of_it[2:]) as neighbours (letter, next)
  where letter not in (' ', e'\n', e'\r', e'\t')
);

create function search_lexeme(letters text) returns text language sql immutable strict parallel safe return
  '''' || replace(replace(letters, '\', '\\'), '''', '''''') || '''';

-- What a text with this word has all of; `account_id` null: in any account. Whether the word is there, its form then tells.
create function search_query(account_id text, form text) returns tsquery language sql immutable parallel safe return (
  select (
    coalesce(search_lexeme('@' || account_id) || ' & ', '') ||
    case when length(form) = 1 then search_lexeme(form) || ':*'
    else string_agg(distinct search_lexeme(substr(form, place, 2)), ' & ') end
  )::tsquery
  from generate_series(1, greatest(length(form) - 1, 1)) as place
);

create table ticket_text (
  ticket_id uuid primary key,
  account_id text not null,
  form text not null,
  foreign key (account_id, ticket_id) references ticket (account_id, id)
);
insert into ticket_text (ticket_id, account_id, form)
select id, account_id, search_form('DL-' || number || ' ' || subject || ' ' || description) from ticket;
create index ticket_text_search on ticket_text using gin (search_pairs(account_id, form));

alter table comment add column form text not null generated always as (search_form(body)) stored;
create index comment_search on comment using gin (search_pairs(account_id, form));
-- Whoever asks these indexes has looked among the newest before: nobody has to guess from samples, which take long to make.
alter index ticket_text_search alter column 1 set statistics 0;
alter index comment_search alter column 1 set statistics 0;

-- A ticket is changed several times while it is filed: there is room beside it, so that no index hears of that.
alter table ticket set (fillfactor = 50);

-- The list: of an account, of a person, of a channel, of all; and of what is not solved, which is little of it.
drop index ticket_account_id_requester_team_id_requester_user_id_numbe_idx;
create index ticket_changed on ticket (updated_at desc, id desc);
create index ticket_account_changed on ticket (account_id, updated_at desc, id desc);
create index ticket_requester_changed on ticket (account_id, requester_team_id, requester_user_id, updated_at desc, id desc);
create index ticket_channel_changed on ticket (account_id, asked_team_id, asked_channel_id, updated_at desc, id desc);
create index ticket_assignee_changed on ticket (assignee_user_id, updated_at desc, id desc)
  where assignee_user_id is not null;
create index ticket_open_changed on ticket (updated_at desc, id desc)
  where status in ('new', 'open', 'pending', 'on_hold');
create index ticket_account_open_changed on ticket (account_id, updated_at desc, id desc)
  where status in ('new', 'open', 'pending', 'on_hold');
