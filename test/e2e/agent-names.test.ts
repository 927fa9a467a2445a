import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Manifest, readManifest } from "#simulator/manifest.ts";
import type { MessageView } from "#simulator/page/contract.ts";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { applyDeskDelivery } from "#tickets/from-desk.ts";
import { AGENTS, HELP, startTestApp, type TestApp } from "../support/app.ts";
import { textOf, type Walk, walk } from "../support/ticket-walk.ts";

const MANIFEST = new URL("../../manifest.yml", import.meta.url);
const SCOPE = "chat:write.customize";

let manifest: Manifest;
let app: TestApp;
let w: Walk;
afterEach(() => app[Symbol.asyncDispose]());

describe("where the app may post in other names", () => {
  beforeEach(() => open());

  it("gives an agent's words their name and picture, once, and takes none of them for a customer's", async () => {
    const { card, triage } = await w.filed("名前と画像");
    const [aki, hana] = [w.as("U0AKI"), w.as("U0HANA")];

    for (const step of ["reply", "ask", "offer"] as const) {
      const form = await aki.pressForModal(triage, `ticket.${step}`);
      await sayToCustomer(aki, form, {
        body: `${step}の<b>言葉</b>`,
        ...(step === "offer" && { helps: "yes" }),
      });
      await w.inThread(hana, card, `${step}の`);
    }

    const said = hana.thread(HELP, card.ts).slice(1);
    const picture = `${app.simulator.url}/sim/picture?of=U0AKI`;
    expect(said.map(({ username, pictureUrl }) => [username, pictureUrl])).toEqual(
      Array(3).fill(["Aki（サポート）", picture]),
    );
    expect(said.map(({ text }) => text)).toEqual([
      "replyの&lt;b&gt;言葉&lt;/b&gt;",
      "<@U0HANA> さんへの質問です。\naskの&lt;b&gt;言葉&lt;/b&gt;",
      "<@U0HANA> さん、次の回避策で作業を続けられるかどうか、知らせてください。\nofferの&lt;b&gt;言葉&lt;/b&gt;",
    ]);
    expect(textOf(said[2]?.blocks)).toContain("続けられる");
    await w.inThread(aki, triage, "offerの");
    expect(aki.thread(AGENTS, triage.ts)).toHaveLength(4);
    expect(await commentsOf()).toEqual(["agent", "agent", "agent"]);
    expect(infosOf("U0AKI")).toBe(2); // as they first pressed, and for the pictures of three messages
  });

  it("leaves an answered offer without its buttons in their name, and takes the edit for nobody's", async () => {
    const { card, triage } = await w.filed("回避策");
    const [aki, hana] = [w.as("U0AKI"), w.as("U0HANA")];
    const form = await aki.pressForModal(triage, "ticket.offer");
    await sayToCustomer(aki, form, { body: "別の画面から", helps: "yes" });
    const offered = await w.inThread(hana, card, "別の画面から");
    expect(offered).toMatchObject({ username: "Aki（サポート）" });

    await hana.press(offered, "ticket.accept");

    await w.loses(hana, offered);
    await allDone();
    const events = await app.db.selectFrom("ticket_history").select("event").execute();
    expect(events.map(({ event }) => event)).not.toContain("comment-edited");
    expect(await commentsOf()).toEqual(["agent"]);
  });

  it("leaves Deskline's own lines the app's", async () => {
    const { card, triage } = await w.filed("状況");

    await w.as("U0AKI").press(triage, "ticket.solve");

    const solved = await w.inThread(w.as("U0HANA"), card, "解決にしました");
    expect(solved).not.toHaveProperty("username");
  });

  it.each([
    ["Mia", "Mia（サポート）"],
    ["<!channel>", "‹!channel›（サポート）"],
    ["Mia\n<@U0HANA>", "Mia ‹@U0HANA›（サポート）"],
    ["ミ".repeat(200), `${"ミ".repeat(73)}…（サポート）`],
    ["\u200b", "サポート"],
  ])("names an author of the desk, whom Slack does not know: %j", async (author, username) => {
    const { card } = await w.filed("デスクから");
    const { id: ticketId } = await app.db
      .selectFrom("ticket")
      .select("id")
      .executeTakeFirstOrThrow();
    const news = { deliveryId: randomUUID(), kind: "comment", body: "デスクの返信" } as const;

    await applyDeskDelivery(app.db, { ...news, ticketId, author });

    const said = await w.inThread(w.as("U0HANA"), card, "デスクの返信");
    expect(said).toMatchObject({ username, text: "デスクの返信" });
    expect(said).not.toHaveProperty("pictureUrl");
  });

  it("posts it once when the answer is lost, and finds it by its mark", async () => {
    const { card, triage } = await w.filed("失われた返事");
    const aki = w.as("U0AKI");
    const form = await aki.pressForModal(triage, "ticket.reply");
    const method = "chat.postMessage";
    app.simulator.faults.add({ kind: "accepted-then-dropped", method, times: 2 });

    await sayToCustomer(aki, form, { body: "一度だけ" });

    await w.inThread(aki, triage, "一度だけ");
    await allDone();
    const said = w.as("U0HANA").thread(HELP, card.ts).slice(1);
    expect(said).toMatchObject([{ username: "Aki（サポート）" }]);
  });

  it("names them in the words when the scope is taken away, and again beside them when it is back", async () => {
    const { card, triage } = await w.filed("権限");
    lose();

    const without = await reply(card, triage, "権限なし");

    expect(without).not.toHaveProperty("username");
    expect(without.text).toContain("サポート担当 *Aki* からの返信");
    expect(await notices()).toEqual(["names-not-allowed:T0ACME"]);

    manifest.scopes.push(SCOPE);
    await reply(card, triage, "まだ知らない"); // its answer says that the app has it
    const again = await reply(card, triage, "権限あり");

    expect(again).toMatchObject({ username: "Aki（サポート）", text: "権限あり" });
    expect(await notices()).toEqual([]);
  });
});

