import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FaultPoint, onFaultPoint } from "#fault-points.ts";
import { findAttachments } from "#tickets/store-files.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { textOf } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

const LOG = randomBytes(5000).toString("hex");
const SHA256 = createHash("sha256").update(LOG).digest("hex");

let worker: TicketWorker;
afterEach(async () => {
  onFaultPoint(undefined);
  await worker[Symbol.asyncDispose]();
});

describe("a file of a ticket, where the desk is embedded", () => {
  beforeEach(async () => {
    worker = await openTicketWorker();
  });

  it("stands in the agents' thread, and is known there by size and SHA-256", async () => {
    const ticket = await fileTicket(worker.db, { files: [chosen("build.log")] });

    await worker.runAll();

    const [attachment] = await findAttachments(worker.db, ticket);
    expect(attachment).toMatchObject({ name: "build.log", size: LOG.length, sha256: SHA256 });
    expect(attachment?.state).toBe("delivered");
    const [shared] = sharedFiles();
    expect(worker.simulator.world.file(shared ?? "").bytes?.toString()).toBe(LOG);
    expect(triageText()).toContain("• build.log ・ 10 KB ・ 受け取り済み");
    expect(cardText()).toContain("添付ファイル：1個");
  });

  it("leaves no bytes in the database", async () => {
    await fileTicket(worker.db, { files: [chosen("build.log")] });

    await worker.runAll();

    const { rows } = await sql<{ xml: string }>`
      select database_to_xml(true, false, '')::text as xml`.execute(worker.db);
    expect(rows[0]?.xml).toContain(SHA256);
    expect(rows[0]?.xml).not.toContain(LOG.slice(0, 60));
    expect(rows[0]?.xml).not.toContain(Buffer.from(LOG).toString("base64").slice(0, 60));
  });

  it.each([
    ["once.before-send", 1],
    ["once.after-send", 1],
    ["job.before-finish", 1],
  ] as const)("stands there once when each of its workers dies at %s", async (point, times) => {
    await fileTicket(worker.db, { files: [chosen("build.log"), chosen("build.log")] });
    dieAt(point, times, ["ticket.fetch-file", "ticket.share-file", "ticket.check-file"]);

    await worker.runAll();

    expect(sharedFiles()).toHaveLength(2);
    expect(await states()).toEqual(["delivered", "delivered"]);
  });

  it("stands there once when it is shared before its dead worker is followed", async () => {
    await fileTicket(worker.db, { files: [chosen("build.log")] });
    const cards = ["ticket.post-card", "ticket.link-card", "ticket.post-triage-card"] as const;
    for (const name of ["ticket.file", ...cards] as const) await worker.runFirst(name);
    dieAt("job.before-finish", 1, ["ticket.fetch-file"]);

    await worker.runFirst("ticket.fetch-file");
    await worker.runFirst("ticket.share-file");
    await worker.runAll();

    expect(sharedFiles()).toHaveLength(1);
    expect(await states()).toEqual(["delivered"]);
  });

  it("stands there once when Slack's answer to the share was lost", async () => {
    await fileTicket(worker.db, { files: [chosen("build.log")] });
    const method = "files.completeUploadExternal";
    worker.simulator.faults.add({ kind: "accepted-then-dropped", method, times: 1 });

    await worker.runAll();

    expect(sharedFiles()).toHaveLength(1);
    expect(await states()).toEqual(["delivered"]);
  });

  it("is uploaded again when its upload has not lived until the agents' channel was mended", async () => {
    await fileTicket(worker.db, { files: [chosen("build.log")] });
    await worker.runFirst("ticket.file");
    await worker.runFirst("ticket.fetch-file");
    const [upload] = worker.simulator.world.files().filter(({ uploadKey }) => uploadKey);
    worker.simulator.world.changeFile(upload?.id ?? "", { userId: "U0NOBODY" });

    await worker.runAll();

    expect(sharedFiles()).toHaveLength(1);
    expect(await states()).toEqual(["delivered"]);
  });

  it("is given up, and that is said, when what Slack keeps is another", async () => {
    await fileTicket(worker.db, { files: [chosen("build.log")] });
    const tamper = () => {
      for (const id of sharedFiles()) worker.simulator.world.changeBytes(id, "something else");
    };
    onFaultPoint(async () => tamper());

    await worker.runAll();

    expect(await states()).toEqual(["undelivered"]);
    expect(threadText()).toMatch(/build\.log.*届けられませんでした.*参照番号 [0-9a-f]{8}/);
  });
});

