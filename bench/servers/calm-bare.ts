import { PGlite } from "@electric-sql/pglite";
import { app, startBareApp } from "./bare-app.ts";
import { offerHeavyQuery } from "./heavy-query.ts";

/** A Bolt app with PGlite on its own thread, which can be made to work hard. */
const pglite = await PGlite.create(process.env.DESKLINE_DATA ?? "");
app.command("/support-access", async ({ ack }) => {
  await ack({ response_type: "ephemeral", text: "Usage: `/support-access`, `grant 30d`, `off`" });
});
offerHeavyQuery((text) => pglite.query(text));
process.once("SIGTERM", () => process.exit());
await startBareApp();
