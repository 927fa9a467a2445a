import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import type { DeskFile } from "#desk/desk.ts";
import { Problem, RetryLater } from "#errors.ts";
import {
  type FileDeskWorld,
  file,
  someFile,
  someFileDeletion,
  someTicket,
  soon,
} from "./desk-world.ts";

/** What a desk does that takes files. */
export const fileClaims = {
  "keeps a file as it was sent, and says what it keeps": async (world) => {
    const ticket = await file(world.desk);
    const sent = someFile(randomBytes(100_000));

    const kept = await attach(world, ticket, sent);

    expect(kept).toMatchObject({ size: sent.size, sha256: sent.sha256 });
    expect(await world.heldFiles()).toMatchObject([{ files: [asKept(sent)] }]);
  },

  "keeps one of ten megabytes": async (world) => {
    const ticket = await file(world.desk);
    const sent = someFile(randomBytes(10 * 1024 * 1024));

    await attach(world, ticket, sent);

    expect(await world.heldFiles()).toMatchObject([{ files: [asKept(sent)] }]);
  },

  "keeps a file once when it comes twice, and says the same": async (world) => {
    const ticket = await file(world.desk);
    const sent = someFile(Buffer.from("log"));

    const first = await attach(world, ticket, sent);
    const again = await attach(world, ticket, sent);

    expect(again).toEqual(first);
    await expectFiles(world, [sent]);
  },

  "keeps a file once when its answer was lost": async (world) => {
    const ticket = await file(world.desk);
    const sent = someFile(Buffer.from("log"));
    await world.failNext("lose");

    await expect(attach(world, ticket, sent)).rejects.toBeInstanceOf(RetryLater);
    await attach(world, ticket, sent);

    await expectFiles(world, [sent]);
  },

  "keeps two files of one name and content": async (world) => {
    const ticket = await file(world.desk);
    const bytes = Buffer.from("the same");

    for (const sent of [someFile(bytes), someFile(bytes)]) await attach(world, ticket, sent);

    expect((await world.heldFiles())[0]?.files).toHaveLength(2);
  },

  "keeps a file with the ticket it came for": async (world) => {
    await file(world.desk);
    const ticket = await file(world.desk, someTicket({ number: "DL-1043" }));
    const sent = someFile(Buffer.from("log"));

    await attach(world, ticket, sent);

    expect(await world.heldFiles()).toMatchObject([{ files: [] }, { files: [asKept(sent)] }]);
  },

  "keeps nothing of a file that was taken back, and all of the others": async (world) => {
    const ticket = await file(world.desk);
    const [slip, other] = [someFile(Buffer.from("key")), someFile(Buffer.from("log"))];
    const deletion = someFileDeletion(slip.attachmentId);
    for (const sent of [slip, other]) await attach(world, ticket, sent);

    for (const change of [deletion, deletion]) await world.desk.change(ticket, change, soon());

    await expectFiles(world, [other]);
    expect((await world.heldFiles())[0]?.files).toHaveLength(1);
  },

  "keeps nothing of it when its answer was lost": async (world) => {
    const ticket = await file(world.desk);
    const slip = someFile(Buffer.from("key"));
    const deletion = someFileDeletion(slip.attachmentId);
    await attach(world, ticket, slip);
    await world.failNext("lose");

    await expect(world.desk.change(ticket, deletion, soon())).rejects.toBeInstanceOf(RetryLater);
    await world.desk.change(ticket, deletion, soon());

    expect(await world.heldFiles()).toMatchObject([{ files: [] }]);
  },

  "says later when it is busy with a file": async (world) => {
    const ticket = await file(world.desk);
    await world.failNext("busy");

    await expect(attach(world, ticket, someFile(Buffer.from("log")))).rejects.toBeInstanceOf(
      RetryLater,
    );
    await expectFiles(world, []);
  },

  "refuses a file with the ticket's number": async (world) => {
    const ticket = await file(world.desk);
    await world.failNext("refuse");

    const error = await attach(world, ticket, someFile(Buffer.from("log"))).catch((e) => e);

    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: "desk-refused", facts: { number: ticket.number } });
    await expectFiles(world, []);
  },
} satisfies Record<string, (world: FileDeskWorld) => Promise<void>>;

async function attach(
  { desk }: FileDeskWorld,
  ticket: Awaited<ReturnType<typeof file>>,
  sent: DeskFile,
) {
  if (!desk.attach) expect.fail("this desk takes no files");
  return desk.attach(ticket, sent, soon());
}

async function expectFiles(world: FileDeskWorld, sent: DeskFile[]): Promise<void> {
  const [only] = await world.heldFiles();
  expect(only?.files).toMatchObject(sent.map(asKept));
}

function asKept({ attachmentId, name, mediaType, size, sha256 }: DeskFile) {
  return { attachmentId, name, mediaType, size, sha256 };
}
