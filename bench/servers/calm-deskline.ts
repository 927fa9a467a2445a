import { sql } from "kysely";
import { readAppConfig, startApp } from "../../src/app.ts";
import { runUntilStopped } from "../../src/run-until-stopped.ts";
import { offerHeavyQuery } from "./heavy-query.ts";

/** Deskline as it is, with an embedded database that can be made to work hard. */
await runUntilStopped(async () => {
  const app = await startApp(readAppConfig());
  const { db } = app.database;
  offerHeavyQuery((text) => sql.raw(text).execute(db));
  return app;
});
