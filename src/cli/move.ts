import { Command } from "commander";
import { readDatabaseSettings } from "#config.ts";
import type { Database } from "#db/connect.ts";
import { inWords as atStart, codeOf } from "#db/in-words.ts";
import { move } from "#db/move.ts";
import { type Compared, isEqual } from "#db/move-compare.ts";
import { findDeparture, forgetDeparture } from "#db/moved.ts";
import { openAsItIs } from "#db/open.ts";
import { CannotStart } from "#errors.ts";
import { embeddedIn, placeOf } from "./place.ts";
import { startProgress } from "./progress.ts";
import { CommandRefused } from "./refused.ts";
import { table } from "./table.ts";

const INTERRUPTED = 130; // 128 + SIGINT, as shells count

type Given = { to?: string; from?: string; undo?: boolean };

export function moveCommand(): Command {
  return new Command("move")
    .description("take an embedded database with every row to PostgreSQL")
    .option("--to <DATABASE_URL>", "an empty PostgreSQL database")
    .option("--from <folder>", "without: DESKLINE_DATA; a trial is in its folder trial")
    .option("--undo", "use the embedded database again; what is in PostgreSQL stays as it is")
    .action(async ({ to, from, undo }: Given) => {
      if (Boolean(to) === Boolean(undo)) throw new CommandRefused("Give --to, or --undo.");
      const folder = embeddedIn(from ?? readDatabaseSettings().DESKLINE_DATA, { trial: "--from " });
      const place = to && placeOf(addressOf(to));
      await using embedded = await openAsItIs({ folder, namedBy: from && "--from" });
      await (to && place ? moveTo(embedded, { url: to, place }) : stay(embedded));
    });
}

function addressOf(text: string): URL {
  const url = /^postgres(ql)?:\/\//.test(text) ? URL.parse(text) : null;
  if (url) return url;
  throw new CommandRefused("--to must be a postgres:// address.");
}

async function stay({ db }: Database): Promise<void> {
  const departure = await findDeparture(db);
  if (!departure) throw new CommandRefused("This embedded database was not moved.");
  await forgetDeparture(db);
  console.log(
    `This embedded database may be used again. Start no Deskline on ${departure.place}: both would file the same tickets.`,
  );
}

async function moveTo(from: Database, { url, place }: { url: string; place: string }) {
  await using to = await openAsItIs({ url, namedBy: "--to" });
  const progress = startProgress();
  const interrupt = () => {
    progress.stop();
    console.error(
      "Stopped. The same command goes on from here; with --undo instead of --to it gives up.",
    );
    process.exit(INTERRUPTED);
  };
  process.once("SIGINT", interrupt);
  let compared: Compared[];
  try {
    compared = await move({ from, to, place }, progress);
  } catch (cause) {
    throw await inWords(cause, { from, url });
  } finally {
    process.off("SIGINT", interrupt);
    progress.stop();
  }
  report(compared, place);
}

function report(compared: Compared[], place: string): void {
  const lines = compared.map((each) => {
    const { what, from, to } = each;
    const sums = isEqual(each) ? [from?.checksum ?? ""] : [from?.checksum, to?.checksum];
    const counts = [from, to].map((seen) => String(seen?.rows ?? "none"));
    return [what, ...counts, sums.join(" / "), isEqual(each) ? "equal" : "DIFFERENT"];
  });
  console.log(table(["WHAT", "EMBEDDED", "POSTGRESQL", "CHECKSUM", ""], lines));
  const different = compared.filter((each) => !isEqual(each)).map(({ what }) => what);
  if (different.length > 0)
    throw new CommandRefused(
      `Not equal: ${different.join(", ")}. Nothing starts on either side. Give up with \`move --undo\`, and move into another empty database.`,
    );
  console.log(`Both sides are equal. Set DATABASE_URL to ${place}, and start Deskline on it.`);
}

/** What PostgreSQL or the network said, and what to do about it. */
async function inWords(cause: unknown, { from, url }: { from: Database; url: string }) {
  const words = wordsOf(cause, url);
  if (!words || !(await findDeparture(from.db))) return words ? new CommandRefused(words) : cause;
  return new CommandRefused(
    `${words} The same command goes on where it stopped; with --undo instead of --to it gives up.`,
    { cause },
  );
}

function wordsOf(cause: unknown, url: string): string | undefined {
  const known = atStart(cause, { url, namedBy: "--to" });
  if (known instanceof CannotStart) return known === cause ? undefined : known.message;
  const code = codeOf(cause);
  return cause instanceof Error && /^[0-9A-Z]{5}$/.test(code)
    ? `The database of --to refused: ${cause.message} (${code}).`
    : undefined;
}
