import { PGlite } from "@electric-sql/pglite";

/** PGlite as its README opens it: the floor of a start with an embedded database. */
const pglite = await PGlite.create(process.env.DESKLINE_DATA ?? "");
await pglite.query("select 1");
process.once("SIGTERM", () => void pglite.close().then(() => process.exit()));
process.stdout.write(`${JSON.stringify({ port: 0 })}\n`);
setInterval(() => {}, 60_000);
