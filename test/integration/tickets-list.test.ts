import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { type ListQuery, PAGE, readListQuery } from "#tickets/list.ts";
import type { Sight } from "#tickets/list-sight.ts";
import { takeStep } from "#tickets/step.ts";
import { findTickets } from "#tickets/store-list.ts";
import type { TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";
import { type Filed, fileTicket, seedAccounts, setTicket } from "../support/tickets.ts";

const HANA: Sight = own("U0HANA");
const ALL: Sight = { sees: "all", who: { teamId: "T0KUMO", userId: "U0AKI" } };
const ACCOUNT: Sight = { ...HANA, sees: "account", accountId: "acme" };
const LABELS = [textsOf("ja"), textsOf("en")];

describe.each(databases)("/tickets on %s", (_kind, create) => {
  let test: TestDatabase;
  let solved: Filed;
  beforeAll(async () => {
    test = await create();
    await seedAccounts(test.db);
    solved = await file({ subject: "ログインできない", description: "503" });
    await setTicket(test.db, solved, { status: "solved" });
    const pending = await file({ subject: "Login ERROR", description: "Since 100% load" });
    await setTicket(test.db, pending, { status: "pending", priority: "high" });
    await file({ subject: "file_name.csv", description: "C:\\temp is full" });
    await file({ subject: "Ｌｏｇｉｎ ﾛｸﾞ", description: "wide" });
    await file({ subject: "Login of Tom", userId: "U0TOM" });
    const random = await file({ subject: "鍵の交換", userId: "U0TOM", channelId: "C0RANDOM" });
    await setTicket(test.db, random, { card_channel_id: "C0RANDOM" });
    const inDm = await file({
      subject: "Login in private",
      userId: "U0TOM",
      channelId: "C0RANDOM",
    });
    await setTicket(test.db, inDm, { card_channel_id: "D0TOM" });
    await file({ subject: "Login at Beta", teamId: "T0BETA" });
  });
  afterAll(() => test[Symbol.asyncDispose]());

  const searches: Record<string, string[]> = {
    "": ["Ｌｏｇｉｎ ﾛｸﾞ", "file_name.csv", "Login ERROR", "ログインできない"],
    login: ["Ｌｏｇｉｎ ﾛｸﾞ", "Login ERROR"],
    "LOGIN error": ["Login ERROR"],
    "error login": ["Login ERROR"],
    "login error missing": [],
    ログイン: ["ログインできない"],
    ろぐいん: ["ログインできない"],
    ログ: ["Ｌｏｇｉｎ ﾛｸﾞ", "ログインできない"],
    ﾛｸﾞ: ["Ｌｏｇｉｎ ﾛｸﾞ", "ログインできない"],
    ロ: ["Ｌｏｇｉｎ ﾛｸﾞ", "ログインできない"],
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
    "priority:high": ["Login ERROR"],
    "priority:high status:solved": [],
    "'": [],
    "' or 1=1 --": [],
    "!?。、": [],
  };

  it.each(Object.entries(searches))("finds %j", async (text, subjects) => {
    expect(await subjectsOf(HANA, text)).toEqual(subjects);
    expect(await subjectsByIndex(HANA, text)).toEqual(subjects);
  });

  it("finds a ticket by its number", async () => {
    const { number } = solved;

    for (const word of [number, number.toLowerCase(), number.slice("DL-".length)])
      expect(await subjectsOf(HANA, word)).toEqual(["ログインできない"]);
  });

  it("finds a ticket by what was said about it, also with a word of its own", async () => {
    const ticket = await file({ subject: "Printer", userId: "U0DANA" });
    await say(ticket, "トナーを交換しました");
    await say(ticket, "It's still grey");

    for (const text of ["となー", "grey", "printer 交換", "トナー grey it's"]) {
      expect(await subjectsOf(own("U0DANA"), text)).toEqual(["Printer"]);
      expect(await subjectsByIndex(own("U0DANA"), text)).toEqual(["Printer"]);
      expect(await subjectsByIndex(ALL, text)).toEqual(["Printer"]);
    }
    expect(await subjectsOf(own("U0DANA"), "printer toner")).toEqual([]);
    expect(await subjectsByIndex(own("U0DANA"), "printer toner")).toEqual([]);
  });

  it("does not mind capitals outside of English either", async () => {
    await file({ userId: "U0EVA", subject: "ÉCOLE ПАРОЛЬ" });

    for (const word of ["école", "пароль"])
      expect(await subjectsOf(own("U0EVA"), word)).toHaveLength(1);
  });

  it("shows what stands in a channel to whoever is in it, not what stands in a DM", async () => {
    const inRandom: Sight = own("U0HANA", ["C0RANDOM"]);

    expect(await subjectsOf(inRandom, "鍵")).toEqual(["鍵の交換"]);
    expect(await subjectsByIndex(inRandom, "鍵")).toEqual(["鍵の交換"]);
    expect(await subjectsOf(inRandom, "private")).toEqual([]);
    expect(await subjectsByIndex(inRandom, "private")).toEqual([]);
    expect(await subjectsOf(inRandom, "鍵 by:me")).toEqual([]);
    expect(await subjectsOf(inRandom, "by:me")).toEqual(await subjectsOf(HANA, ""));
  });

  it("shows an admin the account and agents everything, newest change first", async () => {
    expect(await subjectsOf(ACCOUNT, "login")).toEqual([
      ...["Login in private", "Login of Tom", "Ｌｏｇｉｎ ﾛｸﾞ", "Login ERROR"],
    ]);
    expect(await subjectsOf(ALL, "login")).toEqual([
      ...["Login at Beta", "Login in private", "Login of Tom", "Ｌｏｇｉｎ ﾛｸﾞ", "Login ERROR"],
    ]);
    expect(await subjectsByIndex(ALL, "login")).toEqual(await subjectsOf(ALL, "login"));

    const taken = await file({ subject: "Taken", userId: "U0GUS" });
    await say(taken, "Mine", "U0AKI");
    expect(await subjectsOf(ALL, "by:me")).toEqual(["Taken"]);
    await say(solved, "Once more");
    expect((await subjectsOf(ALL, ""))[0]).toBe("ログインできない");
  });

  it("turns pages without a gap or a repeat, also while new tickets come", async () => {
    const mine = own("U0BEN");
    for (let n = 1; n <= 45; n++) await file({ userId: "U0BEN", subject: `Number ${n}` });
    const seen: string[] = [];
    let query = queryOf("");
    for (;;) {
      const { tickets, next } = await findTickets(test.db, mine, query);
      expect(tickets.length).toBeLessThanOrEqual(PAGE);
      seen.push(...tickets.map(({ subject }) => subject));
      await file({ userId: "U0BEN", subject: "came meanwhile" });
      if (!next) break;
      query = { ...query, after: next };
    }

    expect(seen).toEqual(Array.from({ length: 45 }, (_, n) => `Number ${45 - n}`));
    expect(await subjectsOf(mine, "number page:3")).toEqual(seen.slice(40));
    expect(await subjectsOf(mine, "number page:4")).toEqual([]);
    expect((await subjectsOf(mine, "page:2")).slice(0, 3)).toEqual(seen.slice(17, 20));
  });

  const file = (given: Parameters<typeof fileTicket>[1]) => fileTicket(test.db, given);

  async function subjectsOf(sight: Sight, text: string): Promise<string[]> {
    const { tickets } = await findTickets(test.db, sight, queryOf(text));
    return tickets.map(({ subject }) => subject);
  }

  /** As when more tickets have changed since than are looked through. */
  async function subjectsByIndex(sight: Sight, text: string): Promise<string[]> {
    const { tickets } = await findTickets(test.db, sight, queryOf(text), { newest: 0 });
    return tickets.map(({ subject }) => subject);
  }

  async function say({ accountId, ticketId }: Filed, body: string, agent?: string) {
    const by = {
      kind: agent ? "agent" : "requester",
      userId: agent ?? "U0HANA",
      name: "x",
    } as const;
    const step = agent ? "reply" : "inform";
    const delivery = { source: "slack.press", key: crypto.randomUUID() } as const;
    await takeStep(test.db, { accountId, ticketId }, { step, by, body, delivery });
  }
});

function own(userId: string, channels: string[] = []): Sight {
  const who = { teamId: "T0ACME", userId };
  return { sees: "own", accountId: "acme", who, channels, isUnsure: false };
}

function queryOf(text: string): ListQuery {
  const asked = readListQuery(text, LABELS);
  if ("fault" in asked) throw new Error(JSON.stringify(asked.fault));
  return asked.query;
}
