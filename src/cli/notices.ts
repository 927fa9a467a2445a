import { Command } from "commander";
import { findOpenNotices } from "#db/notices.ts";
import { noticeInWords } from "#home/ask.ts";
import { en } from "#text/en.ts";
import { withDatabase } from "./run.ts";
import { table } from "./table.ts";

export function noticesCommand(): Command {
  return new Command("notices")
    .description("what needs you: said once, gone when it is mended")
    .action(() =>
      withDatabase(async (db, where) => {
        const notices = await findOpenNotices(db);
        if (notices.length === 0) return console.log(`Nothing needs you. ${where}`);
        const rows = notices.map((notice) => [notice.key, noticeInWords(en, notice)]);
        console.log(table(["WHAT", "WHAT IT MEANS"], rows));
      }),
    );
}
