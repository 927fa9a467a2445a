import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HELP, startTestApp, type TestApp } from "../support/app.ts";
import { buttonsOf, says, textOf, type Walk, walk } from "../support/ticket-walk.ts";
import { fileTicket } from "../support/tickets.ts";
import { FACTS } from "./slack-trouble.ts";

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const DOORS = {
  U0TOM: ["Submit a ticket", "My tickets", "Support access", "Help"],
  U0HANA: ["お問い合わせを送信", "お問い合わせ一覧", "サポートアクセス", "使い方"],
};

describe.each(["U0TOM", "U0HANA"] as const)("/support by %s", (userId) => {
  it("answers with the doors, to this person alone", async () => {
    const menu = await asked(userId, "");

    expect(menu.ephemeral).toBe(true);
    expect(buttonsOf(menu)).toEqual(DOORS[userId]);
    expect(w.as("U0DANA").ephemerals(HELP)).toEqual([]);
  });

  it("opens the form for the channel it was asked in", async () => {
    const menu = await asked(userId, "");

    const who = w.as(userId);
    const form = await who.pressForModal(menu, DOORS[userId][0] ?? "");
    const { modal } = await who.submit(form, { ...FACTS, subject: `From the menu of ${userId}` });
    await who.close(modal);

    await app.simulator.until(() =>
      who.messages(HELP).find((each) => says(each, `From the menu of ${userId}`)),
    );
  });

  it("shows one's own tickets, and leaves the menu where it is", async () => {
    await fileTicket(app.db, { userId, subject: `Filed by ${userId}` });
    await fileTicket(app.db, { userId: "U0DANA", subject: "Dana's own" });
    const who = w.as(userId);
    const menu = await asked(userId, "");

    const list = await w.told(who, HELP, () => who.press(menu, DOORS[userId][1] ?? ""));

    expect(textOf(list.blocks)).toContain(`Filed by ${userId}`);
    expect(says(list, "Dana")).toBe(false);
    expect(who.ephemerals(HELP).map(({ ts }) => ts)).toContain(menu.ts);
  });

  it("shows whether support may enter, and who may change it", async () => {
    const who = w.as(userId);
    const menu = await asked(userId, "");

    const access = await w.told(who, HELP, () => who.press(menu, DOORS[userId][2] ?? ""));

    expect(says(access, userId === "U0TOM" ? "Support access is off." : "オフです。")).toBe(true);
    expect(says(access, "/support-access grant 30d")).toBe(true);
  });

  it.each([
    ["/ticket", "help"],
    ["/ticket", "　？ "],
    ["/tickets", "ヘルプ"],
    ["/tickets", "HELP"],
  ])("explains itself after %s %j, too", async (command, text) => {
    const who = w.as(userId);

    const help = await w.told(who, HELP, () => who.command(HELP, command, text));

    expect(says(help, userId === "U0TOM" ? "inside threads" : "スレッドの中")).toBe(true);
    expect(who.modals()).toEqual([]);
  });

  it.each(["press", "help", "ＨＥＬＰ", " 使い方 "])("explains itself: %s", async (how) => {
    const who = w.as(userId);
    const menu = await asked(userId, "");

    const help = await (how === "press"
      ? w.told(who, HELP, () => who.press(menu, DOORS[userId][3] ?? ""))
      : asked(userId, how));

    for (const command of ["/support", "/ticket", "/tickets", "/support-access"])
      expect(says(help, command)).toBe(true);
    expect(says(help, userId === "U0TOM" ? "inside threads" : "スレッドの中")).toBe(true);
  });
});

it("answers what it does not understand with the menu", async () => {
  expect(buttonsOf(await asked("U0TOM", "<!channel> printer"))).toEqual(DOORS.U0TOM);
});

it("has the same doors on the Home tab, whose answers come as a message", async () => {
  const tom = w.as("U0TOM");
  await tom.openHome();
  const home = await app.simulator.until(() => tom.home());
  expect(buttonsOf(home).slice(0, DOORS.U0TOM.length)).toEqual(DOORS.U0TOM);

  await tom.press("home", "My tickets");
  const dm = await app.simulator.until(() => tom.dm());
  const list = await app.simulator.until(() => tom.messages(dm).at(-1));
  expect(textOf(list.blocks)).toContain("Filed by U0TOM");

  await tom.press("home", "Support access");
  await app.simulator.until(() =>
    tom.messages(dm).find((each) => says(each, "Support access is off.")),
  );
});

async function asked(userId: string, text: string) {
  const who = w.as(userId);
  return w.told(who, HELP, () => who.command(HELP, "/support", text));
}