describe("a file of a ticket, where the desk takes files", () => {
  beforeEach(async () => {
    worker = await openTicketWorker({ filesToDesk: true });
  });

  it("is at the desk, whose own count is what was sent", async () => {
    await fileTicket(worker.db, { files: [chosen("build.log")] });

    await worker.runAll();

    expect(worker.book.held).toMatchObject([
      { files: [{ name: "build.log", mediaType: "text/plain", size: LOG.length, sha256: SHA256 }] },
    ]);
    expect(sharedFiles()).toEqual([]);
    expect(await states()).toEqual(["delivered"]);
  });

  it("waits for its ticket, and no other file waits with it", async () => {
    const waiting = await fileTicket(worker.db, { files: [chosen("waiting.log")] });
    const job = await worker.db
      .selectFrom("job")
      .select("lane")
      .where("name", "=", "ticket.fetch-file")
      .executeTakeFirst();

    await worker.runFirst("ticket.fetch-file");
    const after = await worker.db
      .selectFrom("job")
      .select(["lane", "last_error"])
      .where("name", "=", "ticket.fetch-file")
      .executeTakeFirst();

    expect(job?.lane).toBe("method/T0ACME/files.info");
    expect(after).toMatchObject({
      lane: null,
      last_error: expect.stringContaining("not at the desk"),
    });
    await worker.runAll();
    expect(await findAttachments(worker.db, waiting)).toMatchObject([{ state: "delivered" }]);
  });

  it.each([
    ["once.before-send", 1],
    ["once.after-send", 1],
    ["job.before-finish", 1],
  ] as const)("is there once when its worker dies at %s", async (point, times) => {
    await fileTicket(worker.db, { files: [chosen("build.log")] });
    dieAt(point, times, ["ticket.fetch-file"]);

    await worker.runAll();

    expect(worker.book.held).toMatchObject([{ files: [{ sha256: SHA256 }] }]);
    expect(worker.book.held[0]?.files).toHaveLength(1);
    expect(await states()).toEqual(["delivered"]);
  });

  it("is given up, and that is said by its name, when the desk keeps another", async () => {
    worker.book.attach = () => ({ size: LOG.length, sha256: "0".repeat(64), isNew: true });
    await fileTicket(worker.db, { files: [chosen("build.log")] });

    await worker.runAll();

    expect(await states()).toEqual(["undelivered"]);
    expect(threadText()).toMatch(/build\.log.*届けられませんでした.*参照番号 [0-9a-f]{8}/);
  });

  it("is refused in words when the desk refuses it, and the ticket is filed", async () => {
    await fileTicket(worker.db, { files: [chosen("build.log")] });
    await worker.runFirst("ticket.file");
    worker.book.faults.push("refuse");

    await worker.runAll();

    expect(await states()).toEqual(["desk-refused"]);
    expect(threadText()).toMatch(/build\.log.*窓口で受け付けられませんでした/);
    expect(worker.book.held).toHaveLength(1);
  });
});

