import { Command } from "commander";
import { withDatabase } from "./run.ts";

export function migrateCommand(): Command {
  return new Command("migrate")
    .description("bring the database up to date; every start does so, too")
    .action(async () => {
      let count = 0;
      const onApplied = (name: string) => {
        count += 1;
        console.log(`Applied ${name}.`);
      };
      await withDatabase(async () => {}, onApplied);
      console.log(
        count > 0 ? "The database is up to date." : "Nothing to do: the database is up to date.",
      );
    });
}
