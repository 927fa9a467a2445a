import { readAppConfig, startApp } from "./app.ts";
import { runUntilStopped } from "./run-until-stopped.ts";

await runUntilStopped(() => startApp(readAppConfig()));
