import { Command } from "commander";
import { readDatabaseSettings } from "#config.ts";
import { openDatabase } from "#db/open.ts";
import { isEmbeddedIn } from "./place.ts";

/** The only command that makes a database where there is none. */
export function migrateCommand(): Command {
  return new Command("migrate")
    .description("bring the database up to date, or make a new one; every start does so, too")
    .action(async () => {
      const { DATABASE_URL: url, DESKLINE_DATA: folder } = readDatabaseSettings();
      if (!url && !isEmbeddedIn(folder)) console.log(`Making an embedded database in ${folder}.`);
      let count = 0;
      const onApplied = (name: string) => {
        count += 1;
        console.log(`Applied ${name}.`);
      };
      await using _database = await openDatabase(url ? { url } : { folder: `${folder}/db` }, {
        onApplied,
      });
      console.log(
        count > 0 ? "The database is up to date." : "Nothing to do: the database is up to date.",
      );
    });
}
