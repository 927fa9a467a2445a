import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import type { PersonAddress } from "#slack/people.ts";

/** By the article's id: how many found it helpful, of how many who said, and what this person said. */
export type Scores = ReadonlyMap<string, Score>;
export const NO_SCORES: Scores = new Map();
export type Score = { helpful: number; votes: number; own: boolean | null };

const NOBODY = { teamId: null, userId: null };

/** One vote a person: a second one takes the place of the first. */
export async function saveVote(
  db: Db,
  articleId: string,
  { teamId, userId }: PersonAddress,
  isHelpful: boolean,
): Promise<void> {
  const change = { is_helpful: isHelpful, voted_at: sql<Date>`deskline_now()` };
  await db
    .insertInto("article_vote")
    .values({ article_id: articleId, team_id: teamId, user_id: userId, ...change })
    .onConflict((oc) => oc.columns(["article_id", "team_id", "user_id"]).doUpdateSet(change))
    .execute();
}

/** Without a person, nobody's own. */
export async function findScores(
  db: Db,
  articleIds: readonly string[],
  { teamId, userId }: PersonAddress | typeof NOBODY = NOBODY,
): Promise<Scores> {
  if (articleIds.length === 0) return NO_SCORES;
  const { rows } = await sql<Score & { id: string }>`
    select article_id as id, count(*) filter (where is_helpful) as helpful, count(*) as votes,
      bool_or(is_helpful) filter (where team_id = ${teamId} and user_id = ${userId}) as own
    from article_vote where article_id = any (${articleIds}::text[]) group by article_id`.execute(
    db,
  );
  return new Map(rows.map(({ id, ...score }) => [id, score]));
}
