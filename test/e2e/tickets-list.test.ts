import { afterAll, beforeAll, expect, it } from "vitest";
import type { MessageView } from "#simulator/page/contract.ts";
import { HELP, startTestApp, type TestApp } from "../support/app.ts";
import { buttonsOf, says, textOf, type Walk, walk } from "../support/ticket-walk.ts";
import { fileTicket } from "../support/tickets.ts";

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ mode: "http", paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("answers in the person's language, to that person alone", async () => {
  expect(await listed("U0HANA", "")).toMatchObject({
    ephemeral: true,
    text: "お問い合わせはまだありません。`/ticket` で送信できます。",
  });
  expect((await listed("U0TOM", "")).text).toBe("You have no tickets yet. `/ticket` submits one.");
  expect((await listed("U0TOM", "status:done")).text).toContain("There is no “status:done”.");
  expect(w.as("U0DANA").ephemerals(HELP)).toEqual([]);
});

it("leads to the thread of each ticket", async () => {
  const { number, card } = await w.filed("リンクを見る");

  const answer = await listed("U0HANA", "リンク");

  expect(textOf(answer.blocks)).toContain(`*${number}* リンクを見る`);
  expect(textOf(answer.blocks)).toContain(`<${card.permalink}|スレッドを開く>`);
  expect(textOf(answer.blocks)).toMatch(
    /優先度.普通 状況.受付 更新.\d{4}年\d+月\d+日 \d\d:\d\d\(JST\)/,
  );
});

it("turns the pages of 25 tickets, forwards and back to the first", async () => {
  const subjects = Array.from({ length: 25 }, (_, n) => `Printer ${25 - n}`);
  for (const subject of subjects.toReversed())
    await fileTicket(app.db, { userId: "U0TOM", subject });
  const tom = w.as("U0TOM");

  let page = await listed("U0TOM", "printer");
  const first = subjectsOn(page);
  const seen = [...first];
  expect(buttonsOf(page)).toEqual(["Next"]);
  while (buttonsOf(page).includes("Next")) {
    page = await pressed(tom, page, "Next");
    seen.push(...subjectsOn(page));
  }

  expect(seen).toEqual(subjects);
  expect(buttonsOf(page)).toEqual(["First page"]);
  expect(subjectsOn(await pressed(tom, page, "First page"))).toEqual(first);
  expect(tom.ephemerals(HELP).filter((each) => says(each, "Printer"))).toHaveLength(1);
});

it("shows nobody the tickets of another", async () => {
  await fileTicket(app.db, { userId: "U0TOM", subject: "Tom's own" });

  expect(says(await listed("U0DANA", "own"), "Tom")).toBe(false);
  expect(says(await listed("U0HANA", "Printer"), "Printer 1")).toBe(false);
});

async function listed(userId: string, text: string): Promise<MessageView> {
  const who = w.as(userId);
  return w.told(who, HELP, () => who.command(HELP, "/tickets", text));
}

/** The same answer, with the page that the button turns to. */
async function pressed(who: ReturnType<Walk["as"]>, page: MessageView, label: string) {
  return w.told(who, HELP, () => who.press(page, label));
}

function subjectsOn(page: MessageView): string[] {
  return textOf(page.blocks).match(/Printer \d+/g) ?? [];
}
