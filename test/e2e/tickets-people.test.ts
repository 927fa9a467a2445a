import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Status } from "#db/tables.ts";
import { AGENTS, EXT_BETA, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { textOf, type Walk, walk } from "../support/ticket-walk.ts";

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ mode: "http", paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

describe("a step that is not possible", () => {
  const solved = "is solved already. Reopen it to go on with it.";
  const closed = "is closed. Write in its thread, or submit a new ticket, to go on with it.";

  it("is refused with a sentence to the presser alone, in their language", async () => {
    const { number, triage } = await w.filed();
    const ben = w.as("U0BEN"); // whose card does not show yet what happened
    for (const [status, sentence] of [
      ["solved", solved],
      ["closed", closed],
    ] as const) {
      await setStatus(number, status);
      for (const step of ["take", "reply", "ask", "solve"]) {
        const told = await w.told(ben, AGENTS, () => ben.press(triage, `ticket.${step}`));
        expect(textOf(told.blocks)).toBe(`${number} ${sentence}`);
      }
    }

    expect(ben.modals()).toEqual([]);
    expect(w.as("U0AKI").ephemerals(AGENTS)).toEqual([]);
    expect(await eventsOf(number)).toEqual(["filed"]);
  });

  it("is refused in the form when it came to be so meanwhile, and what was typed stays", async () => {
    const { number, triage } = await w.filed();
    const aki = w.as("U0AKI");
    const form = await aki.pressForModal(triage, "ticket.reply");
    await setStatus(number, "solved");

    const sent = await aki.submit(form, { body: "回答です。" });

    expect(sent.errors).toEqual({
      body: `${number}はすでに解決になっています。続けるときは、再開してください。`,
    });
    expect(aki.modals().map(({ id }) => id)).toEqual([form.id]);
    await aki.close(form);
    expect(await eventsOf(number)).toEqual(["filed"]);
  });
});

it("lets one of two agents take it and tells the other who was first", async () => {
  for (const round of [1, 2, 3, 4]) {
    const { number, triage } = await w.filed(`Race ${round}`);
    const [aki, ben] = [w.as("U0AKI"), w.as("U0BEN")];
    const read = () => [...aki.ephemerals(AGENTS), ...ben.ephemerals(AGENTS)];
    const before = new Set(read().map(({ ts }) => ts));

    await Promise.all([aki.press(triage, "ticket.take"), ben.press(triage, "ticket.take")]);

    const told = await w.until(() => read().find(({ ts }) => !before.has(ts)));
    expect(textOf(told.blocks)).toMatch(/<@U0(AKI|BEN)>/);
    expect(textOf(told.blocks)).toContain(number);
    expect(await eventsOf(number)).toEqual(["filed", "take"]);
  }
});

it("lets the requester alone add information, and tells another so in their language", async () => {
  const { number, card } = await w.filed();
  const [hana, tom] = [w.as("U0HANA"), w.as("U0TOM")];

  const told = await w.told(tom, HELP, () => tom.press(card, "ticket.inform"));

  expect(textOf(told.blocks)).toBe(
    "Only the person who submitted this ticket can use this button. Write in the thread instead: support reads it there.",
  );
  expect(tom.modals()).toEqual([]);
  const form = await hana.pressForModal(card, "ticket.inform");
  expect(form.title).toBe("情報を追加");
  await hana.close(form);
  expect(await eventsOf(number)).toEqual(["filed"]);
});

it("takes a thread reply once when Slack delivers it again", async () => {
  const { number, card, triage } = await w.filed();
  const aki = w.as("U0AKI");
  app.simulator.faults.add({ kind: "redelivery", times: 6 });

  await w.as("U0TOM").send(HELP, "The same for me.", card.ts);
  await w.inThread(aki, triage, "The same for me.");
  await w.as("U0TOM").send(HELP, "And again.", card.ts);
  await w.inThread(aki, triage, "And again.");
  app.simulator.faults.end();

  expect(await eventsOf(number)).toEqual(["filed", "inform", "inform"]);
  const told = aki.thread(AGENTS, triage.ts).slice(1);
  expect(told.map(({ text }) => text)).toEqual([
    "*Tom* さんが情報を追加しました\n> The same for me.",
    "*Tom* さんが情報を追加しました\n> And again.",
  ]);
});

it("takes an edit for the next version, and no other thread for information", async () => {
  const { number, card } = await w.filed();
  const hana = w.as("U0HANA");

  const { ts } = await hana.send(HELP, "first", card.ts);
  await hana.edit(HELP, ts, "second");
  const other = await hana.send(HELP, "Somebody there?");
  await hana.send(HELP, "In another thread", other.ts);
  await hana.send(HELP, "last", card.ts);

  // Two messages of one moment may be saved in either order.
  await expect.poll(async () => (await bodiesOf(number)).toSorted()).toEqual(["last", "second"]);
});

it("knows in a shared channel who of the two companies writes in the thread", async () => {
  const [aki, ben, sol] = [w.as("U0AKI"), w.as("U0BEN"), w.as("U0SOL")];
  const number = await w.file(ben, EXT_BETA, "For Beta");
  const card = await w.card(ben, EXT_BETA, number);
  const triage = await w.triage(number);

  await sol.send(EXT_BETA, "We see 503.", card.ts);
  await w.inThread(aki, triage, "We see 503.");
  await aki.send(EXT_BETA, "It is mended.", card.ts);
  await w.inThread(aki, triage, "It is mended.");

  expect(await eventsOf(number)).toEqual(["filed", "inform", "reply"]);
  expect(await authorsOf(number)).toEqual(["requester Sol", "agent Aki"]);
  expect(sol.thread(EXT_BETA, card.ts)).toHaveLength(3);
  const account = await app.db
    .selectFrom("ticket")
    .select("account_id")
    .where("number", "=", Number(number.slice(3)))
    .executeTakeFirst();
  expect(account).toEqual({ account_id: "beta" });
});

async function setStatus(number: string, status: Status): Promise<void> {
  const n = Number(number.slice("DL-".length));
  await app.db.updateTable("ticket").set({ status }).where("number", "=", n).execute();
}

async function eventsOf(number: string): Promise<string[]> {
  const rows = await app.db
    .selectFrom("ticket_history")
    .innerJoin("ticket", "ticket.id", "ticket_history.ticket_id")
    .select("event")
    .where("ticket.number", "=", Number(number.slice("DL-".length)))
    .orderBy("at")
    .execute();
  return rows.map(({ event }) => event);
}

async function bodiesOf(number: string): Promise<string[]> {
  const rows = await app.db
    .selectFrom("comment")
    .innerJoin("ticket", "ticket.id", "comment.ticket_id")
    .select("body")
    .where("ticket.number", "=", Number(number.slice("DL-".length)))
    .orderBy("comment.at")
    .execute();
  return rows.map(({ body }) => body);
}

async function authorsOf(number: string): Promise<string[]> {
  const rows = await app.db
    .selectFrom("comment")
    .innerJoin("ticket", "ticket.id", "comment.ticket_id")
    .select(["author_kind", "author_name"])
    .where("ticket.number", "=", Number(number.slice("DL-".length)))
    .orderBy("comment.at")
    .execute();
  return rows.map((row) => `${row.author_kind} ${row.author_name}`);
}
