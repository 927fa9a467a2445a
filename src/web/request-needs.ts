import type { Logger } from "pino";
import type { PolicyNow } from "#accounts/ask.ts";
import type {
  Scores,
  WebContacts,
  WebFacts,
  WebPages,
  WebRequests,
  WebVotes,
} from "#tickets/ask.ts";
import type { Limits } from "./limits.ts";
import type { RequestAssets } from "./request-assets.ts";
import type { Nonces } from "./request-guard.ts";
import type { Proofs } from "./request-proof.ts";

export type RequestNeeds = {
  requests: WebRequests;
  pages: WebPages;
  contacts: WebContacts;
  facts: WebFacts;
  votes: WebVotes;
  /** What everybody may see of the votes. */
  scores(): Scores;
  policy: PolicyNow;
  nonces: Nonces;
  proofs: Proofs;
  limits: Limits;
  assets: RequestAssets;
  /** Where people reach us, as a browser names it. */
  origin: string;
  log: Logger;
};
