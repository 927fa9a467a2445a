import { createEmbeddedDatabase, createTestDatabase, type TestDatabase } from "./database.ts";

/** Both databases, for suites that each of them must pass. */
export const databases: ["postgres" | "pglite", () => Promise<TestDatabase>][] = [
  ["postgres", createTestDatabase],
  ["pglite", createEmbeddedDatabase],
];
