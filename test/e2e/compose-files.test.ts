import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "#simulator/actor.ts";
import type { MessageView, ModalView } from "#simulator/page/contract.ts";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { passMinutes } from "../support/contract-clock.ts";
import { createDeskBook, type DeskBook } from "../support/desk-book.ts";
import { memoryDesk, memoryDeskWithFiles } from "../support/memory-desk.ts";
import { textOf, type Walk, walk } from "../support/ticket-walk.ts";

const LOG = randomBytes(2000).toString("hex");
const NOW = sql<Date>`deskline_now()`;

let app: TestApp;
let w: Walk;
let book: DeskBook;

describe.each([
  ["takes no files", memoryDesk],
  ["takes files", memoryDeskWithFiles],
] as const)("files of an agent, where the desk %s", (_how, openDesk) => {
  beforeAll(async () => {
    book = createDeskBook();
    app = await startTestApp({ mode: "http", paced: false, desk: openDesk(book) });
    w = walk(app);
  });
  afterAll(() => app[Symbol.asyncDispose]());
  beforeEach(async () => {
    const aki = w.as("U0AKI");
    for (const modal of aki.modals()) await aki.close(modal);
  });

  it("come into the customer's thread after the words, each once, when they can no longer be undone", async () => {
    const { aki, card, triage, form } = await composing("ファイルを送る");
    const files = [chosen(aki, "fix.log"), chosen(aki, "手順.txt")];

    const check = await sentOn(aki, form, { body: "直し方です。", files });
    expect(textOf(check.blocks)).toContain("添付ファイル：fix.log ・ 手順.txt");
    await sentOn(aki, check);
    await settled();
    expect(customerSees(card)).toEqual([]);
    expect(app.simulator.world.files().filter(({ userId }) => userId.startsWith("U0DL"))).toEqual(
      [],
    );
    expect(attached()).toEqual([]);

    await passMinutes(app, 1);
    await fileIn(card, "手順.txt");
    await settled();

    expect(
      customerSees(card).map(({ text, files }) => [text, ...files.map(({ name }) => name)]),
    ).toEqual([
      ["直し方です。"],
      ["サポート担当 *Aki* からの添付ファイル", "fix.log"],
      ["サポート担当 *Aki* からの添付ファイル", "手順.txt"],
    ]);
    for (const { files: shown } of customerSees(card).slice(1))
      expect(app.simulator.world.file(shown[0]?.id ?? "").bytes?.toString()).toBe(LOG);
    const copies = [...attached(), ...inThreadOf(triage)];
    expect(copies.sort()).toEqual(["fix.log", "手順.txt"].sort());
    expect(textOf(aki.thread(AGENTS, triage.ts)[0]?.blocks)).not.toContain("fix.log");
  });

  it("never leave when they are undone, stand in the form again, and can be taken out of it", async () => {
    const { aki, card, form } = await composing("取り消すファイル");
    const check = await sentOn(aki, form, { body: "まちがい", files: [chosen(aki, "wrong.log")] });
    const sending = await sentOn(aki, check);

    await aki.press(sending, "取り消す");
    const again = await w.until(() => modalSaying(aki, "wrong.log\n下で選び直すと"));
    await passMinutes(app, 1);
    await settled();
    expect(customerSees(card)).toEqual([]);

    await aki.press(again, "添付を取りやめる");
    const without = await w.until(() => {
      const modal = aki.modals().at(-1);
      return modal && !textOf(modal.blocks).includes("wrong.log") ? modal : undefined;
    });
    expect(JSON.stringify(without.values)).toContain("まちがい");
    await aki.press(await sentOn(aki, await sentOn(aki, without)), "いますぐ送る");

    await w.inThread(w.as("U0HANA"), card, "まちがい");
    await settled();
    expect(everywhere()).not.toContain("wrong.log");
  });

  it("stay with what goes back to the form, and give way to others that are chosen there", async () => {
    const { aki, card, form } = await composing("選び直す");
    const check = await sentOn(aki, form, { body: "最初", files: [chosen(aki, "old.log")] });
    await aki.press(check, "書き直す");
    const again = await w.until(() => modalSaying(aki, "old.log\n下で選び直すと"));

    const kept = await sentOn(aki, again);
    expect(textOf(kept.blocks)).toContain("添付ファイル：old.log");
    await aki.press(kept, "書き直す");
    const third = await w.until(() => modalSaying(aki, "old.log\n下で選び直すと"));
    const changed = await sentOn(aki, third, { files: [chosen(aki, "new.log")] });
    await aki.press(await sentOn(aki, changed), "いますぐ送る");

    await fileIn(card, "new.log");
    await settled();
    expect(everywhere()).not.toContain("old.log");
  });

  it("that cannot be sent are named in the form, and nothing is", async () => {
    const { aki, card, form } = await composing("送れないファイル");
    const program = chosen(aki, "setup.exe");
    const outside = chosen(aki, "linked.log");
    app.simulator.world.changeFile(outside, { mode: "external" });

    for (const [file, why] of [
      [program, "ファイル「setup.exe」は送れません。理由：プログラム、"],
      [outside, "ファイル「linked.log」は送れません。理由：Slackの外か、"],
    ] as const) {
      const { modal, errors } = await aki.submit(form, { body: "読んでください", files: [file] });
      expect(modal?.submit).toBe("内容を確認する");
      expect(errors).toEqual({ files: expect.stringContaining(why) });
    }
    expect(customerSees(card)).toEqual([]);
  });

  it("that turn out not to be what they are called are told to the agents, not to the customer", async () => {
    const { aki, card, triage, form } = await composing("見かけだけ");
    const bytes = Buffer.from("<!DOCTYPE html><html><body><script>alert(1)</script></body></html>");
    const page = aki.chooseFile({ name: "page.txt", bytes });

    await aki.press(
      await sentOn(aki, await sentOn(aki, form, { body: "添えました。", files: [page] })),
      "いますぐ送る",
    );

    await w.inThread(
      aki,
      triage,
      "*Aki* さんのファイル「page.txt」は、お客様に届いていません。理由：",
    );
    await settled();
    expect(customerSees(card).map(({ text }) => text)).toEqual(["添えました。"]);
  });
});

