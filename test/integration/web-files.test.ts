import { createHash, randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FaultPoint, onFaultPoint } from "#fault-points.ts";
import { findAttachments } from "#tickets/store-files.ts";
import { AGENTS } from "../support/app.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { type Filed, fileTicket } from "../support/tickets.ts";

const LOG = randomBytes(5000).toString("hex");
const POINTS = ["web-file.before-send", "web-file.after-send"] as const;

let worker: TicketWorker;
let ticket: Filed;
afterEach(async () => {
  onFaultPoint(undefined);
  await worker[Symbol.asyncDispose]();
});

describe("a file of the page, where the desk is embedded", () => {
  beforeEach(async () => {
    worker = await openTicketWorker();
    ticket = await fileTicket(worker.db);
  });

  it("is shared once and looked at, before and after the triage card stands", async () => {
    await pass("early.log", "early");
    await worker.runAll();
    await pass("late.log", "late");
    await worker.runAll();

    expect(sharedFiles().map(bytesOf)).toEqual(["early", "late"]);
    expect(await states()).toEqual(["delivered", "delivered"]);
  });

  it.each(POINTS)("is there once when it is sent again after a death at %s", async (point) => {
    await dieAt(point, () => pass("build.log"));
    await pass("build.log");
    await pass("build.log");
    await worker.runAll();
    await pass("build.log");
    await worker.runAll();

    expect(sharedFiles().map(bytesOf)).toEqual([LOG]);
    expect(await states()).toEqual(["delivered"]);
  });

  it("is there once when two send it at the same time", async () => {
    await worker.runAll();
    await Promise.all([pass("build.log"), pass("build.log")]);
    await worker.runAll();

    expect(sharedFiles().map(bytesOf)).toEqual([LOG]);
  });

  it.each(POINTS)(
    "is said to be lost when nobody sends it again after %s, and may come later",
    async (point) => {
      await dieAt(point, () => pass("build.log"));
      expect(await states()).toEqual(["waiting"]);

      await worker.runAll(); // its quarter of an hour is over at once here
      expect(await states()).toEqual(["interrupted"]);
      expect(threadText()).toMatch(/build\.log.*途中で送信が止まりました/);

      await pass("build.log");
      await worker.runAll();
      expect(await states()).toEqual(["delivered"]);
      expect(sharedFiles().map(bytesOf)).toEqual([LOG]);
    },
  );

  it("is asked for again when its upload has not lived until it could be shared", async () => {
    await pass("build.log");
    const [upload] = worker.simulator.world.files().filter(({ uploadKey }) => uploadKey);
    worker.simulator.world.changeFile(upload?.id ?? "", { userId: "U0NOBODY" });

    await worker.runAll();
    expect(await states()).toEqual(["interrupted"]);

    await pass("build.log");
    await worker.runAll();
    expect(await states()).toEqual(["delivered"]);
    expect(sharedFiles()).toHaveLength(1);
  });
});

describe("a file of the page, where the desk takes files", () => {
  beforeEach(async () => {
    worker = await openTicketWorker({ filesToDesk: true });
    ticket = await fileTicket(worker.db);
    await worker.runAll();
  });

  it.each(POINTS)("is there once when it is sent again after a death at %s", async (point) => {
    await dieAt(point, () => pass("build.log"));
    await pass("build.log");
    await worker.runAll();

    expect(worker.book.held[0]?.files).toMatchObject([{ name: "build.log", sha256: hashOf(LOG) }]);
    expect(await states()).toEqual(["delivered"]);
  });

  it("is there once when its answer was lost, and waits when the desk is busy", async () => {
    worker.book.faults.push("lose", "busy");
    await expect(pass("build.log")).rejects.toThrow("answer was lost");
    await expect(pass("build.log")).rejects.toThrow("busy");
    await pass("build.log");

    expect(worker.book.held[0]?.files).toHaveLength(1);
    expect(await states()).toEqual(["delivered"]);
  });

  it("is refused at once where the desk refuses it, or keeps another, and may be sent again", async () => {
    worker.book.faults.push("refuse");
    const refused = await pass("no.log", "no");
    const attach = worker.book.attach;
    worker.book.attach = () => ({ size: 1, sha256: "0".repeat(64), isNew: true });
    const other = await pass("other.log", "other");
    worker.book.attach = attach;
    expect([refused, other]).toMatchObject([
      { refusal: { name: "no.log", why: "desk-refused" }, isKnown: true },
      { refusal: { name: "other.log", why: "undelivered" }, isKnown: true },
    ]);
    expect(await states()).toEqual(["desk-refused", "undelivered"]);

    await pass("no.log", "no");
    await worker.runAll();
    expect(await states()).toEqual(["delivered", "undelivered"]);
  });
});

function pass(name: string, content = LOG) {
  const bytes = Buffer.from(content);
  const sent = { name, said: "text/plain", bytes, sha256: hashOf(content) };
  return worker.webFiles.passOn(ticket, sent);
}

/** As if the web process had died there. */
async function dieAt(point: FaultPoint, act: () => Promise<unknown>): Promise<void> {
  onFaultPoint(async (at) => {
    if (at === point) throw new Error(`died at ${point}`);
  });
  await expect(act()).rejects.toThrow(`died at ${point}`);
  onFaultPoint(undefined);
}

async function states(): Promise<(string | null)[]> {
  const found = await findAttachments(worker.db, ticket);
  return found.map(({ state, why }) => why ?? state);
}

function sharedFiles(): string[] {
  return worker.simulator.world.messages(AGENTS).flatMap(({ fileIds = [] }) => fileIds);
}

function bytesOf(id: string): string | undefined {
  return worker.simulator.world.file(id).bytes?.toString();
}

function threadText(): string {
  return worker.simulator.world
    .messages("C0ACMEHELP")
    .map(({ text }) => text)
    .join("\n");
}

function hashOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
