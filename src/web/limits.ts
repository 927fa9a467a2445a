import { createHmac } from "node:crypto";
import type { Db } from "#db/connect.ts";
import { countOnce } from "./store-limits.ts";

/** How often within an hour. */
const HOUR_S = 3600;
const MOST = {
  /** Forms with a proof of work, by the e-mail address and by the network they come from. */
  proven: { address: 5, network: 30 },
  /** Forms without: everybody together, too, so that many networks do not make a flood. */
  plain: { address: 2, network: 5, everybody: 60 },
  /** What is written on the page of a ticket. */
  page: { ticket: 30 },
  /** New requests from the pages of closed ones, by the e-mail address: they need no link from a mail. */
  goOn: { address: 5 },
  /** Whether articles helped. */
  vote: { person: 60 },
  /** What has files with it, there. */
  files: { ticket: 10, network: 30 },
} as const satisfies Record<string, Record<string, number>>;
const REMEMBERED = 10_000;

export type Kind = keyof typeof MOST;
export type Limits = {
  /** Counts it. Minutes to wait, when it was too often already. */
  exceeded(kind: Kind, by: Record<string, string>): Promise<number | undefined>;
};

/** In Postgres, for all processes together, and without the addresses themselves. */
export function createLimits(db: Db, key: Buffer): Limits {
  const closedUntil = new Map<string, number>(); // a flood that is refused already costs the database nothing

  function close(name: string, until: number): void {
    if (closedUntil.size >= REMEMBERED) closedUntil.clear();
    closedUntil.set(name, until);
  }
  function closedFor(names: readonly string[]): number {
    const until = Math.max(0, ...names.map((name) => closedUntil.get(name) ?? 0));
    return until - performance.now();
  }

  return {
    async exceeded(kind, by) {
      const most = new Map(
        Object.entries(MOST[kind]).map(([what, count]) => [
          `${kind}/${what}/${hashed(key, by[what] ?? "")}`,
          count,
        ]),
      );
      const names = [...most.keys()];
      const leftMs = closedFor(names);
      if (leftMs > 0) return minutes(leftMs);
      const counted = await countOnce(db, names, HOUR_S);
      const over = counted.filter(({ key: name, count }) => count > (most.get(name) ?? 0));
      for (const { key: name, leftS } of over) close(name, performance.now() + leftS * 1000);
      return over.length > 0
        ? minutes(Math.max(...over.map(({ leftS }) => leftS * 1000)))
        : undefined;
    },
  };
}

function hashed(key: Buffer, subject: string): string {
  return createHmac("sha256", key).update(subject).digest("base64url").slice(0, 22);
}

function minutes(ms: number): number {
  return Math.max(1, Math.ceil(ms / 60_000));
}
