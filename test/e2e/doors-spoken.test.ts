import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "#simulator/actor.ts";
import { EXT_BETA, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { buttonsOf, FACTS, says, type Walk, walk } from "../support/ticket-walk.ts";

const DOORS = {
  en: ["Submit a ticket", "My tickets", "Support access", "Help"],
  ja: ["お問い合わせを送信", "お問い合わせ一覧", "サポートアクセス", "使い方"],
};

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

describe("a mention", () => {
  it.each([
    ["U0TOM", "en"],
    ["U0HANA", "ja"],
  ] as const)("by %s is answered with the doors, in its thread", async (userId, language) => {
    const who = w.as(userId);
    const asked = await who.send(HELP, "@Deskline can you help?");

    const answer = await doorsIn(who, HELP, asked.ts);

    expect(buttonsOf(answer)).toEqual(DOORS[language]);
    const form = await who.pressForModal(answer, "ticket.open-new");
    await who.submit(form, { ...FACTS, subject: `Mentioned by ${userId}` });
    await w.until(() => who.messages(HELP).find((each) => says(each, `Mentioned by ${userId}`)));
    expect(doorsAmong(who, HELP, asked.ts)).toHaveLength(1);
  });

  it("in a thread is answered there", async () => {
    const tom = w.as("U0TOM");
    const root = await tom.send(HELP, "The build is slow");
    await tom.send(HELP, "@Deskline what now?", root.ts);

    await doorsIn(tom, HELP, root.ts);
  });

  it("in a ticket's thread is said to support, and to nobody else", async () => {
    const tom = w.as("U0TOM");
    const number = await w.file(tom, HELP, "A mention in its thread");
    const card = await w.card(tom, HELP, number);
    const triage = await w.triage(number);

    await tom.send(HELP, "@Deskline it is worse now", card.ts);

    await w.inThread(w.as("U0AKI"), triage, "it is worse now");
    await saidAndAnswered(tom);
    expect(doorsAmong(tom, HELP, card.ts)).toEqual([]);
  });

  it("by somebody of another company is answered, too", async () => {
    const sol = w.as("U0SOL");
    const asked = await sol.send(EXT_BETA, "@Deskline hello");

    expect(buttonsOf(await doorsIn(sol, EXT_BETA, asked.ts))).toEqual(DOORS.en);
  });
});

describe("a direct message", () => {
  it("is answered with the doors, once, and the app never answers itself", async () => {
    const tom = w.as("U0TOM");
    const dm = await dmOf(tom);
    const before = tom.messages(dm).length;

    await tom.send(dm, "hello");
    await w.until(() => tom.messages(dm).length === before + 2);
    await saidAndAnswered(tom);

    expect(
      tom
        .messages(dm)
        .slice(before, before + 2)
        .map(buttonsOf),
    ).toEqual([[], DOORS.en]);
    expect(tom.messages(dm)).toHaveLength(before + 4);
  });

  it("in a ticket's thread is said to support, and to nobody else", async () => {
    const hana = w.as("U0HANA");
    const dm = await dmOf(hana);
    const number = await w.file(hana, dm, "In the DM");
    const card = await w.card(hana, dm, number);
    const triage = await w.triage(number);

    await hana.send(dm, "まだ困っています", card.ts);

    await w.inThread(w.as("U0AKI"), triage, "まだ困っています");
    await saidAndAnswered(hana);
    expect(doorsAmong(hana, dm, card.ts)).toEqual([]);
  });
});

/** Says something more to the app and waits for that answer: what came before it is through by then. */
async function saidAndAnswered(who: Actor): Promise<void> {
  const dm = await dmOf(who);
  const before = who.messages(dm).length;
  await who.send(dm, "and this?");
  await w.until(() => who.messages(dm).length >= before + 2);
}

async function dmOf(who: Actor): Promise<string> {
  await who.openDm();
  return w.until(() => who.dm());
}

function doorsIn(who: Actor, channel: string, root: string) {
  return w.until(() => doorsAmong(who, channel, root)[0]);
}

function doorsAmong(who: Actor, channel: string, root: string) {
  return who.thread(channel, root).filter((each) => buttonsOf(each).length === DOORS.en.length);
}
