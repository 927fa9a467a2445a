import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** `docs/add-a-desk.md`, and a folder in which what it shows is tried out. */
export async function openDeskDocs() {
  const page = await readFile("docs/add-a-desk.md", "utf8");
  const folder = await mkdtemp(join(tmpdir(), "deskline-docs-"));
  await symlink(resolve("node_modules"), join(folder, "node_modules"));

  /** The code block of this file name, or of this language. */
  function block(name: string): string {
    for (const [, about = "", code = ""] of page.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)) {
      if (about.split(" ").includes(name)) return code.trimEnd();
    }
    throw new Error(`the page has no block for ${name}`);
  }

  return {
    page,
    folder,
    block,
    async build(path: string): Promise<void> {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), `${block(path)}\n`);
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true });
    },
  };
}
