import { randomBytes, randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterEach, expect, it } from "vitest";
import { type FaultPoint, onFaultPoint } from "#fault-points.ts";
import { letGo, sendNow } from "#tickets/compose.ts";
import { type OutgoingRef, saveOutgoing } from "#tickets/store-outgoing.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { textOf } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

const LOG = randomBytes(2000).toString("hex");

let worker: TicketWorker;
afterEach(async () => {
  onFaultPoint(undefined);
  await worker[Symbol.asyncDispose]();
});

it.each([
  "upload.before-send",
  "upload.after-send",
  "once.before-send",
  "once.after-send",
  "job.before-finish",
] as const)(
  "an agent's files reach the customer once each when every worker dies at %s",
  async (point) => {
    worker = await openTicketWorker({ filesToDesk: true });
    await say(["one.log", "two.log"]);
    dieAt(point, ["ticket.send-file", "ticket.show-file"]);

    await worker.runAll();

    expect(inCustomersThread()).toEqual(["one.log", "two.log"]);
    expect(await states()).toEqual(["sent", "sent"]);
    expect(worker.book.held[0]?.files.map(({ name }) => name)).toEqual(["one.log", "two.log"]);
  },
);

it("once when Slack's answer to the share was lost", async () => {
  worker = await openTicketWorker({ filesToDesk: true });
  await say(["one.log"]);
  const method = "files.completeUploadExternal";
  worker.simulator.faults.add({ kind: "accepted-then-dropped", method, times: 1 });

  await worker.runAll();

  expect(inCustomersThread()).toEqual(["one.log"]);
  expect(await states()).toEqual(["sent"]);
});

it("is uploaded again when its upload has not lived until the card was there", async () => {
  worker = await openTicketWorker({ filesToDesk: true });
  await say(["one.log"], { isCardThere: false });
  await worker.runFirst("ticket.send-comment");
  await worker.runFirst("ticket.send-file");
  const [upload] = worker.simulator.world.files().filter(({ uploadKey }) => uploadKey);
  worker.simulator.world.changeFile(upload?.id ?? "", { userId: "U0NOBODY" });

  await worker.runAll();

  expect(inCustomersThread()).toEqual(["one.log"]);
  expect(await states()).toEqual(["sent"]);
});

it("goes into the thread of the new card when the old one is gone", async () => {
  worker = await openTicketWorker({ filesToDesk: true });
  await say(["one.log"]);
  await worker.runFirst("ticket.send-comment");
  await worker.runFirst("ticket.send-file");
  const [card] = worker.simulator.world.messages(HELP);
  worker.simulator.world.deleteMessage(HELP, card?.ts ?? "");

  await worker.runAll();

  expect(inCustomersThread()).toEqual(["one.log"]);
  expect(await states()).toEqual(["sent"]);
});

it("is none of the customer's attachments, which alone both cards count and list", async () => {
  worker = await openTicketWorker({ filesToDesk: true });
  const hana = worker.simulator.as("U0HANA");
  const theirs = hana.chooseFile({ name: "theirs.log", bytes: Buffer.from(LOG) });
  await say(["ours.log"], { files: [theirs] });

  await worker.runAll();

  const [card] = worker.simulator.world.messages(HELP);
  expect(textOf(card?.blocks)).toContain("添付ファイル：1個");
  const [triage] = worker.simulator.world.messages(AGENTS);
  expect(textOf(triage?.blocks)).toContain("theirs.log");
  expect(textOf(triage?.blocks)).not.toContain("ours.log");
  const atDesk = worker.book.held[0]?.files.map(({ name }) => name);
  expect(atDesk).toEqual(["theirs.log", "ours.log"]);
});

it("is told to the agents when the desk alone does not take it", async () => {
  worker = await openTicketWorker({ filesToDesk: true });
  await say(["one.log"]);
  await worker.runFirst("ticket.send-comment");
  await worker.runFirst("ticket.send-file");
  worker.book.faults.push("refuse");
  await worker.runFirst("ticket.fetch-file");

  await worker.runAll();

  expect(inCustomersThread()).toEqual(["one.log"]);
  const told = worker.simulator.world.messages(AGENTS).map(({ text }) => text);
  expect(told.join("\n")).toMatch(/ファイル「one\.log」は、サポートに届いていません。/);
});

it("is told to the agents with a reference when it was given up, and not to the customer", async () => {
  worker = await openTicketWorker({ filesToDesk: true });
  await say(["one.log"]);
  await worker.runFirst("ticket.send-comment");
  await worker.runFirst("ticket.send-file");
  await sql`update sent_file set upload_id = null`.execute(worker.db); // what no run can go on with

  await worker.runAll();

  expect(await states()).toEqual(["refused"]);
  const told = worker.simulator.world.messages(AGENTS).map(({ text }) => text);
  expect(told.join("\n")).toMatch(
    /\*Aki\* さんのファイル「one\.log」は、お客様に届いていません。理由：.*（参照番号 [0-9a-f]{8}）/,
  );
  expect(inCustomersThread()).toEqual([]);
});

/** An agent has sent these with some words, and does not wait until they cannot be undone. */
async function say(
  names: string[],
  { isCardThere = true, files: theirs = [] as string[] } = {},
): Promise<void> {
  const ticket = await fileTicket(worker.db, {
    ...{ teamId: "T0ACME", channelId: HELP, files: theirs },
  });
  if (isCardThere) await worker.runAll();
  const aki = worker.simulator.as("U0AKI");
  const files = names.map((name) => ({
    id: aki.chooseFile({ name, bytes: Buffer.from(LOG) }),
    name,
  }));
  const outgoing = await saveOutgoing(worker.db, ticket, {
    ...{ team_id: "T0KUMO", view_id: randomUUID(), step: "reply", helps: null, body: "See these." },
    ...{ files, author_user_id: "U0AKI", author_name: "Aki" },
  });
  const { accountId, ticketId } = ticket;
  const ref: OutgoingRef = { accountId, ticketId, outgoingId: outgoing?.id ?? "" };
  await letGo(worker.db, ref, { undoSeconds: 10 });
  await sendNow(worker.db, ref);
}

/** Files of the app's, in the order in which they stand there. */
function inCustomersThread(): string[] {
  const { world } = worker.simulator;
  return world
    .messages(HELP)
    .filter(({ threadTs }) => threadTs)
    .flatMap(({ fileIds = [] }) => fileIds.map((id) => world.file(id).name));
}

async function states(): Promise<string[]> {
  const rows = await worker.db.selectFrom("sent_file").select("state").orderBy("seq").execute();
  return rows.map(({ state }) => state);
}

/** Each job of these names fails once at this point, as if its worker had died. */
function dieAt(point: FaultPoint, names: string[]): void {
  const died = new Set<string>();
  onFaultPoint(async (at) => {
    if (at !== point) return;
    const { rows } = await sql<{ id: string; name: string }>`
      select id, name from job where claim is not null and done_at is null`.execute(worker.db);
    const next = rows.find(({ id, name }) => names.includes(name) && !died.has(id));
    if (!next) return;
    died.add(next.id);
    throw new Error(`died at ${point}`);
  });
}
