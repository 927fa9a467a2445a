import { readAppConfig, startApp } from "../../../src/app.ts";
import { runUntilStopped } from "../../../src/run-until-stopped.ts";
import { openLookUpDesk } from "./look-up-desk.ts";

/** Deskline as it is, with a desk that has neither keys of ours nor ids of our choosing. */
await runUntilStopped(() => {
  const config = readAppConfig();
  if (config.desk.DESK !== "http") throw new Error("DESK_URL says where the desk is.");
  const desk = openLookUpDesk(config.desk.DESK_URL, config.HTTP_TIMEOUT_MS);
  return startApp(config, { desk });
});
