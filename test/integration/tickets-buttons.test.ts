import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NO_POLICY } from "#accounts/policy.ts";
import { onFaultPoint } from "#fault-points.ts";
import type { JobName } from "#jobs/catalogue.ts";
import { readManifest } from "#simulator/manifest.ts";
import type { Message } from "#simulator/records.ts";
import { redrawChoices } from "#tickets/choices.ts";
import { mergeTickets, undoMerge } from "#tickets/merge.ts";
import { type StepTaken, takeStep } from "#tickets/step.ts";
import { lockTicket, type TicketRef } from "#tickets/store.ts";
import type { Step } from "#tickets/ticket.ts";
import { acceptOffer, disputeOffer, offerWorkaround } from "#tickets/workaround.ts";
import { HELP } from "../support/app.ts";
import { failAt } from "../support/fail-at.ts";
import { buttonsOf, textOf } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

const AKI = { kind: "agent", userId: "U0AKI", name: "Aki" } as const;
const HANA = { kind: "requester", userId: "U0HANA", name: "Hana" } as const;
const OFFER = ["続けられる", "まだ困っている"];
const FIXED = ["はい、解決しました", "まだです"];
const RATE = ["👍 よかった", "👎 よくなかった"];

let worker: TicketWorker;
beforeEach(async () => {
  const manifest = await readManifest(new URL("../../manifest.yml", import.meta.url));
  worker = await openTicketWorker({ simulator: { manifest } });
});
afterEach(async () => {
  onFaultPoint(undefined);
  await worker[Symbol.asyncDispose]();
});

describe("the buttons under an offered workaround", () => {
  it.each([
    ["accepted", (offerId: string) => accept(offerId)],
    ["disputed", (offerId: string) => dispute(offerId)],
  ])(
    "go when it is %s, and the words stay as they were, in the agent's name",
    async (_, answer) => {
      const ticket = await filed();
      const offerId = await offer(ticket, "別の画面から");
      await worker.runAll();
      const before = saying("別の画面から");
      expect(buttonsOf(before)).toEqual(OFFER);
      expect(before.username).toContain("Aki");

      await answer(offerId)(ticket);
      await worker.runAll();

      const after = saying("別の画面から");
      expect(after).toEqual({ ...before, blocks: before.blocks.filter(isNoActions) });
      expect(await deadJobs()).toEqual([]);
    },
  );

  it("go when another takes its place, whose own stay", async () => {
    const ticket = await filed();
    await offer(ticket, "一つ目");
    await worker.runAll();

    await offer(ticket, "二つ目");
    await worker.runAll();

    expect([buttonsOf(saying("一つ目")), buttonsOf(saying("二つ目"))]).toEqual([[], OFFER]);
  });

  it("stay as long as it may still be answered", async () => {
    const ticket = await filed();
    await offer(ticket, "別の画面から");
    await take(ticket, "reply", AKI, { body: "ほかにも" });
    await take(ticket, "inform", HANA, { body: "どれですか" });
    await worker.runAll();

    expect(buttonsOf(saying("別の画面から"))).toEqual(OFFER);
    expect(await jobs("ticket.edit-buttons")).toEqual([]);
  });

  it("go when the ticket is solved or closed, and are back when it goes on", async () => {
    const ticket = await filed();
    await offer(ticket, "別の画面から");
    await worker.runAll();
    await take(ticket, "solve", AKI);
    await worker.runAll();
    expect(buttonsOf(saying("別の画面から"))).toEqual([]);

    await take(ticket, "reopen", AKI);
    await worker.runAll();
    expect(buttonsOf(saying("別の画面から"))).toEqual(OFFER);

    await take(ticket, "solve", AKI);
    await take(ticket, "close", HANA);
    await worker.runAll();
    expect(buttonsOf(saying("別の画面から"))).toEqual([]);
  });

  it("go with a merge, and are back when it is undone", async () => {
    const [from, into] = [await filed(), await filed()];
    await offer(from, "別の画面から");
    await worker.runAll();
    const before = saying("別の画面から");
    const act = () => ({
      by: AKI,
      policy: NO_POLICY,
      delivery: { source: "slack.press" as const, key: randomUUID() },
    });
    const links = { from: undefined, into: undefined };

    await mergeTickets(worker.db, { from, into, links }, act());
    await worker.runAll();
    expect(buttonsOf(saying("別の画面から"))).toEqual([]);
    await undoMerge(worker.db, from, act());
    await worker.runAll();

    expect(saying("別の画面から")).toEqual(before);
  });
});

