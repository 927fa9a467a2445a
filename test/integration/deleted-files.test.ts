import { createHash, randomBytes, randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import { type FaultPoint, onFaultPoint } from "#fault-points.ts";
import type { TicketRef } from "#tickets/store.ts";
import { findAttachments } from "#tickets/store-files.ts";
import { readThreadEvent } from "#tickets/thread-event.ts";
import { takeThreadReply } from "#tickets/thread-reply.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { silentPeople } from "../support/people.ts";
import { textOf } from "../support/ticket-walk.ts";
import { AGENTS_CHANNEL, openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

const HEARD = { teamId: "T0ACME", botUserId: "U0DLACME" };
const LOG = randomBytes(5000).toString("hex");
const SHA256 = createHash("sha256").update(LOG).digest("hex");
const NAME = `${randomUUID()}.log`;

let worker: TicketWorker;
let ref: TicketRef;
afterEach(async () => {
  onFaultPoint(undefined);
  await worker[Symbol.asyncDispose]();
});

describe.each([
  ["embedded", {}],
  ["one that takes files", { filesToDesk: true }],
] as const)("a file of a message that is deleted, where the desk is %s", (_desk, how) => {
  it("is gone from the database, from the agents, from the desk and from the count", async () => {
    await openWith(how);
    const said = message([chosen(NAME)]);
    await tell(said);
    await worker.runAll();
    expect(await everything()).toContain(SHA256);
    expect(cardText()).toContain("添付ファイル：1個");

    for (let times = 0; times < 2; times += 1) await tell(said, "delete");
    await worker.runAll();

    const left = await everything();
    expect(left).not.toContain(SHA256);
    expect(left).not.toContain(NAME);
    expect(await states()).toEqual(["deleted"]);
    expect(await findAttachments(worker.db, ref)).toEqual([]);
    expect(standing()).toEqual([]);
    expect(agentsRead()).not.toContain(NAME);
    expect(cardText()).not.toContain("添付ファイル");
    expect(deletionsAtDesk()).toBe("filesToDesk" in how ? 1 : 0);
  });

  it("never leaves Slack when it is deleted before it was passed on", async () => {
    await openWith(how);
    const said = message([chosen(NAME)]);
    await tell(said);

    await tell(said, "delete");
    await worker.runAll();

    expect(await states()).toEqual(["deleted"]);
    expect(uploads()).toEqual([]);
    expect(standing()).toEqual([]);
    expect(deletionsAtDesk()).toBe(0);
  });

  it("is gone whenever it is deleted on its way", async () => {
    for (const point of ["once.before-send", "once.after-send", "upload.after-send"] as const) {
      await openWith(how);
      const said = message([chosen(NAME)]);
      let isDeleted = false;
      await tell(said);
      onFaultPoint(async (at) => {
        if (at !== point || isDeleted || !(await isRunning("ticket.fetch-file"))) return;
        isDeleted = true;
        await tell(said, "delete");
      });

      await worker.runAll();
      if (!isDeleted) await tell(said, "delete"); // this way does not lead past there
      await worker.runAll();

      onFaultPoint(undefined);
      expect(await states()).toEqual(["deleted"]);
      expect(standing()).toEqual([]);
      expect(await everything()).not.toContain(SHA256);
      await worker[Symbol.asyncDispose]();
    }
    await openWith(how);
  });

  it.each([
    "delete-file.before-send",
    "delete-file.after-send",
    "once.before-send",
    "once.after-send",
    "job.before-finish",
  ] as const)("is gone, and the desk is told once, when the worker dies at %s", async (point) => {
    await openWith(how);
    const said = message([chosen(NAME)]);
    await tell(said);
    await worker.runAll();
    await tell(said, "delete");
    dieAt(point, "ticket.delete-file");

    await worker.runAll();

    expect(standing()).toEqual([]);
    expect(deletionsAtDesk()).toBe("filesToDesk" in how ? 1 : 0);
    expect(await unfinished()).toEqual([]);
  });
});

describe("files of a message", () => {
  it("stay when another one of it is deleted, which the agents are told", async () => {
    await openWith({});
    const [slip, other] = [chosen(NAME), chosen("other.log")];
    const said = message([slip, other]);
    await tell(said);
    await worker.runAll();

    await tell(said, { without: slip });
    await tell(said, { without: slip });
    await worker.runAll();

    expect(await states()).toEqual(["deleted", "delivered"]);
    expect(standing()).toEqual(["other.log"]);
    expect(cardText()).toContain("添付ファイル：1個");
    const told = worker.simulator.world.messages(AGENTS).map(({ text }) => text);
    const deletions = told.filter((text) => text === "*Hana* さんの添付ファイルが削除されました");
    expect(deletions).toHaveLength(1);
    expect(agentsRead()).not.toContain(NAME);
  });

  it("that were refused are not named any more, and not counted", async () => {
    await openWith({});
    const said = message([chosen(`${NAME}.exe`), chosen("other.log")]);
    await tell(said);
    await worker.runAll();
    expect(await everything()).toContain(`${NAME}.exe`);

    expect(customerReads()).toContain(`ファイル「${NAME}.exe」は、サポートに届いていません。`);
    await tell(said, "delete");
    await worker.runAll();

    expect(await everything()).not.toContain(NAME);
    expect(cardText()).not.toContain("添付ファイル");
    expect(customerReads()).not.toContain(NAME);
    expect(customerReads()).toContain("ファイル「削除済み」は、サポートに届いていません。");
  });

  it.each(["edit.before-send", "edit.after-send", "job.before-finish"] as const)(
    "that were refused are not named any more when the worker dies at %s",
    async (point) => {
      await openWith({});
      const said = message([chosen(`${NAME}.exe`)]);
      await tell(said);
      await worker.runAll();
      await tell(said, "delete");
      dieAt(point, "ticket.edit-told");

      await worker.runAll();

      expect(customerReads()).not.toContain(NAME);
      expect(await unfinished()).toEqual([]);
    },
  );

  it("that were refused are not named when they are deleted while that is being said", async () => {
    for (const point of ["once.before-send", "once.after-send"] as const) {
      await openWith({});
      const said = message([chosen(`${NAME}.exe`)]);
      await tell(said);
      let isDeleted = false;
      onFaultPoint(async (at) => {
        if (at !== point || isDeleted || !(await isRunning("ticket.tell-customer"))) return;
        isDeleted = true;
        await tell(said, "delete");
      });

      await worker.runAll();

      onFaultPoint(undefined);
      expect(isDeleted).toBe(true);
      expect(customerReads()).toContain("ファイル「削除済み」");
      expect(customerReads()).not.toContain(NAME);
      await worker[Symbol.asyncDispose]();
    }
    await openWith({});
  });

  it("that Slack does not let go are said to the agents", async () => {
    await openWith({});
    const said = message([chosen(NAME)]);
    await tell(said);
    await worker.runAll();
    for (const { id, shares } of worker.simulator.world.files()) {
      if (shares.some(({ channel }) => channel === AGENTS))
        worker.simulator.world.changeFile(id, { userId: "U0AKI" });
    }

    await tell(said, "delete");
    await worker.runAll();

    expect(agentsRead()).toMatch(/サポート側から消せませんでした.*参照番号 [0-9a-f]{8}/);
  });
});

async function openWith(how: { filesToDesk?: true }): Promise<void> {
  worker = await openTicketWorker(how);
  ref = await fileTicket(worker.db, { teamId: "T0ACME", channelId: HELP });
  await worker.runAll();
}

type Said = { ts: string; files: { id: string }[] };

function message(fileIds: string[]): Said {
  const ts = `${Math.floor(Date.now() / 1000) + 100}.000100`;
  return { ts, files: fileIds.map((id) => ({ id })) };
}

/** Slack tells of it. */
async function tell(
  { ts, files }: Said,
  what: "write" | "delete" | { without: string } = "write",
): Promise<void> {
  const root = worker.simulator.world.messages(HELP)[0]?.ts;
  const said = { user: "U0HANA", text: "see this", ts, thread_ts: root, files };
  const left = files.map(({ id }) => (isWithout(what, id) ? { id, mode: "tombstone" } : { id }));
  const changed = { subtype: "message_changed", message: { ...said, files: left } };
  const events = {
    write: { ...said, subtype: "file_share" },
    delete: { subtype: "message_deleted", previous_message: said },
  };
  const event = readThreadEvent({
    channel: HELP,
    ...(typeof what === "string" ? events[what] : changed),
  });
  if (!event) throw new Error("This is no event of a thread.");
  const needs = { db: worker.db, people: silentPeople(), agentsChannel: AGENTS_CHANNEL };
  expect(await takeThreadReply(needs, HEARD, event)).toBe(true);
}

function isWithout(what: string | { without: string }, id: string): boolean {
  return typeof what !== "string" && what.without === id;
}

function chosen(name: string): string {
  return worker.simulator.as("U0HANA").chooseFile({ name, bytes: Buffer.from(LOG) });
}

/** Names of what stands in the agents' channel or at the desk. */
function standing(): string[] {
  const { world } = worker.simulator;
  const shared = world.messages(AGENTS).flatMap(({ fileIds = [] }) => fileIds);
  const kept = shared.map((id) => world.file(id)).filter(({ mode }) => mode !== "deleted");
  const atDesk = worker.book.held.flatMap(({ files }) => files);
  return [...kept, ...atDesk].map(({ name }) => name);
}

function deletionsAtDesk(): number {
  const changes = worker.book.held.flatMap((held) => held.changes);
  return changes.filter(({ kind }) => kind === "attachment-deleted").length;
}

function uploads() {
  const calls = worker.simulator.calls();
  return calls.filter(({ method }) => method === "files.getUploadURLExternal");
}

async function states(): Promise<string[]> {
  const rows = await worker.db.selectFrom("attachment").select("state").orderBy("seq").execute();
  return rows.map(({ state }) => state);
}

/** Whatever the database has. */
async function everything(): Promise<string> {
  const { rows } = await sql<{ xml: string }>`
    select database_to_xml(true, false, '')::text as xml`.execute(worker.db);
  return rows[0]?.xml ?? "";
}

async function isRunning(name: string): Promise<boolean> {
  const { rows } = await sql`
    select from job where name = ${name} and claim is not null and done_at is null`.execute(
    worker.db,
  );
  return rows.length > 0;
}

async function unfinished(): Promise<string[]> {
  const rows = await worker.db
    .selectFrom("job")
    .select("name")
    .where("done_at", "is", null)
    .where("name", "<>", "ticket.ending-due")
    .execute();
  return rows.map(({ name }) => name);
}

/** The job fails once at this point, as if its worker had died. */
function dieAt(point: FaultPoint, name: string): void {
  let isDead = false;
  onFaultPoint(async (at) => {
    if (at !== point || isDead || !(await isRunning(name))) return;
    isDead = true;
    throw new Error(`died at ${point}`);
  });
}

function cardText(): string {
  return textOf(worker.simulator.world.messages(HELP)[0]?.blocks);
}

function customerReads(): string {
  return readIn(HELP);
}

function agentsRead(): string {
  return readIn(AGENTS);
}

function readIn(channelId: string): string {
  return worker.simulator.world
    .messages(channelId)
    .map(({ text, blocks }) => `${text}\n${textOf(blocks)}`)
    .join("\n");
}
