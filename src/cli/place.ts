import { existsSync } from "node:fs";
import type { DatabaseSettings } from "#config.ts";
import { decoded } from "#db/in-words.ts";
import { CommandRefused } from "./refused.ts";

/** The folder of the embedded database in a data folder. Never makes a new one: opening a folder would. */
export function embeddedIn(folder: string, advice: { else?: string; trial: string }): string {
  if (isEmbeddedIn(folder)) return `${folder}/db`;
  const trial = `${folder}/trial`;
  const hints = [
    advice.else,
    isEmbeddedIn(trial) ? `A trial's is in ${advice.trial}${trial}.` : undefined,
  ];
  throw new CommandRefused(
    [`There is no embedded database in ${folder}.`, ...hints].filter(Boolean).join(" "),
  );
}

export function isEmbeddedIn(folder: string): boolean {
  return existsSync(`${folder}/db/postgres`);
}

/** Where a PostgreSQL database is, without the password, and without the user who has it. */
export function placeOf(url: URL): string {
  const host = url.searchParams.get("host") ?? (url.hostname || "localhost");
  const port = url.searchParams.get("port") ?? (url.port || "5432");
  return `${host}:${port}/${decoded(url.pathname.slice(1)) || url.username}`;
}

/** Which database a command has looked at: an empty answer from the wrong one reads like good news. */
export function lookedAt({ DATABASE_URL, DESKLINE_DATA }: DatabaseSettings): string {
  const place = DATABASE_URL
    ? placeOf(new URL(DATABASE_URL))
    : `the embedded database in ${DESKLINE_DATA}`;
  return `Looked at ${place}.`;
}
