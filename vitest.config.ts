import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const json = process.env.VITEST_JSON;
const servers = ["test/support/global-setup.ts"];

/** Groups run one after the other: browsers and databases do not share two cores with everything else. */
export default defineConfig({
  test: {
    reporters: json ? ["default", ["json", { outputFile: json }]] : ["default"],
    retry: 0,
    pool: "forks",
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Bounds for what hangs, not measures: CI's machine may be ten times as busy.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["test/unit/**/*.test.ts"], sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          globalSetup: servers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          globalSetup: servers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: servers,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
