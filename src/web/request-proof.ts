import { createChallenge, extractParams, verifySolution } from "altcha-lib/v1";

const HARDEST = 50_000; // 25,000 hashes in the middle: half a second in Chromium, while somebody types
const LIVES_MS = 24 * 3_600_000;
const LONGEST = 2000;

export type Proofs = {
  challenge(nonceId: string): Promise<object>;
  /** Made for this very form: a solution is used up with its nonce. */
  holds(payload: string, nonceId: string): Promise<boolean>;
};

/** The visitor's browser works a moment for each form, which costs whoever sends thousands. */
export function createProofs(key: Buffer): Proofs {
  const hmacKey = key.toString("hex");
  return {
    challenge: (nonceId) =>
      createChallenge({
        hmacKey,
        maxNumber: HARDEST,
        expires: new Date(Date.now() + LIVES_MS),
        params: { nonce: nonceId },
      }),
    async holds(payload, nonceId) {
      if (payload === "" || payload.length > LONGEST) return false;
      try {
        if (extractParams(payload).nonce !== nonceId) return false;
        return await verifySolution(payload, hmacKey);
      } catch {
        return false; // it is no solution at all
      }
    },
  };
}
