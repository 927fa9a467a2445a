-- Whether an article of the policy helped: one vote a person, who may change their mind.
create table article_vote (
  article_id text not null,
  team_id text not null,
  user_id text not null,
  is_helpful boolean not null,
  voted_at timestamptz not null default deskline_now(),
  primary key (article_id, team_id, user_id)
);
