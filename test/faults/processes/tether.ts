import { flushCompileCache } from "node:module";

const STARTED_MS = 10_000;

/** Loaded before a program of the suites: it does not outlive whoever started it. */
process.on("disconnect", () => process.exit(1));
process.channel?.unref();

// Whoever is killed writes down nothing of what it compiled.
setTimeout(flushCompileCache, STARTED_MS).unref();
