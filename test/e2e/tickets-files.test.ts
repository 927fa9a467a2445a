import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "#simulator/actor.ts";
import type { MessageView } from "#simulator/page/contract.ts";
import { AGENTS, EXT_BETA, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { FAKE_DESK_SECRET, startFakeDesk } from "../support/fake-desk.ts";
import { startFileHost } from "../support/file-host.ts";
import { FACTS, says, textOf, type Walk, walk } from "../support/ticket-walk.ts";

const LOG = randomBytes(2000).toString("hex");
const SHA256 = createHash("sha256").update(LOG).digest("hex");

describe("attachments, where the desk is embedded", () => {
  let app: TestApp;
  let w: Walk;
  beforeAll(async () => {
    app = await startTestApp({ paced: false });
    w = walk(app);
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it.each([
    ["U0HANA", "添付ファイル：2個", "• build.log ・ 4 KB ・ 受け取り済み", "お客様の添付ファイル"],
    ["U0TOM", "Attachments: 2", "• build.log · 4 KB · delivered", "File from the customer"],
  ])(
    "go from the form of %s to the agents, and are counted on the card",
    async (id, count, line, by) => {
      const who = w.as(id);
      const number = await fileWith(w, who, HELP, [
        chosen(who, "build.log"),
        chosen(who, "screen.log"),
      ]);

      const card = await w.card(who, HELP, number);
      const triage = await w.triage(number);
      await w.shows(w.as("U0AKI"), triage, line);
      await w.shows(who, card, count);
      const shared = await sharedIn(w, triage, 2);

      expect(shared[0]?.text).toContain(by);
      for (const { files } of shared) {
        const { bytes } = app.simulator.world.file(files[0]?.id ?? "");
        expect(bytes?.toString()).toBe(LOG);
      }
    },
  );

  it.each([
    ["U0HANA", "ファイル「setup.exe」は、サポートに届いていません。理由：プログラム、"],
    ["U0TOM", "The file *setup.exe* did not reach support: programs, scripts and web pages"],
  ])(
    "that are refused are named in the thread for %s, and the ticket is filed",
    async (id, words) => {
      const who = w.as(id);
      const number = await fileWith(w, who, HELP, [chosen(who, "setup.exe"), chosen(who, "a.log")]);

      const card = await w.card(who, HELP, number);
      await w.inThread(who, card, words);

      await w.inThread(w.as("U0AKI"), await w.triage(number), "a.log");
    },
  );

  it("come with a reply in the thread, with and without words, once each", async () => {
    const { card, triage } = await w.filed();
    const hana = w.as("U0HANA");
    const [first, second] = [chosen(hana, "first.log"), chosen(hana, "second.log")];

    await hana.send(HELP, "ログを付けます", card.ts, [first]);
    await hana.send(HELP, "", card.ts, [second]);
    await hana.send(HELP, "もう一度", card.ts, [first]);

    await w.inThread(w.as("U0AKI"), triage, "もう一度");
    await w.inThread(w.as("U0AKI"), triage, "second.log");
    await w.shows(w.as("U0AKI"), triage, "• second.log ・ 4 KB ・ 受け取り済み");
    await w.shows(hana, card, "添付ファイル：2個");
    expect(await sharedIn(w, triage, 2)).toHaveLength(2);
  });

  it("of a stranger, of whom Slack tells the id alone, are found by it", async () => {
    const [sol, aki] = [w.as("U0SOL"), w.as("U0AKI")];
    const number = await fileWith(w, aki, EXT_BETA, []);
    const card = await w.card(sol, EXT_BETA, number);

    await sol.send(EXT_BETA, "Here it is", card.ts, [chosen(sol, "beta.log")]);

    await w.shows(aki, await w.triage(number), "beta.log");
    await w.inThread(aki, await w.triage(number), "beta.log");
  });

  it("of an agent in the customer's thread are announced to the agents as that agent's", async () => {
    const [sol, aki] = [w.as("U0SOL"), w.as("U0AKI")];
    const number = await fileWith(w, aki, EXT_BETA, []);
    const card = await w.card(sol, EXT_BETA, number);

    await aki.send(EXT_BETA, "", card.ts, [chosen(aki, "patch.log")]);
    await sol.send(EXT_BETA, "", card.ts, [chosen(sol, "answer.log")]);

    const shared = await sharedIn(w, await w.triage(number), 2);
    expect(shared.map(({ text }) => text).sort()).toEqual([
      "*Aki* さんがお客様に送ったファイル *patch.log*",
      "お客様の添付ファイル *answer.log*",
    ]);
  });

  it("are no more than ten in the form", async () => {
    const hana = w.as("U0HANA");
    const modal = await hana.command(HELP, "/ticket", "Many");
    const files = Array.from({ length: 11 }, (_, n) => chosen(hana, `${n}.log`));

    const { errors } = await hana.submit(modal?.id, { ...FACTS, files });

    expect(errors).toEqual({ files: expect.stringContaining("10") });
    await hana.close(modal);
  });

  it("let no byte and no token into the log", () => {
    const logged = JSON.stringify(app.logged);

    expect(logged).not.toContain(LOG.slice(0, 40));
    for (const token of Object.values(app.simulator.tokens)) expect(logged).not.toContain(token);
  });
});

it("attachments go to a desk that takes files, whose count is what was sent", async () => {
  await using desk = await startFakeDesk();
  await using app = await startTestApp({
    paced: false,
    env: { DESK: "http", DESK_URL: desk.url, DESK_SECRET: FAKE_DESK_SECRET },
  });
  const w = walk(app);
  const hana = w.as("U0HANA");
  desk.book.faults.push("lose");
  const number = await fileWith(w, hana, HELP, [chosen(hana, "build.log")]);
  desk.book.faults.push("lose");

  const triage = await w.triage(number);
  await w.shows(w.as("U0AKI"), triage, "• build.log ・ 4 KB ・ 受け取り済み");
  expect(desk.book.held).toMatchObject([
    { files: [{ name: "build.log", size: LOG.length, sha256: SHA256 }] },
  ]);
  expect(desk.book.held[0]?.files).toHaveLength(1);
  expect(
    w
      .as("U0AKI")
      .thread(AGENTS, triage.ts)
      .flatMap(({ files }) => files),
  ).toEqual([]);
}, 40_000);

it("the token goes to no host but the one that the setting names", async () => {
  await using host = await startFileHost((socket) => socket.end());
  await using app = await startTestApp({ paced: false, env: { SLACK_FILES_URL: host.origin } });
  const w = walk(app);
  const hana = w.as("U0HANA");

  const number = await fileWith(w, hana, HELP, [chosen(hana, "build.log")]); // it lies at the simulator

  const card = await w.card(hana, HELP, number);
  await w.inThread(hana, card, "Slackの外か、別のワークスペースに保存されています");
  expect(host.requests).toEqual([]);
});

/** What stands in the thread of the triage card, once it is so many. */
function sharedIn(w: Walk, triage: MessageView, count: number): Promise<MessageView[]> {
  return w.until(() => {
    const thread = w.as("U0AKI").thread(AGENTS, triage.ts);
    const shared = thread.filter(({ files }) => files.length > 0);
    return shared.length === count && shared;
  });
}

function chosen(who: Actor, name: string): string {
  return who.chooseFile({ name, bytes: Buffer.from(LOG) });
}

async function fileWith(w: Walk, who: Actor, channel: string, files: string[]): Promise<string> {
  const modal = await who.command(channel, "/ticket", "With files");
  const { modal: done, errors } = await who.submit(modal?.id, { ...FACTS, files });
  const number = /DL-\d+/.exec(textOf(done?.blocks))?.[0];
  if (!number) throw new Error(`No number: ${JSON.stringify(errors)}`);
  await who.close(done);
  await w.until(() => who.messages(channel).some((each) => says(each, number)));
  return number;
}
