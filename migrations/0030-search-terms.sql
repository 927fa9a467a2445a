-- The indexes of the search have a Latin word once, not every pair of its letters: they are half as large, and a rare word of common pairs is found at once.

drop index ticket_text_search;
drop index comment_search;
drop index note_search;
drop function search_pairs(text, text);
drop function search_query(text, text);

-- What an index has of a text: its Latin words; of the long ones, and in place of those with digits, every pair after a '#', for people search for parts of them;
-- of all other letters every pair, at the end of a run the last alone; and whose text it is. Nothing else is as long as an account.
create function search_terms(account_id text, form text) returns tsvector language sql immutable strict parallel safe return (
  select array_to_tsvector(array_append(array_agg(term), '@' || account_id))
  from (
    select left(found[1], 32) from regexp_matches(form, '[a-z0-9]+', 'g') as words (found) where found[1] !~ '[0-9]'
    union all
    select '#' || substr(word, place, 2)
    from (select left(found[1], 1000) from regexp_matches(form, '[a-z0-9]+', 'g') as words (found)) as words (word),
      generate_series(1, greatest(length(word) - 1, 1)) as place
    where length(word) > 12 or word ~ '[0-9]'
    union all
    select letter || case when strpos(e' \n\r\t0123456789abcdefghijklmnopqrstuvwxyz', next) = 0 then next else '' end
    from (select string_to_array(form, null) as all_of_it) as letters,
      unnest(all_of_it, all_of_it[2:]) as neighbours (letter, next)
    where strpos(e' \n\r\t0123456789abcdefghijklmnopqrstuvwxyz', letter) = 0
  ) as terms (term)
);

-- The pairs of a part of a word, all of them.
create function search_pairs(part text, mark text) returns text language sql immutable strict parallel safe return (
  select string_agg(distinct search_lexeme(mark || substr(part, place, 2)), ' & ') || case when length(part) = 1 then ':*' else '' end
  from generate_series(1, greatest(length(part) - 1, 1)) as place
);

-- What a text with this word has all of; `account_id` null: in any account. Whether the word is there, its form then tells. Its first part may be the end of a long
-- word or of one with digits, its last the beginning of any.
create function search_query(account_id text, form text) returns tsquery language sql immutable parallel safe return (
  select (
    coalesce(search_lexeme('@' || account_id) || ' & ', '') || string_agg(
      case
        when part !~ '[a-z0-9]' then search_pairs(part, '')
        when part ~ '[0-9]' then search_pairs(left(part, 100), '#')
        when place > 1 and place < parts then search_lexeme(left(part, 32))
        else '(' || search_lexeme(left(part, 32)) || case when place = parts then ':*' else '' end ||
          ' | ' || search_pairs(left(part, 100), '#') || ')'
      end, ' & ')
  )::tsquery
  from (
    select found[1] as part, place, count(*) over () as parts
    from regexp_matches(form, '[a-z0-9]+|[^a-z0-9 \n\r\t]+', 'g') with ordinality as all_of_them (found, place)
  ) as parts
);

-- The same of one text in which the letters stand, sooner than by all of its terms. Its account is left out, or an index would be asked for a row that is there.
create function search_has(form text, word text) returns boolean language sql immutable strict parallel safe return
  word !~ '^[a-z0-9]'
  or form ~ ('(^|[^a-z0-9])' || regexp_replace(word, '([!-/:-@[-`{-~])', '\\\1', 'g'))
  or search_terms('', form) @@ search_query(null, word);

create index ticket_text_search on ticket_text using gin (search_terms(account_id, form));
create index comment_search on comment using gin (search_terms(account_id, form));
create index note_search on note using gin (search_terms(account_id, form));
alter index ticket_text_search alter column 1 set statistics 0;
alter index comment_search alter column 1 set statistics 0;
alter index note_search alter column 1 set statistics 0;
