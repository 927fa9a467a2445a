/** Loaded before a program of the suites: it does not outlive whoever started it. */
process.on("disconnect", () => process.exit(1));
process.channel?.unref();
