import { randomBytes } from "node:crypto";
import { Problem, type Quote } from "#errors.ts";

/** The desk's "no" to a ticket. The person reads the reference, and it stands beside the reason in the operator's record. */
export function refusal(number: string, reason: string, quote?: Quote): Problem<"desk-refused"> {
  const reference = randomBytes(4).toString("hex");
  const cause = new Error(`${reason} (reference ${reference})`, { cause: quote });
  return new Problem("desk-refused", { number, reference }, { cause });
}
