import { appendFileSync } from "node:fs";

export const DEEDS = [
  "file",
  "reply",
  "ask",
  "inform",
  "say",
  "take-back",
  "take",
  "solve",
  "reopen",
  "news",
  "access",
  "home",
  "grant-ends",
  "ask-by-web",
  "confirm",
] as const;
export type Deed = (typeof DEEDS)[number];
/** As Slack knows it, and the SHA-256 of what is in it. */
export type SentFile = { id: string; name: string; sha256: string };

/** What somebody did, as they themselves saw it. */
export type Op = {
  /** A word that stands in what they typed, and nowhere else. */
  token: string;
  deed: Deed;
  by: string;
  /** The token of the ticket it is about. */
  ticket?: string;
  /** `failed`: they read a refusal. `unknown`: they read that the app was silent. */
  outcome: "ok" | "failed" | "unknown";
  tries: number;
  at: number;
  until: number;
  /** Whether all that should come of it was there in time. */
  isSettled?: boolean;
  /** What came with it. */
  file?: SentFile;
  /** "DL-1042", as the person read it. */
  number?: string;
  /** What was wished, or what the person read last. */
  said?: string;
};

/** The client's side of a run, kept in a file as well. */
export type History = {
  ops: Op[];
  record(op: Op): Op;
};

export function openHistory(path: string): History {
  const ops: Op[] = [];
  return {
    ops,
    record(op) {
      ops.push(op);
      appendFileSync(path, `${JSON.stringify(op)}\n`);
      return op;
    },
  };
}
