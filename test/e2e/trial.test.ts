import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveAccount } from "#accounts/store.ts";
import { connect } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { COMPILED } from "../support/compiled.ts";

const TRY = new URL("../../src/try.ts", import.meta.url).pathname;

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "deskline-trial-"));
});
afterAll(() => rm(data, { recursive: true, force: true }));

describe("a trial", () => {
  it("starts over beside a real installation in the same folder, and leaves it as it is", async () => {
    {
      await using real = await connect({ folder: `${data}/db` });
      await migrate(real.db);
      await saveAccount(real.db, { id: "prodco", name: "ProdCo", plan: "paid" });
    }

    const { code, said } = await ended("--fresh", "--tour");

    expect(said).toContain("All of it happened.");
    expect(code).toBe(0);
    await using real = await connect({ folder: `${data}/db` });
    const accounts = await real.db.selectFrom("account").select("id").execute();
    expect(accounts).toEqual([{ id: "prodco" }]);
  });

  it("does not start over under another process's feet", async () => {
    const first = run("--port", "0");
    await new Promise<void>((resolve) => {
      first.stdout.on("data", (chunk: Buffer) => chunk.includes("Open http://") && resolve());
    });

    const second = await ended("--fresh");
    first.kill("SIGTERM");
    const [code] = await once(first, "exit");
    const third = await ended("--tour");

    expect(second.said).toMatch(/^Another Deskline is using the data folder .+\n$/);
    expect(second.code).toBe(1);
    expect(code).toBe(0);
    expect(third.said).toContain("All of it happened.");
  });

  it.each([["--port", "abc"], ["--nope"], ["--port", "70000"]])(
    "says how it is used when asked %s %s",
    async (...words) => {
      const { code, said } = await ended(...words.filter(Boolean));

      expect(said).toBe("Usage: npm run try -- [--fresh] [--tour] [--port 3030]\n");
      expect(code).toBe(2);
    },
  );
});

function run(...words: string[]) {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", TRY, ...words], {
    env: { PATH: process.env.PATH, ...COMPILED, DESKLINE_DATA: data },
  });
}

async function ended(...words: string[]): Promise<{ code: number; said: string }> {
  const child = run(...words);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const [code] = await once(child, "close");
  return { code, said };
}
