import { createHmac } from "node:crypto";
import type { PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { PersonAddress } from "#slack/people.ts";
import { findScores, type Scores, saveVote } from "./article-votes.ts";

/** Stands where a vote from Slack has its workspace. */
const WEB = "web";

export type WebVotes = ReturnType<typeof createWebVotes>;

/** Whether an article helped whoever has confirmed an e-mail address. What is kept of that is a hash that needs `key`. */
export function createWebVotes(db: Db, policy: PolicyNow, key: Buffer) {
  const articleIds = () => policy().articles.map(({ id }) => id);
  const personOf = (email: string): PersonAddress => ({
    teamId: WEB,
    userId: createHmac("sha256", key).update(email).digest("base64url"),
  });
  return {
    /** Of every article. Without an address: of nobody's own. */
    scores(email?: string): Promise<Scores> {
      return findScores(db, articleIds(), email === undefined ? undefined : personOf(email));
    },

    /** One that the policy does not have is nobody's to vote on. */
    async save(email: string, { articleId, isHelpful }: WebVote): Promise<void> {
      if (articleIds().includes(articleId))
        await saveVote(db, articleId, personOf(email), isHelpful);
    },
  };
}

export type WebVote = { articleId: string; isHelpful: boolean };