describe("the buttons under a solution", () => {
  it.each<[string, Step, StepTaken["by"]]>([
    ["the requester closes", "close", HANA],
    ["silence closes", "close", { kind: "deskline", userId: null, name: "Deskline" }],
    ["an agent opens again", "reopen", AKI],
    ["the requester opens again", "reopen", HANA],
  ])("go when %s", async (_, step, by) => {
    const ticket = await filed();
    await take(ticket, "solve", AKI);
    await worker.runAll();
    const before = saying("解決にしました");
    expect(buttonsOf(before)).toEqual(FIXED);

    await take(ticket, step, by);
    await worker.runAll();

    expect(saying("解決にしました")).toEqual({
      ...before,
      blocks: before.blocks.filter(isNoActions),
    });
    if (step === "close") expect(thread().map(buttonsOf)).toEqual([[], RATE]);
  });

  it("go with what is still wrong, and stand under the next solution alone", async () => {
    const ticket = await filed();
    await take(ticket, "solve", AKI);
    await worker.runAll();

    await take(ticket, "inform", HANA, { body: "まだ出ます" });
    await take(ticket, "solve", AKI);
    await worker.runAll();

    expect(thread().map(buttonsOf)).toEqual([[], [], FIXED]);
  });

  it("are not drawn where it was answered before it was told", async () => {
    const ticket = await filed();
    await take(ticket, "solve", AKI);
    await take(ticket, "reopen", AKI);

    await worker.runAll();

    expect(thread().map(buttonsOf)).toEqual([[], []]);
    expect(calls("chat.postMessage").flatMap(({ args }) => idsIn(args.blocks))).not.toContainEqual(
      expect.stringMatching(/^fixed/),
    );
  });
});

describe("the edit that takes buttons away", () => {
  it("waits for a message that is on its way", async () => {
    const ticket = await filed();
    await take(ticket, "solve", AKI);
    worker.simulator.faults.add({
      kind: "accepted-then-dropped",
      method: "chat.postMessage",
      times: 1,
    });
    await worker.runFirst("ticket.tell-customer"); // it stands; nobody knows that yet
    await take(ticket, "reopen", AKI);

    await worker.runFirst("ticket.edit-card"); // before it in the lane
    await worker.runFirst("ticket.edit-buttons");
    expect(buttonsOf(saying("解決にしました"))).toEqual(FIXED);
    await worker.runAll();

    expect(buttonsOf(saying("解決にしました"))).toEqual([]);
  });

  it("finds them in one of several that were told together", async () => {
    const ticket = await filed();
    await take(ticket, "reply", AKI, { body: "はじめに" });
    await offer(ticket, "一つ目");
    await take(ticket, "solve", AKI);
    await worker.database.setNow(new Date(Date.now() + 120_000));
    await worker.runAll();
    const [before] = thread();
    expect(before && buttonsOf(before)).toEqual(FIXED);

    await take(ticket, "reopen", HANA);
    await worker.runAll();

    const [after] = thread();
    expect(after && buttonsOf(after)).toEqual([]);
    expect(textOf(after?.blocks.filter(isNoActions))).toBe(
      textOf(before?.blocks.filter(isNoActions)),
    );
    await worker.database.setNow(null);
  });

  it("cuts the words for notifications where they are longer than an edit may be", async () => {
    const ticket = await filed();
    for (const body of ["あ", "い", "う"])
      await take(ticket, "reply", AKI, { body: body.repeat(2000) });
    const offerId = await offer(ticket, "最後に");
    await worker.database.setNow(new Date(Date.now() + 120_000));
    await worker.runAll();
    expect(thread()[0]?.text.length).toBeGreaterThan(4000);

    await accept(offerId)(ticket);
    await worker.runAll();

    expect(thread().map(buttonsOf)).toEqual([[], []]);
    expect(await deadJobs()).toEqual([]);
    await worker.database.setNow(null);
  });

  it.each(["edit.before-send", "edit.after-send", "job.before-finish"] as const)(
    "is made all the same when the worker fails at %s, and a second time changes nothing",
    async (point) => {
      const ticket = await filed();
      const offerId = await offer(ticket, "別の画面から");
      await worker.runAll();
      await accept(offerId)(ticket);
      const struck = failAt(point);
      await worker.runFirst("ticket.edit-buttons");

      await worker.runAll();

      expect(struck()).toBe(1);
      const message = saying("別の画面から");
      expect(buttonsOf(message)).toEqual([]);
      const edits = calls("chat.update").filter(({ args }) => args.ts === message.ts);
      expect(edits).toHaveLength(1);
    },
  );

  it("has nothing to do where the message is gone, or nobody may write any more", async () => {
    const [gone, locked] = [await filed(), await filed()];
    const ids = [await offer(gone, "消える"), await offer(locked, "閉まる")] as const;
    await worker.runAll();
    worker.simulator.world.deleteMessage(HELP, saying("消える").ts);

    await accept(ids[0])(gone);
    await worker.runAll();
    worker.simulator.world.archive(HELP);
    await accept(ids[1])(locked);
    await worker.runAll();

    expect(await jobs("ticket.edit-buttons")).toHaveLength(2);
    expect(await deadJobs()).toEqual([]);
  });

  it("is not for a ticket of the web form", async () => {
    const ticket = await filed();
    await offer(ticket, "別の画面から");
    await worker.runAll();

    await worker.db.transaction().execute(async (tx) => {
      const row = await lockTicket(tx, ticket);
      await redrawChoices(tx, { ...row, asked_team_id: null });
    });

    expect(await jobs("ticket.edit-buttons")).toEqual([]);
  });
});

