import { Command } from "commander";
import type { Db } from "#db/connect.ts";
import { clearNotice, findOpenNotices } from "#db/notices.ts";
import { noticeInWords } from "#home/ask.ts";
import { en } from "#text/en.ts";
import { CommandRefused } from "./refused.ts";
import { withDatabase } from "./run.ts";
import { table } from "./table.ts";

export function noticesCommand(): Command {
  return new Command("notices")
    .description("what needs you: said once, gone when it is mended")
    .option(
      "--done <what>",
      "put away what will not be mended; it is said again when it is met again",
    )
    .action(({ done }: { done?: string }) =>
      withDatabase(async (db, where) => {
        if (done) return putAway(db, done);
        console.log((await list(db)) ?? `Nothing needs you. ${where}`);
      }),
    );
}

async function list(db: Db): Promise<string | undefined> {
  const notices = await findOpenNotices(db);
  if (notices.length === 0) return undefined;
  const rows = notices.map((notice) => [notice.key, noticeInWords(en, notice)]);
  return table(["WHAT", "WHAT IT MEANS"], rows);
}

async function putAway(db: Db, key: string): Promise<void> {
  if (!(await clearNotice(db, key)))
    throw new CommandRefused(`There is no notice ${key}: \`notices\` lists those there are.`);
  console.log(`${key} is put away.`);
}
