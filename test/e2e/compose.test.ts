import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Actor } from "#simulator/actor.ts";
import type { ModalView } from "#simulator/page/contract.ts";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { passMinutes } from "../support/contract-clock.ts";
import { buttonsOf, formAfter, says, textOf, type Walk, walk } from "../support/ticket-walk.ts";

const BODY = "body";
const NOW = sql<Date>`deskline_now()`;

const CANNED = `
replies:
  canned:
    - id: looking
      name: { en: Looking, ja: 調査中 }
      text: { en: "{agent} looks into {number}.", ja: "{requester} 様、{number}「{subject}」を調べています。{agent}" }
`;

let folder: string;
let app: TestApp;
let w: Walk;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deskline-compose-"));
  const policy = join(folder, "policy.yaml");
  await writeFile(policy, CANNED);
  app = await startTestApp({ mode: "http", paced: false, env: { DESKLINE_CONFIG: policy } });
  w = walk(app);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

it("names who will read it, shows it once more, and sends it after ten seconds in which nothing has left", async () => {
  const { aki, hana, card, triage, form } = await composing("宛先を見る");
  const known = await w.until(() => modalSaying(aki, "送り先："));
  expect(textOf(known.blocks)).toMatch(
    /送り先： \*Acme\* の #help にあるスレッド。参加している\d+人のほか、/,
  );

  expect(textOf(known.blocks)).toContain("お客様の言語：日本語");

  const check = await checked(aki, form, "復旧しました。\n*お試しください*");

  expect(textOf(check.blocks)).toContain("> 復旧しました。\n> *お試しください*");
  expect(textOf(check.blocks)).toMatch(/#help .*\d+人/);
  expect(await customerSees()).not.toContain("復旧しました");

  const sending = await formAfter(aki, check);
  expect(textOf(sending.blocks)).toContain("10秒後に送ります。いまなら取り消せます。");
  expect(labels(sending)).toEqual(["取り消す", "いますぐ送る"]);
  await settled();
  expect(await customerSees()).not.toContain("復旧しました");
  expect(aki.thread(AGENTS, triage.ts).some((each) => says(each, "復旧"))).toBe(false);

  await passMinutes(app, 1);
  await w.inThread(hana, card, "復旧しました。");
  await w.inThread(aki, triage, "復旧しました。");
  const sent = await w.until(() => modalSaying(aki, "もう取り消せません。")); // by itself, left open
  expect(labels(sent)).toEqual([]);
  expect(hana.thread(HELP, card.ts).filter((each) => says(each, "復旧しました。"))).toHaveLength(1);
});

it("sends it though the form cannot be drawn again, and says so to who takes it back then", async () => {
  const { aki, hana, card, form } = await composing("フォームが古いまま");
  const sending = await formAfter(aki, await checked(aki, form, "届いている返信"));
  const fault = app.simulator.faults.add({ kind: "500", method: "views.update" });

  await passMinutes(app, 1);
  await w.inThread(hana, card, "届いている返信");
  await settled();
  expect(textOf(aki.modals().at(-1)?.blocks ?? [])).toContain("いまなら取り消せます。");
  expect(await sendingJobs()).toEqual([{ attempts: 1, failures: 0 }]);

  app.simulator.faults.end(fault);
  await aki.press(sending, "取り消す");
  const late = await w.until(() => modalSaying(aki, "もう取り消せません。"));
  expect(labels(late)).toEqual([]);
  expect(hana.thread(HELP, card.ts).filter((each) => says(each, "届いている"))).toHaveLength(1);
});

it("sends it from a form that was closed", async () => {
  const { aki, hana, card, form } = await composing("閉じる");
  await aki.close(await formAfter(aki, await checked(aki, form, "閉じてから届く")));

  await passMinutes(app, 1);

  await w.inThread(hana, card, "閉じてから届く");
  await settled();
  expect(aki.modals()).toEqual([]);
});

it("takes it back with all that was typed, and sends what it became", async () => {
  const { aki, hana, card, form } = await composing("取り消す");
  const sending = await formAfter(aki, await checked(aki, form, "まちがい"));

  await aki.press(sending, "取り消す");
  const again = await w.until(() => modalSaying(aki, "返信の内容"));
  expect(JSON.stringify(again.values)).toContain("まちがい");
  await passMinutes(app, 1);
  await settled();
  expect(await customerSees()).not.toContain("まちがい");

  const second = await formAfter(aki, again, { [bodyOf(again)]: "なおした" });
  await aki.press(await formAfter(aki, second), "いますぐ送る");
  await w.inThread(hana, card, "なおした");
  expect(await customerSees()).not.toContain("まちがい");
});

it("goes back to the form from the check", async () => {
  const { aki, form } = await composing("書き直す");
  const check = await checked(aki, form, "最初の文");

  await aki.press(check, "書き直す");

  const again = await w.until(() => modalSaying(aki, "返信の内容"));
  expect(JSON.stringify(again.values)).toContain("最初の文");
  expect(again.submit).toBe("内容を確認する");
});

it("fills in a canned reply behind what was typed, in the language of the ticket", async () => {
  const { aki, form, number } = await composing("定型文");
  await w.until(() => modalSaying(aki, "送り先："));

  await aki.choose(form, BODY, "こんにちは。");
  await aki.choose(form, "canned", "looking");

  const filled = await w.until(() => {
    const modal = aki.modals().at(-1);
    return JSON.stringify(modal?.values).includes("調べています") ? modal : undefined;
  });
  const text = JSON.stringify(filled.values);
  expect(text).toContain(`こんにちは。\\nHana 様、${number}「定型文」を調べています。Aki`);
});

it("says in the check why it cannot be sent, and keeps it", async () => {
  const { aki, triage, form, number } = await composing("確認中に解決");
  const check = await checked(aki, form, "まだ送れない");
  const ben = w.as("U0BEN");
  await ben.press(triage, "ticket.solve");

  for (let presses = 0; presses < 2; presses += 1) {
    const refused = await formAfter(aki, check);
    expect(textOf(refused.blocks)).toContain(`${number}はすでに解決になっています。`);
    expect(refused.blocks.filter(({ type }) => type === "alert")).toHaveLength(1);
    expect(textOf(refused.blocks)).toContain("> まだ送れない");
  }

  await w.shows(ben, triage, "再開する");
  await ben.press(triage, "ticket.reopen");
  await formAfter(aki, check);
  await w.until(() => modalSaying(aki, "いまなら取り消せます。"));
});

it("sends what was let go, whatever became of the ticket meanwhile", async () => {
  const { aki, hana, card, triage, form } = await composing("先に解決");
  const sending = await formAfter(aki, await checked(aki, form, "最後の返信"));
  await w.as("U0BEN").press(triage, "ticket.solve");
  await w.shows(aki, triage, "再開する");

  await aki.press(sending, "いますぐ送る");

  await w.inThread(hana, card, "最後の返信");
  await w.shows(aki, triage, "再開する"); // it is solved as before
});

it("tells the agents when it could not be sent, with all of it", async () => {
  const { aki, triage } = await composing("先に解決された回避策");
  await aki.close(aki.modals()[0]);
  const form = await aki.pressForModal(triage, "ticket.offer");
  const check = await formAfter(aki, form, { [BODY]: "間に合わなかった返信", helps: "yes" });
  await formAfter(aki, check);
  await w.as("U0BEN").press(triage, "ticket.solve");

  await passMinutes(app, 1);

  const unsent = await w.until(() => modalSaying(aki, "お客様に送れませんでした。"));
  expect(labels(unsent)).toEqual([]);
  const told = await w.inThread(aki, triage, "送れませんでした");
  expect(says(told, "*Aki* さんの文章")).toBe(true);
  expect(says(told, "間に合わなかった返信")).toBe(true);
  expect(await customerSees()).not.toContain("間に合わなかった返信");
});

async function composing(subject: string) {
  const [aki, hana] = [w.as("U0AKI"), w.as("U0HANA")];
  const filed = await w.filed(subject);
  const form = await aki.pressForModal(filed.triage, "ticket.reply");
  return { ...filed, aki, hana, form };
}

function checked(aki: Actor, form: ModalView, body: string): Promise<ModalView> {
  return formAfter(aki, form, { [BODY]: body });
}

function modalSaying(who: Actor, words: string): ModalView | undefined {
  const modal = who.modals().at(-1);
  return modal && textOf(modal.blocks).includes(words) ? modal : undefined;
}

function bodyOf({ values }: ModalView): string {
  return Object.keys(values).find((id) => id.startsWith(BODY)) ?? BODY;
}

function labels(modal: ModalView): string[] {
  return buttonsOf(modal).filter((label) => label !== "");
}

/** Of the comment that was sent last. */
function sendingJobs() {
  const jobs = app.db.selectFrom("job").select(["attempts", "failures"]);
  return jobs.where("name", "=", "ticket.send-comment").orderBy("seq", "desc").limit(1).execute();
}

/** Nothing is under way that is due. */
async function settled(): Promise<void> {
  await expect
    .poll(async () => {
      const jobs = app.db.selectFrom("job").select("id").where("done_at", "is", null);
      const due = jobs.where("dead_at", "is", null).where("run_at", "<=", NOW);
      return (await due.execute()).length;
    })
    .toBe(0);
}

/** Everything that stands where a customer can read it, and at the desk. */
async function customerSees(): Promise<string> {
  const { world } = app.simulator;
  const changes = await app.db.selectFrom("desk_change").selectAll().execute();
  return JSON.stringify([world.messages().filter(({ channel }) => channel !== AGENTS), changes]);
}