async function filed(): Promise<TicketRef> {
  const { accountId, ticketId } = await fileTicket(worker.db, {
    teamId: "T0ACME",
    channelId: HELP,
  });
  await worker.runAll();
  return { accountId, ticketId };
}

async function take(
  ticket: TicketRef,
  step: Step,
  by: StepTaken["by"],
  more: Partial<StepTaken> = {},
): Promise<void> {
  const delivery = { source: "slack.press", key: randomUUID() } as const;
  await takeStep(worker.db, ticket, { step, by, delivery, ...more });
}

/** Answers the id of the offer. */
async function offer(ticket: TicketRef, body: string): Promise<string> {
  await take(ticket, "offer", AKI, { body, also: offerWorkaround("yes") });
  const { id } = await worker.db
    .selectFrom("workaround_offer")
    .select("id")
    .where("ticket_id", "=", ticket.ticketId)
    .where("answer", "is", null)
    .executeTakeFirstOrThrow();
  return id;
}

function accept(offerId: string) {
  return (ticket: TicketRef) => take(ticket, "accept", HANA, { also: acceptOffer(offerId) });
}

function dispute(offerId: string) {
  return (ticket: TicketRef) =>
    take(ticket, "dispute", HANA, { body: "開きません", also: disputeOffer(offerId) });
}

/** What the app says in threads. */
function thread(): Message[] {
  return worker.simulator.world.messages(HELP).filter(({ threadTs }) => threadTs);
}

function saying(words: string): Message {
  const found = thread().find(({ text }) => text.includes(words));
  if (!found) throw new Error(`Nothing says ${words}.`);
  return found;
}

function isNoActions({ type }: { type: string }): boolean {
  return type !== "actions";
}

function calls(method: string) {
  return worker.simulator.calls().filter((call) => call.method === method && call.ok);
}

function idsIn(blocks: unknown): string[] {
  return Array.isArray(blocks) ? blocks.map(({ block_id: id }) => String(id)) : [];
}

async function jobs(name: JobName): Promise<string[]> {
  const rows = await worker.db.selectFrom("job").select("id").where("name", "=", name).execute();
  return rows.map(({ id }) => id);
}

async function deadJobs(): Promise<unknown[]> {
  const dead = worker.db.selectFrom("job").select(["name", "last_error"]);
  return dead.where("dead_at", "is not", null).execute();
}
