import { PGlite } from "@electric-sql/pglite";
import { startBareApp } from "./bare-app.ts";

/** A Bolt app and a PGlite in one process, and nothing else: what a trial must hold in memory anyway. */
const pglite = await PGlite.create(process.env.DESKLINE_DATA ?? "");
await pglite.query("select 1");
process.once("SIGTERM", () => void pglite.close().then(() => process.exit()));
await startBareApp();