describe("a file that is not passed on", () => {
  beforeEach(async () => {
    worker = await openTicketWorker();
  });

  it("is named in the thread once, in the reader's language, and the others go on", async () => {
    const files = [chosen("<!channel> *setup*.exe"), chosen("build.log")];
    const ticket = await fileTicket(worker.db, { files });

    await worker.runAll();

    expect(await states()).toEqual(["forbidden-type", "delivered"]);
    expect(threadText()).toBe(
      "ファイル「&lt;!channel&gt; ∗setup∗.exe」は、サポートに届いていません。理由：プログラム、スクリプト、Webページは受け付けていません。お問い合わせの受け付けには影響ありません。",
    );
    expect(triageText()).toContain("• &lt;!channel&gt; ∗setup∗.exe ・ 受け取れません：プログラム");
    expect(cardText()).toContain(ticket.number);
    expect(cardText()).toContain("添付ファイル：1個");
  });

  it.each([
    ["deleted", { mode: "deleted" }, "gone"],
    ["a tombstone", { mode: "tombstone" }, "gone"],
    ["external", { mode: "external" }, "elsewhere"],
    ["of a workspace that does not show it", { mode: "file_access" }, "elsewhere"],
    ["not where the app is", { shares: [{ channel: "C0ACMERANDOM", ts: "1.1" }] }, "gone"],
    ["larger than ten megabytes", { size: 10_485_761 }, "too-large"],
    ["empty", { size: 0 }, "empty"],
    ["shorter than announced", { size: LOG.length + 1 }, "wrong-length"],
  ] as const)("is said when it is %s", async (_how, change, why) => {
    const id = chosen("build.log");
    worker.simulator.world.changeFile(id, change as never);
    await fileTicket(worker.db, { files: [id] });

    await worker.runAll();

    expect(await states()).toEqual([why]);
    expect(threadText()).toMatch(/サポートに届いていません/);
    expect(cardText()).not.toContain("添付ファイル");
    expect(sharedFiles()).toEqual([]);
  });

  it("is said when Slack answers with its sign-in page, with status 200", async () => {
    const id = chosen("build.log");
    worker.simulator.world.changeFile(id, { isClosed: true });
    await fileTicket(worker.db, { files: [id] });

    await worker.runAll();

    expect(await states()).toEqual(["unreadable"]);
  });

  it("may be tried again by an operator when it was given up", async () => {
    const ticket = await fileTicket(worker.db, { files: [chosen("build.log")] });
    const method = "files.getUploadURLExternal";
    const fault = worker.simulator.faults.add({ kind: "500", method });
    await worker.runFirst("ticket.fetch-file");
    await sql`update job set dead_at = deskline_now() where name = 'ticket.fetch-file'`.execute(
      worker.db,
    );
    await sql`update attachment set state = 'refused', why = 'undelivered'`.execute(worker.db);
    worker.simulator.faults.end(fault);
    await sql`update job set dead_at = null where name = 'ticket.fetch-file'`.execute(worker.db);

    await worker.runAll();

    expect(await findAttachments(worker.db, ticket)).toMatchObject([
      { state: "delivered", why: null },
    ]);
    expect(cardText()).toContain("添付ファイル：1個");
  });
});

/** Each job of these names fails once at this point, as if its worker had died. */
function dieAt(point: FaultPoint, times: number, names: string[]): void {
  const died = new Map<string, number>();
  onFaultPoint(async (at) => {
    if (at !== point) return;
    const { rows } = await sql<{ id: string; name: string }>`
      select id, name from job where claim is not null and done_at is null`.execute(worker.db);
    for (const { id, name } of rows) {
      const before = died.get(id) ?? 0;
      if (!names.includes(name) || before >= times) continue;
      died.set(id, before + 1);
      throw new Error(`died at ${point}`);
    }
  });
}

function chosen(name: string): string {
  return worker.simulator.as("U0HANA").chooseFile({ name, bytes: Buffer.from(LOG) });
}

/** What stands in the agents' channel, in any thread. */
function sharedFiles(): string[] {
  return worker.simulator.world.messages(AGENTS).flatMap(({ fileIds = [] }) => fileIds);
}

async function states(): Promise<(string | null)[]> {
  const rows = await worker.db
    .selectFrom("attachment")
    .select(["state", "why"])
    .orderBy("seq")
    .execute();
  return rows.map(({ state, why }) => why ?? state);
}

function cardText(): string {
  return textOf(worker.simulator.world.messages(HELP)[0]?.blocks);
}

function threadText(): string {
  const replies = worker.simulator.world.messages(HELP).filter(({ threadTs }) => threadTs);
  return replies.map(({ text }) => text).join("\n");
}

function triageText(): string {
  return textOf(worker.simulator.world.messages(AGENTS)[0]?.blocks);
}
