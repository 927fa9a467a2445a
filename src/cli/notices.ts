import { Command } from "commander";
import { findOpenNotices } from "#db/notices.ts";
import { withDatabase } from "./run.ts";
import { table } from "./table.ts";

export function noticesCommand(): Command {
  return new Command("notices")
    .description("what needs you: said once, gone when it is mended")
    .action(() =>
      withDatabase(async (db, where) => {
        const notices = await findOpenNotices(db);
        if (notices.length === 0) return console.log(`Nothing needs you. ${where}`);
        const rows = notices.map(({ key, detail }) => [key, detail]);
        console.log(table(["WHAT", "DETAIL"], rows));
      }),
    );
}
