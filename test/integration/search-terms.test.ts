import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const LETTERS = [
  ..."aabcdo015".split(""),
  ..."ログイン権限、漢".split(""),
  ..."-_.'\\%!é".split(""),
  " ",
  "\n",
];
const text = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 60 });
const LATIN = /[a-z0-9]/;

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test[Symbol.asyncDispose]());

describe("what the indexes of the search have of a text", () => {
  it("has every piece of it that begins with a word, or within a long one or one with digits", async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.nat(),
        fc.integer({ min: 1, max: 20 }),
        async (said, at, length) => {
          const form = await formOf(said);
          const [piece] = form.slice(at % form.length).split(/[ \n]/, 1);
          const asked = (piece ?? "").slice(0, length);
          fc.pre(asked !== "" && isSearchable(form, at % form.length, asked));

          const { rows } = await sql`select search_has(${form}, ${asked}) as near`.execute(test.db);
          const near = (rows[0] as { near: boolean }).near;
          expect([form, asked, await has(form, asked), near]).toEqual([form, asked, true, true]);
        },
      ),
      { numRuns: 1500 },
    );
  }, 60_000);

  it("does not have what stands in the middle of a word, or has another order", async () => {
    for (const [said, asked] of [
      ["a rapid answer", "api"],
      ["wrapid-api2", "pid"],
      ["権限がない", "限権"],
      ["DL-1042", "dl-1052"],
    ] as const)
      expect([said, await has(await formOf(said), asked)]).toEqual([said, false]);
  });

  it("is of one account alone, if one is asked about", async () => {
    expect([await has("printer", "prin", "acme"), await has("printer", "prin", "globex")]).toEqual([
      true,
      false,
    ]);
  });

  it("takes a text of 40,000 letters of any kind, and the longest word", async () => {
    for (const long of ["漢".repeat(40_000), "a1".repeat(20_000), "x".repeat(40_000)])
      expect(await has(long, long.slice(0, 20))).toBe(true);
  });
});

/** In Latin letters from the beginning of a word on, or from within one that is kept in pieces, of which one letter is none. */
function isSearchable(form: string, at: number, asked: string): boolean {
  const first = asked[0] ?? "";
  if (!LATIN.test(first)) return true;
  const before = /[a-z0-9]*$/.exec(form.slice(0, at))?.[0] ?? "";
  const word = before + (/^[a-z0-9]*/.exec(form.slice(at))?.[0] ?? "");
  const isInPieces = word.length > 12 || /[0-9]/.test(word);
  if (/^[a-z0-9]/.test(asked.slice(1))) return before === "" || isInPieces;
  return before === "";
}

async function formOf(said: string): Promise<string> {
  const { rows } = await sql<{ form: string }>`select search_form(${said}) as form`.execute(
    test.db,
  );
  return rows[0]?.form ?? "";
}

async function has(form: string, asked: string, accountId: string | null = null): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select search_terms('acme', ${form}) @@ search_query(${accountId}::text, ${asked}) as has`.execute(
    test.db,
  );
  return rows[0]?.has ?? false;
}
