import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PAGE, readListQuery, statusesOf } from "#tickets/list.ts";
import { findOwnTickets } from "#tickets/store-list.ts";
import type { TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";
import { fileTicket, seedAccounts, setTicket } from "../support/tickets.ts";

const HANA = { accountId: "acme", teamId: "T0ACME", userId: "U0HANA" };

describe.each(databases)("/tickets on %s", (_kind, create) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await create();
    await seedAccounts(test.db);
    const solved = await fileTicket(test.db, { subject: "ログインできない", description: "503" });
    await setTicket(test.db, solved, { status: "solved" });
    const pending = await fileTicket(test.db, {
      subject: "Login ERROR",
      description: "Since 100% load",
    });
    await setTicket(test.db, pending, { status: "pending" });
    await fileTicket(test.db, { subject: "file_name.csv", description: "C:\\temp is full" });
    await fileTicket(test.db, { subject: "Ｌｏｇｉｎ ﾛｸﾞ", description: "wide" });
    await fileTicket(test.db, { subject: "Login of Tom", userId: "U0TOM" });
    await fileTicket(test.db, { subject: "Login at Beta", teamId: "T0BETA" });
  });
  afterAll(() => test[Symbol.asyncDispose]());

  const searches: Record<string, string[]> = {
    "": ["Ｌｏｇｉｎ ﾛｸﾞ", "file_name.csv", "Login ERROR", "ログインできない"],
    login: ["Ｌｏｇｉｎ ﾛｸﾞ", "Login ERROR"],
    "LOGIN error": ["Login ERROR"],
    "error login": ["Login ERROR"],
    "login error missing": [],
    ログイン: ["ログインできない"],
    ログ: ["Ｌｏｇｉｎ ﾛｸﾞ", "ログインできない"],
    "503": ["ログインできない"],
    "100%": ["Login ERROR"],
    "%": ["Login ERROR"],
    _: ["file_name.csv"],
    "\\": ["file_name.csv"],
    file_name: ["file_name.csv"],
    "status:solved": ["ログインできない"],
    "status:open": ["Ｌｏｇｉｎ ﾛｸﾞ", "file_name.csv", "Login ERROR"],
    "status:pending login": ["Login ERROR"],
    "status:new": ["Ｌｏｇｉｎ ﾛｸﾞ", "file_name.csv"],
    "status:closed": [],
    "' or 1=1 --": [],
  };

  it.each(Object.entries(searches))("finds %j", async (text, subjects) => {
    expect((await search(text)).map(({ subject }) => subject)).toEqual(subjects);
  });

  it("finds a ticket by its number", async () => {
    const [newest] = await search("");

    const number = `DL-${newest?.number}`;

    expect(await search(number)).toMatchObject([{ number: newest?.number }]);
    expect(await search(number.toLowerCase())).toMatchObject([{ number: newest?.number }]);
  });

  it("does not mind capitals outside of English either", async () => {
    const mine = { ...HANA, userId: "U0EVA" };
    await fileTicket(test.db, { userId: mine.userId, subject: "ÉCOLE ПАРОЛЬ" });

    for (const word of ["école", "пароль"]) {
      const found = await findOwnTickets(test.db, mine, { words: [word], statuses: [] }, PAGE);
      expect(found).toHaveLength(1);
    }
  });

  it("turns pages without a gap or a repeat, also while new tickets come", async () => {
    const mine = { ...HANA, userId: "U0DANA" };
    for (let n = 1; n <= 25; n++)
      await fileTicket(test.db, { userId: mine.userId, subject: `Number ${n}` });
    const seen: string[] = [];
    let before: number | undefined;
    do {
      const found = await findOwnTickets(test.db, mine, { words: [], statuses: [], before }, PAGE);
      expect(found.length).toBeLessThanOrEqual(PAGE + 1);
      const page = found.slice(0, PAGE);
      seen.push(...page.map(({ subject }) => subject));
      before = found.length > PAGE ? page.at(-1)?.number : undefined;
      await fileTicket(test.db, { userId: mine.userId, subject: "came meanwhile" });
    } while (before);

    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `Number ${25 - n}`));
  });

  async function search(text: string) {
    const query = readListQuery(text);
    const statuses = statusesOf(query) ?? [];
    return findOwnTickets(test.db, HANA, { words: query.words, statuses }, PAGE);
  }
});
