import { existsSync } from "node:fs";

// `node --import`: as --env-file-if-exists does, but without a line about a file that nobody needs. What is set already stays.
if (existsSync(".env")) process.loadEnvFile();
