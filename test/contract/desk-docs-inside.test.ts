import { execFile } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { deskClaims } from "./desk-claims.ts";
import { openDeskDocs } from "./desk-docs.ts";
import { httpClaims } from "./desk-http-claims.ts";

const run = promisify(execFile);
const COPIED = [
  ...["package.json", "tsconfig.json"],
  ...["src/desk", "src/db", "src/errors.ts", "src/fence.ts", "src/retry-after.ts"],
];

it("shows a desk that compiles, fits its line and passes the contract", async () => {
  await using docs = await openDeskDocs();
  for (const path of [...COPIED, "test/contract", "test/support"]) {
    await cp(path, join(docs.folder, path), { recursive: true });
  }

  await docs.build("src/desk/quill.ts");
  await docs.build("test/contract/desk-quill.test.ts");
  await addLine(docs.folder, docs.block("src/desk/desks.ts"));

  await compile(docs.folder, ["src/desk/desks.ts", "test/contract/desk-quill.test.ts"]);
  const claims = Object.keys({ ...deskClaims, ...httpClaims });
  expect(await passedTests(docs.folder, "desk-quill")).toBe(claims.length);
}, 60_000);

async function addLine(folder: string, line: string): Promise<void> {
  const path = join(folder, "src/desk/desks.ts");
  const before = await readFile(path, "utf8");
  const after = before.replace("\n};", `\n${line}\n};`);
  expect(after).not.toBe(before);
  await writeFile(path, `import { openQuillDesk, quillSettings } from "./quill.ts";\n${after}`);
}

async function compile(folder: string, files: string[]): Promise<void> {
  const settings = { extends: "./tsconfig.json", include: [], files };
  await writeFile(join(folder, "tsconfig.docs.json"), JSON.stringify(settings));
  await runIn(folder, "tsc", ["-p", "tsconfig.docs.json"]);
}

async function passedTests(folder: string, name: string): Promise<number> {
  const report = join(folder, "report.json");
  await runIn(folder, "vitest", ["run", name, "--reporter=json", `--outputFile=${report}`]);
  return JSON.parse(await readFile(report, "utf8")).numPassedTests;
}

/** With an environment of its own: this test is itself run by vitest. Throws with what the command printed. */
async function runIn(cwd: string, command: string, args: string[]): Promise<void> {
  const env = { PATH: process.env.PATH, HOME: cwd };
  await run(resolve("node_modules/.bin", command), args, { cwd, env }).catch(
    (error: { stdout: string; stderr: string }) =>
      expect.fail(`${command}: ${error.stdout}${error.stderr}`),
  );
}
