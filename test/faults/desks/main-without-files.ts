import { openHttpDesk } from "#desk/http.ts";
import { readAppConfig, startApp } from "../../../src/app.ts";
import { runUntilStopped } from "../../../src/run-until-stopped.ts";

/** Deskline as it is, with a desk that takes no files. */
await runUntilStopped(async () => {
  const config = readAppConfig();
  if (config.desk.DESK !== "http") throw new Error("DESK_URL says where the desk is.");
  const { attach: _none, ...desk } = await openHttpDesk(config.desk, {
    timeoutMs: config.HTTP_TIMEOUT_MS,
  });
  return startApp(config, { desk });
});
