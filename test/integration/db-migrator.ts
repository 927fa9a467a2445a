import { pathToFileURL } from "node:url";
import { connect } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";

/** Applies the migrations of a folder to a database, and prints each that it applied. */
const [url = "", folder = ""] = process.argv.slice(2);
await using database = await connect({ url });
const migrations = pathToFileURL(`${folder}/`);
await database.patiently((db) =>
  migrate(db, { folder: migrations, onApplied: (name) => console.log(name) }),
);