async function composing(subject: string) {
  const aki = w.as("U0AKI");
  const filed = await w.filed(subject);
  return { ...filed, aki, form: await aki.pressForModal(filed.triage, "ticket.reply") };
}

async function sentOn(
  who: Actor,
  form: ModalView,
  values: { body?: string; files?: string[] } = {},
): Promise<ModalView> {
  const { modal, errors } = await who.submit(form, values);
  if (!modal) throw new Error(`Nothing came of it: ${JSON.stringify(errors)}`);
  return modal;
}

function chosen(who: Actor, name: string): string {
  return who.chooseFile({ name, bytes: Buffer.from(LOG) });
}

function modalSaying(who: Actor, words: string): ModalView | undefined {
  const modal = who.modals().at(-1);
  return modal && textOf(modal.blocks).includes(words) ? modal : undefined;
}

/** What the customer's thread has under the card. */
function customerSees(card: MessageView): MessageView[] {
  return w.as("U0HANA").thread(HELP, card.ts).slice(1);
}

function fileIn(card: MessageView, name: string) {
  return w.until(() =>
    customerSees(card).find(({ files }) => files.some((one) => one.name === name)),
  );
}

function inThreadOf(triage: MessageView): string[] {
  const thread = w.as("U0AKI").thread(AGENTS, triage.ts);
  return thread.flatMap(({ files }) => files.map(({ name }) => name));
}

function attached(): string[] {
  return (book.held.at(-1)?.files ?? []).map(({ name }) => name);
}

/** In every channel, and at the desk. */
function everywhere(): string {
  const { world } = app.simulator;
  const names = world
    .messages()
    .flatMap(({ fileIds = [] }) => fileIds.map((id) => world.file(id).name));
  return JSON.stringify([names, book.held]);
}

/** Nothing is under way that is due. */
async function settled(): Promise<void> {
  await expect
    .poll(
      async () => {
        const jobs = app.db.selectFrom("job").select("id").where("done_at", "is", null);
        const due = jobs.where("dead_at", "is", null).where("run_at", "<=", NOW);
        return (await due.execute()).length;
      },
      { timeout: 20_000 },
    )
    .toBe(0);
}
