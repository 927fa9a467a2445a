import { afterAll, beforeAll, expect, it } from "vitest";
import type { MessageView } from "#simulator/page/contract.ts";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
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
  expect((await listed("U0TOM", "")).text).toBe("There are no tickets yet. `/ticket` submits one.");
  expect((await listed("U0TOM", "status:done")).text).toContain("There is no “status:done”.");
  expect((await listed("U0HANA", "page:-1")).text).toBe(
    "「page:-1」というページはありません。1から1000までの数字を指定してください。",
  );
  expect(w.as("U0DANA").ephemerals(HELP)).toEqual([]);
});

it("leads to the thread of each ticket", async () => {
  const { number, card } = await w.filed("リンクを見る");

  const answer = await listed("U0HANA", "リンク");

  const [head, ...rows] = tableOf(answer);
  expect(head).toEqual(["番号", "件名", "優先度", "状況", "最終更新（JST）"]);
  expect(rows).toEqual([
    [
      ...[`${number} ${card.permalink}`, "リンクを見る", "普通", "受付"],
      expect.stringMatching(/^\d+\/\d+ \d\d:\d\d$/),
    ],
  ]);

  const links = await w.told(hana(), HELP, () => hana().press(answer, "リンクをコピー"));
  expect(textOf(links.blocks)).toContain(`${number} リンクを見る\n${card.permalink}`);
});

it("shows an agent the tickets of all accounts, an admin those of theirs, and others what they may see", async () => {
  const hidden = { userId: "U0TOM", channelId: "C0NOBODY", subject: "Tom's own" };
  await fileTicket(app.db, hidden);
  const number = await w.file(hana(), HELP, "チャンネルの相談");
  await w.card(hana(), HELP, number);

  const agents = await listed("U0AKI", "", AGENTS);
  expect(agents.text).toMatch(/すべてのご契約|all accounts/);
  expect(says(agents, number)).toBe(true);
  expect(says(agents, "Acme")).toBe(true);
  expect(says(await listed("U0DANA", "own"), "Tom's own")).toBe(true); // an admin
  expect(says(await listed("U0HANA", "own"), "Tom's own")).toBe(false);
  expect(says(await listed("U0TOM", "相談"), number)).toBe(true); // he is in the channel
  expect(says(await listed("U0TOM", "相談 by:me"), number)).toBe(false);
});

it("shows only what is somebody's own while Slack does not say where they are, and says so", async () => {
  app.simulator.faults.add({ kind: "500", method: "users.conversations", times: 1 });

  const list = await listed("U0TOM", "相談");

  expect(says(list, "チャンネルの相談")).toBe(false);
  expect(textOf(list.blocks)).toContain("Slack did not say just now what you may see");
});

it("turns the pages of 45 tickets, forwards and back to the first", async () => {
  const subjects = Array.from({ length: 45 }, (_, n) => `Printer ${45 - n}`);
  for (const subject of subjects.toReversed())
    await fileTicket(app.db, { userId: "U0TOM", subject });
  const tom = w.as("U0TOM");

  let page = await listed("U0TOM", "printer");
  expect(textOf(page.blocks)).toContain("*Tickets that you may see* · “printer”");
  const first = subjectsOn(page);
  const seen = [...first];
  expect(buttonsOf(page)).toEqual(["Next", "Only open", "Only solved", "Copy link"]);
  while (buttonsOf(page).includes("Next")) {
    page = await pressed(tom, page, "Next");
    seen.push(...subjectsOn(page));
  }

  expect(seen).toEqual(subjects);
  expect(buttonsOf(page)).toEqual(["First page", "Only open", "Only solved", "Copy link"]);
  page = await pressed(tom, page, "First page");
  expect(subjectsOn(page)).toEqual(first);
  page = await pressed(tom, page, "Only solved");
  expect(page.text).toBe("No ticket matches “printer”.");
  page = await pressed(tom, page, "Only open");
  expect(subjectsOn(page)).toEqual(first);
  expect(buttonsOf(page)).toEqual(["Next", "Only solved", "Any status", "Copy link"]);
  page = await pressed(tom, page, "Any status");
  expect(buttonsOf(page)).toEqual(["Next", "Only open", "Only solved", "Copy link"]);
  const third = await listed("U0TOM", "printer status:open page:3");
  expect(subjectsOn(third)).toEqual(subjects.slice(40));
  expect(textOf(third.blocks)).toContain(" · “printer” · Only open · page 3");
});

async function listed(userId: string, text: string, channel = HELP): Promise<MessageView> {
  const who = w.as(userId);
  return w.told(who, channel, () => who.command(channel, "/tickets", text));
}

function hana() {
  return w.as("U0HANA");
}

/** Each cell as it reads, a link with its address. */
function tableOf({ blocks }: MessageView): string[][] {
  const table = blocks.find(({ type }) => type === "table");
  const rows = (table?.rows ?? []) as Record<string, unknown>[][];
  return rows.map((row) =>
    row.map((cell) => {
      const url = /"url":"([^"]*)"/.exec(JSON.stringify(cell))?.[1];
      return url ? `${textOf([cell])} ${url}` : textOf([cell]);
    }),
  );
}

/** The same answer, with the page that the button turns to. */
async function pressed(who: ReturnType<Walk["as"]>, page: MessageView, label: string) {
  return w.told(who, HELP, () => who.press(page, label));
}

function subjectsOn(page: MessageView): string[] {
  return textOf(page.blocks).match(/Printer \d+/g) ?? [];
}
