import { constants, setPriority } from "node:os";
import { readAppConfig, startApp } from "./app.ts";
import { runUntilStopped } from "./run-until-stopped.ts";

await runUntilStopped(async () => {
  const config = readAppConfig();
  // On one machine a customer's answer comes first: a backlog can wait, Slack gives up after 3 s.
  if (config.DESKLINE_ROLE === "worker") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  return startApp(config);
});