describe("where the app was installed before it asked for that", () => {
  it.each([false, true])(
    "says who it is in the words (Slack leaves it out: %s)",
    async (ignores) => {
      await open({ ignoresLooks: ignores });
      lose();
      const { card, triage } = await w.filed("古いアプリ");

      const said = await reply(card, triage, "いつもどおり");

      expect(said).not.toHaveProperty("username");
      expect(said.text).toContain("サポート担当 *Aki* からの返信");
      expect(await notices()).toEqual(["names-not-allowed:T0ACME"]);
      expect(refused()).toBe(0);
      const eva = w.as("U0EVA");
      await eva.openHome();
      await w.until(() => textOf(eva.home()?.blocks).includes("name and picture of an agent"));
    },
  );
});

async function open(how: { ignoresLooks?: boolean } = {}): Promise<void> {
  manifest = await readManifest(MANIFEST);
  app = await startTestApp({ mode: "http", paced: false, simulator: { manifest, ...how } });
  w = walk(app);
}

function lose(): void {
  manifest.scopes.splice(manifest.scopes.indexOf(SCOPE), 1);
}

async function reply(card: MessageView, triage: MessageView, body: string): Promise<MessageView> {
  const aki = w.as("U0AKI");
  await sayToCustomer(aki, await aki.pressForModal(triage, "ticket.reply"), { body });
  const said = await w.inThread(w.as("U0HANA"), card, body);
  await allDone();
  return said;
}

async function allDone(): Promise<void> {
  const jobs = app.db.selectFrom("job").select("name").where("done_at", "is", null);
  await expect.poll(() => jobs.execute()).toEqual([]);
}

function refused(): number {
  return app.simulator.calls().filter(({ error }) => error === "missing_scope").length;
}

function infosOf(user: string): number {
  const calls = app.simulator.calls().filter(({ method }) => method === "users.info");
  return calls.filter(({ args }) => args.user === user).length;
}

async function notices(): Promise<string[]> {
  const open = app.db.selectFrom("operator_notice").select("key").where("cleared_at", "is", null);
  return (await open.execute()).map(({ key }) => key);
}

async function commentsOf(): Promise<string[]> {
  const rows = await app.db.selectFrom("comment").select("author_kind").execute();
  return rows.map(({ author_kind }) => author_kind);
}
