import type { Logger } from "pino";
import type { PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { WebContacts, WebFacts, WebPages, WebRequests, WebVotes } from "#tickets/ask.ts";
import { createLimits } from "./limits.ts";
import { createRequestForm, createRequestFormOff } from "./request.ts";
import { readRequestAssets } from "./request-assets.ts";
import { createNonces } from "./request-guard.ts";
import type { TakeVisit } from "./request-http.ts";
import { createProofs } from "./request-proof.ts";
import { rememberScores } from "./request-scores.ts";

export type OpenForm = {
  db: Db;
  requests: WebRequests;
  pages: WebPages;
  contacts: WebContacts;
  facts: WebFacts;
  votes: WebVotes;
  policy: PolicyNow;
  publicUrl: string;
  /** A key for one purpose, the same in every process. */
  keyFor(purpose: string): Buffer;
  log: Logger;
};

/** The web form; where nothing is given, what says that there is none. */
export async function openRequestForm(open: OpenForm | undefined): Promise<TakeVisit> {
  const assets = await readRequestAssets();
  if (!open) return createRequestFormOff(assets);
  const { db, requests, pages, contacts, facts, votes, policy, publicUrl, keyFor, log } = open;
  return createRequestForm({
    requests,
    pages,
    contacts,
    facts,
    votes,
    scores: rememberScores(() => votes.scores(), log),
    policy,
    nonces: createNonces(keyFor("nonces")),
    proofs: createProofs(keyFor("proofs")),
    limits: createLimits(db, keyFor("limits")),
    assets,
    origin: new URL(publicUrl).origin,
    log,
  });
}
