import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { PLANTED_BUGS } from "../faults/planted-bugs.ts";

describe.each(PLANTED_BUGS)("to plant that $name", ({ changes }) => {
  it.each(changes)("its line stands once in $file", async ({ file, find }) => {
    const text = await readFile(new URL(`../../${file}`, import.meta.url), "utf8");

    expect(text.split(find)).toHaveLength(2);
  });
});

it("plants at least ten", () => {
  expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(10);
});
