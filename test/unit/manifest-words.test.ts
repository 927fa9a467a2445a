import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { parse, parseDocument, visit } from "yaml";
import { manifestInJapanese } from "#cli/manifest.ts";
import { MANIFEST_JA } from "#cli/manifest-words.ts";

const FILES = ["manifest.yml", "workflow-step.yml"];
/** What people read of an app. */
const WORDS = ["description", "usage_hint", "title"];
const SHORTCUT_NAME = 24;
const DESCRIPTION = 140;

it.each(FILES)("has every word of %s in Japanese, and none that is not there", async (file) => {
  const words = await wordsOf(file);
  expect(words.length).toBeGreaterThan(10);
  expect(words.filter((each) => MANIFEST_JA[each] === undefined)).toEqual([]);

  const all = (await Promise.all(FILES.map(wordsOf))).flat();
  expect(Object.keys(MANIFEST_JA).filter((each) => !all.includes(each))).toEqual([]);
});

it("changes nothing but words, within Slack's limits", async () => {
  const english = await readFile("manifest.yml", "utf8");
  const japanese = manifestInJapanese(english);

  expect(shapeOf(japanese)).toEqual(shapeOf(english));
  expect(parse(japanese).oauth_config).toEqual(parse(english).oauth_config);
  for (const { name } of parse(japanese).features.shortcuts)
    expect([name, name.length <= SHORTCUT_NAME]).toEqual([name, true]);
  for (const words of Object.values(MANIFEST_JA))
    expect([words, words.length <= DESCRIPTION]).toEqual([words, true]);
});

async function wordsOf(file: string): Promise<string[]> {
  const found: string[] = [];
  visit(parseDocument(await readFile(file, "utf8")), {
    Pair(_key, { key, value }, path) {
      const name = String(key);
      const isShortcut = name === "name" && JSON.stringify(path.at(-1)).includes("callback_id");
      const words = (value as { value?: unknown } | null)?.value;
      if ((isShortcut || WORDS.includes(name)) && typeof words === "string") found.push(words);
    },
  });
  return found;
}

/** Its keys, and what is no word of it. */
function shapeOf(manifest: string): unknown {
  return JSON.parse(
    JSON.stringify(parse(manifest), (key, value) =>
      typeof value === "string" && [...WORDS, "name"].includes(key) ? "…" : value,
    ),
  );
}
