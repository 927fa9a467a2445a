import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { passMinutes } from "../support/contract-clock.ts";
import { buttonsOf, textOf, type Walk, walk } from "../support/ticket-walk.ts";

const DAY = 24 * 60;
/** Who files and who works, in each language, and what they read. */
const LANGUAGES = {
  ja: {
    requester: "U0HANA",
    agent: "U0AKI",
    menu: "統合する…",
    undo: "統合を取り消す",
    explained: "24時間以内なら",
    closed: "終了",
    into: (number: string) => `${number}に統合しました。対応は${number}で続きます。`,
    merged: "このお問い合わせを",
    absorbed: "このお問い合わせに統合しました。どちらの対応も、ここで続きます。",
    mergedForAgents: "対応はそちらで続きます",
    absorbedForAgents: "をこのお問い合わせに統合しました",
    reaches: "このスレッドに書いた内容も、",
    listed: (number: string) => `終了（${number}に統合）`,
    unmerged: "への統合を取り消しました。このお問い合わせの対応は、ここで続きます。",
    released: "の統合を取り消しました。別々のお問い合わせとして対応します。",
    take: "担当する",
    atDesk: (number: string) => `このお問い合わせは、${number}「`,
  },
  en: {
    requester: "U0TOM",
    agent: "U0BEN",
    menu: "Merge…",
    undo: "Undo merge",
    explained: "For 24 hours",
    closed: "Closed",
    into: (number: string) => `Merged into ${number}, where the work goes on.`,
    merged: "merged this ticket into",
    absorbed: "into this ticket. The work on both goes on here.",
    mergedForAgents: "The work goes on there",
    absorbedForAgents: "into this ticket",
    reaches: "What you write in this thread reaches",
    listed: (number: string) => `Closed (merged into ${number})`,
    unmerged: "The work on this ticket goes on here.",
    released: "They are two tickets again.",
    take: "Take",
    atDesk: (number: string) => `This ticket was merged into ${number} “`,
  },
} as const;

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ mode: "http", paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

describe.each(Object.entries(LANGUAGES))("a duplicate (%s)", (language, words) => {
  const requester = () => w.as(words.requester);
  const agent = () => w.as(words.agent);

  async function filed(subject: string) {
    const number = await w.file(requester(), HELP, subject);
    const card = await w.until(() => {
      const found = requester()
        .messages(HELP)
        .find((each) => each.text.includes(number));
      return found;
    });
    return { number, card, triage: await w.triage(number) };
  }
  async function merged() {
    const first = await filed(`${language} first`);
    const second = await filed(`${language} second`);
    const form = await agent().pressForModal(second.triage, words.menu);
    await expect.poll(() => textOf(agent().modals().at(-1)?.blocks)).toContain(words.explained);
    const { errors } = await agent().submit(form, { number: first.number });
    expect(errors).toBeUndefined();
    await w.inThread(requester(), second.card, words.merged);
    return { first, second };
  }

  it("is merged by an agent: both threads of both say where the work goes on", async () => {
    const { first, second } = await merged();

    const line = await w.inThread(requester(), second.card, words.merged);
    expect(textOf(line.blocks)).toContain(`<${first.card.permalink}|${first.number}>`);
    expect(textOf(line.blocks)).toContain(words.reaches);
    const taken = await w.inThread(requester(), first.card, words.absorbed);
    expect(textOf(taken.blocks)).toContain(`<${second.card.permalink}|${second.number}>`);
    const told = await w.inThread(agent(), second.triage, words.mergedForAgents);
    expect(textOf(told.blocks)).toContain(`<${first.triage.permalink}|${first.number}>`);
    const heard = await w.inThread(agent(), first.triage, words.absorbedForAgents);
    expect(textOf(heard.blocks)).toContain(`<${second.triage.permalink}|${second.number}>`);

    const card = await w.shows(requester(), second.card, words.into(first.number));
    const triage = await w.shows(agent(), second.triage, words.into(first.number));
    expect([buttonsOf(card), buttonsOf(triage)]).toEqual([[], []]);
    expect(textOf(card.blocks)).toContain(words.closed);
    const list = await w.told(requester(), HELP, () =>
      requester().command(HELP, "/tickets", second.number),
    );
    expect(JSON.stringify(list.blocks)).toContain(words.listed(first.number));
    expect(await statementsOf(second.number)).toEqual([
      expect.stringContaining(words.atDesk(first.number)),
      "closed",
    ]);
    expect((await statementsOf(first.number)).join()).toContain(`${language} second`);
  });

  it("goes on where it was merged into: words, files, edits and deletions, each with its receipt", async () => {
    const { first, second } = await merged();
    const log = requester().chooseFile({ name: "merged.log", bytes: Buffer.from("503") });

    const { ts } = await requester().send(HELP, "Here it is", second.card.ts, [log]);
    await w.inThread(agent(), first.triage, "Here it is");
    await w.inThread(agent(), first.triage, "merged.log");
    await requester().edit(HELP, ts, "Here it was");
    await w.inThread(agent(), first.triage, "Here it was");
    await expect.poll(() => reactionsAt(second.card.ts, ts)).toEqual(["white_check_mark"]);
    await requester().delete(HELP, ts);

    await expect
      .poll(() => JSON.stringify(agent().thread(AGENTS, first.triage.ts)))
      .not.toContain("Here it");
    expect(JSON.stringify(agent().thread(AGENTS, second.triage.ts))).not.toContain("Here it");
    expect(
      await app.db.selectFrom("ticket").select("id").where("follows_id", "is not", null).execute(),
    ).toEqual([]);
  });

  it("is brought back within a day", async () => {
    const { first, second } = await merged();
    await w.shows(agent(), second.triage, words.into(first.number));

    await agent().press(second.triage, words.undo);

    await w.inThread(requester(), second.card, words.unmerged);
    await w.inThread(requester(), first.card, words.released);
    const triage = await w.shows(agent(), second.triage, words.take);
    expect(textOf(triage.blocks)).not.toContain(words.into(first.number));
    await requester().send(HELP, "Back again", second.card.ts);
    await w.inThread(agent(), second.triage, "Back again");
    expect(JSON.stringify(agent().thread(AGENTS, first.triage.ts))).not.toContain("Back again");
  });

  function reactionsAt(threadTs: string, ts: string) {
    const message = requester()
      .thread(HELP, threadTs)
      .find((each) => each.ts === ts);
    return message?.reactions?.map(({ name }) => name) ?? [];
  }
});

it("is final after a day, and says so", async () => {
  const [first, second] = [await w.filed("一つ目"), await w.filed("二つ目")];
  const aki = w.as("U0AKI");
  const form = await aki.pressForModal(second.triage, "統合する…");
  await aki.submit(form, { number: first.number });
  await w.shows(aki, second.triage, "統合しました");

  await passMinutes(app, DAY + 1);
  const refused = await w.told(aki, AGENTS, () => aki.press(second.triage, "統合を取り消す"));

  expect(textOf(refused.blocks)).toContain("24時間を過ぎたため取り消せません");
}, 60_000);

/** Comments and statuses, as the embedded desk has them. */
async function statementsOf(number: string): Promise<string[]> {
  const rows = await app.db
    .selectFrom("desk_change")
    .innerJoin("desk_ticket", "desk_ticket.ticket_id", "desk_change.ticket_id")
    .select("change")
    .where("number", "=", number)
    .orderBy("seq")
    .execute();
  return rows.map(({ change }) => String(change.body ?? change.status));
}
