import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import type { DeskChange } from "#desk/desk.ts";
import { Problem, RetryLater } from "#errors.ts";
import {
  type DeskWorld,
  expectHeld,
  file,
  someComment,
  someDeletion,
  someEdit,
  someFacts,
  somePriority,
  someStatus,
  someTicket,
  someTopic,
  soon,
} from "./desk-world.ts";

/** What is typed anywhere must arrive as it is: nothing escaped, cut, trimmed or normalised on its way. */
const typedTexts = {
  Japanese: "ログインできません。（ﾊﾝｶｸ）",
  emoji: "👩🏽‍💻🇯🇵 e\u0301 — and é",
  "right to left": "\u202bמערכת ההפעלה\u202c نظام",
  "3,000 characters": "長い文章。".repeat(600),
  "Slack's live words": "<!channel> <@U1> <https://evil.example|https://bank.example> &amp; &",
  "spaces and lines": "  first\n\n\tsecond\r\n ",
  "quotes and backslashes": `"'\\u0041\\ \${x} %00 '); drop table ticket; --`,
};

/** What every desk does. Each is a plain function, so that it can also be shown to fail on a wrong desk. */
export const deskClaims = {
  "files a ticket and says where it is": async (world) => {
    const ticket = someTicket();

    const filed = await world.desk.create(ticket, soon());

    expect(filed.id).toMatch(/\S/);
    await expectHeld(world, [{ ticket, changes: [] }]);
  },

  "files once when asked twice": async (world) => {
    const ticket = someTicket();

    const first = await world.desk.create(ticket, soon());
    const again = await world.desk.create(ticket, soon());

    expect(again).toEqual(first);
    expect(await world.held()).toHaveLength(1);
  },

  "files once when eight ask at the same time": async (world) => {
    const ticket = someTicket();

    const filed = await Promise.all(
      Array.from({ length: 8 }, () => world.desk.create(ticket, soon())),
    );

    expect(new Set(filed.map(({ id }) => id)).size).toBe(1);
    expect(await world.held()).toHaveLength(1);
  },

  "files once when its answer was lost": async (world) => {
    const ticket = someTicket();
    await world.failNext("lose");

    await expect(world.desk.create(ticket, soon())).rejects.toBeInstanceOf(RetryLater);
    const filed = await world.desk.create(ticket, soon());

    expect(filed.id).toMatch(/\S/);
    await expectHeld(world, [{ ticket, changes: [] }]);
  },

  "tells tickets apart by their id alone": async (world) => {
    const one = await world.desk.create(someTicket(), soon());
    const twin = await world.desk.create(someTicket({ number: "DL-1043" }), soon());

    expect(twin.id).not.toBe(one.id);
    expect(await world.held()).toHaveLength(2);
  },

  "keeps changes in order, each once": async (world) => {
    const ticket = someTicket();
    const filed = await file(world.desk, ticket);
    const changes = [
      ...[someComment("one"), someStatus("pending"), someComment("two")],
      ...[someFacts("limited"), somePriority("high", "contact-absent"), someTopic("請求")],
    ];

    for (const change of [...changes, ...changes]) await world.desk.change(filed, change, soon());

    await expectHeld(world, [{ ticket, changes }]);
  },

  "keeps no words of what was deleted, in any version": async (world) => {
    const ticket = someTicket();
    const filed = await file(world.desk, ticket);
    const [slip, other] = [someComment("pass-4711"), someComment("still there")];
    const edit = someEdit(slip.changeId, "pass-4712");
    const otherEdit = someEdit(other.changeId, "still there, edited");
    const deletion = someDeletion(slip.changeId);

    for (const change of [slip, other, edit, otherEdit, deletion, deletion]) {
      await world.desk.change(filed, change, soon());
    }

    const gone = [slip, edit].map((change) => ({ ...change, body: "" }) as DeskChange); // both have one
    const [first, next] = [gone[0] ?? slip, gone[1] ?? edit];
    await expectHeld(world, [{ ticket, changes: [first, other, next, otherEdit, deletion] }]);
  },

  "adds a change once when eight tell it at the same time": async (world) => {
    const ticket = someTicket();
    const filed = await file(world.desk, ticket);
    const change = someComment("once");

    await Promise.all(Array.from({ length: 8 }, () => world.desk.change(filed, change, soon())));

    await expectHeld(world, [{ ticket, changes: [change] }]);
  },

  "adds a change once when its answer was lost": async (world) => {
    const ticket = someTicket();
    const filed = await file(world.desk, ticket);
    const change = someComment("once");
    await world.failNext("lose");

    await expect(world.desk.change(filed, change, soon())).rejects.toBeInstanceOf(RetryLater);
    await world.desk.change(filed, change, soon());

    await expectHeld(world, [{ ticket, changes: [change] }]);
  },

  "adds a change to the ticket it is about": async (world) => {
    const [first, second] = [someTicket(), someTicket({ number: "DL-1043" })];
    await file(world.desk, first);
    const filed = await file(world.desk, second);
    const change = someStatus("solved");

    await world.desk.change(filed, change, soon());

    await expectHeld(world, [
      { ticket: first, changes: [] },
      { ticket: second, changes: [change] },
    ]);
  },

  "says later when it is busy, with the wait it was told": async (world) => {
    await world.failNext("busy");

    const error = await errorOf(world.desk.create(someTicket(), soon()));

    expect(error).toBeInstanceOf(RetryLater);
    expect(error).toHaveProperty("afterMs", world.busyForMs);
    await expectHeld(world, []);
  },

  "says no with the facts of the sentence": async (world) => {
    await world.failNext("refuse");

    const error = await errorOf(world.desk.create(someTicket({ number: "DL-7" }), soon()));

    expectRefusal(error, "DL-7");
    await expectHeld(world, []);
  },

  "refuses a change to a ticket it does not hold": async (world) => {
    const stranger = { ...someTicket(), id: "X-1" };

    const error = await errorOf(world.desk.change(stranger, someComment("hello?"), soon()));

    expectRefusal(error, stranger.number);
    await expectHeld(world, []);
  },

  "keeps what was typed as it was typed": async (world) => {
    const sent = Object.values(typedTexts).map((typed) => ({
      ticket: someTicket({ subject: typed, description: typed }),
      changes: [someComment(typed)],
    }));

    for (const { ticket, changes } of sent) {
      const filed = await file(world.desk, ticket);
      for (const change of changes) await world.desk.change(filed, change, soon());
    }

    await expectHeld(world, sent);
  },

  "lets go at the signal when it hangs": async (world) => {
    await world.failNext("hang");
    const signal = AbortSignal.timeout(200);

    const ended = errorOf(world.desk.create(someTicket(), signal));

    expect(await Promise.race([ended, setTimeout(1500, "still waiting")])).toBeInstanceOf(
      RetryLater,
    );
  },

  "does nothing when it was stopped before": async (world) => {
    const error = await errorOf(world.desk.create(someTicket(), AbortSignal.abort()));

    expect(error).toBeInstanceOf(RetryLater);
    await expectHeld(world, []);
  },
} satisfies Record<string, (world: DeskWorld) => Promise<void>>;
export type DeskClaim = keyof typeof deskClaims;

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail("the call succeeded"),
    (error: unknown) => error,
  );
}

function expectRefusal(error: unknown, number: string): void {
  expect(error).toBeInstanceOf(Problem);
  expect(error).toMatchObject({
    code: "desk-refused",
    facts: { number, reference: expect.stringMatching(/^\S{4,}$/) },
  });
}
