import { randomBytes } from "node:crypto";

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** An id in Slack's shape, e.g. `V0` and nine more characters. */
export function newId(prefix: string, length = 9): string {
  const letters = [...randomBytes(length)].map((byte) => LETTERS[byte % LETTERS.length]);
  return `${prefix}0${letters.join("")}`;
}

export function newSecret(bytes = 16): string {
  return randomBytes(bytes).toString("hex");
}
