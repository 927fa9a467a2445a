import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { Problem, RetryLater } from "#errors.ts";
import { type DeskWorld, file, someComment, someStatus, someTicket, soon } from "./desk-world.ts";

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
  "files a ticket and says where it is": async ({ desk, held }) => {
    const ticket = someTicket();

    const filed = await desk.create(ticket, soon());

    expect(filed.id).toMatch(/\S/);
    expect(await held()).toEqual([{ ticket, changes: [] }]);
  },

  "files once when asked twice": async ({ desk, held }) => {
    const ticket = someTicket();

    const first = await desk.create(ticket, soon());
    const again = await desk.create(ticket, soon());

    expect(again).toEqual(first);
    expect(await held()).toHaveLength(1);
  },

  "files once when eight ask at the same time": async ({ desk, held }) => {
    const ticket = someTicket();

    const filed = await Promise.all(Array.from({ length: 8 }, () => desk.create(ticket, soon())));

    expect(new Set(filed.map(({ id }) => id)).size).toBe(1);
    expect(await held()).toHaveLength(1);
  },

  "files once when its answer was lost": async ({ desk, held, failNext }) => {
    const ticket = someTicket();
    await failNext("lose");

    await expect(desk.create(ticket, soon())).rejects.toBeInstanceOf(RetryLater);
    const filed = await desk.create(ticket, soon());

    expect(filed.id).toMatch(/\S/);
    expect(await held()).toEqual([{ ticket, changes: [] }]);
  },

  "tells tickets apart by their id alone": async ({ desk, held }) => {
    const one = await desk.create(someTicket(), soon());
    const twin = await desk.create(someTicket({ number: "DL-1043" }), soon());

    expect(twin.id).not.toBe(one.id);
    expect(await held()).toHaveLength(2);
  },

  "keeps changes in order, each once": async ({ desk, held }) => {
    const ticket = await file(desk);
    const changes = [someComment("one"), someStatus("pending"), someComment("two")];

    for (const change of [...changes, ...changes]) await desk.change(ticket, change, soon());

    expect((await held())[0]?.changes).toEqual(changes);
  },

  "adds a change once when eight tell it at the same time": async ({ desk, held }) => {
    const ticket = await file(desk);
    const change = someComment("once");

    await Promise.all(Array.from({ length: 8 }, () => desk.change(ticket, change, soon())));

    expect((await held())[0]?.changes).toEqual([change]);
  },

  "adds a change once when its answer was lost": async ({ desk, held, failNext }) => {
    const ticket = await file(desk);
    const change = someComment("once");
    await failNext("lose");

    await expect(desk.change(ticket, change, soon())).rejects.toBeInstanceOf(RetryLater);
    await desk.change(ticket, change, soon());

    expect((await held())[0]?.changes).toEqual([change]);
  },

  "adds a change to the ticket it is about": async ({ desk, held }) => {
    await file(desk);
    const second = await file(desk, someTicket({ number: "DL-1043" }));
    const change = someStatus("solved");

    await desk.change(second, change, soon());

    expect((await held()).map(({ changes }) => changes)).toEqual([[], [change]]);
  },

  "says later when it is busy, with the wait it was told": async (world) => {
    await world.failNext("busy");

    const error = await errorOf(world.desk.create(someTicket(), soon()));

    expect(error).toBeInstanceOf(RetryLater);
    expect(error).toHaveProperty("afterMs", world.busyForMs);
    expect(await world.held()).toEqual([]);
  },

  "says no with the facts of the sentence": async ({ desk, held, failNext }) => {
    await failNext("refuse");

    const error = await errorOf(desk.create(someTicket({ number: "DL-7" }), soon()));

    expectRefusal(error, "DL-7");
    expect(await held()).toEqual([]);
  },

  "refuses a change to a ticket it does not hold": async ({ desk, held }) => {
    const stranger = { ...someTicket(), id: "X-1" };

    const error = await errorOf(desk.change(stranger, someComment("hello?"), soon()));

    expectRefusal(error, stranger.number);
    expect(await held()).toEqual([]);
  },

  "keeps what was typed as it was typed": async ({ desk, held }) => {
    for (const typed of Object.values(typedTexts)) {
      const ticket = await file(desk, someTicket({ subject: typed, description: typed }));
      await desk.change(ticket, someComment(typed), soon());
    }

    const kept = (await held()).map(({ ticket, changes: [change] }) => [
      ticket.subject,
      ticket.description,
      change?.kind === "comment" && change.body,
    ]);
    expect(kept).toEqual(Object.values(typedTexts).map((typed) => [typed, typed, typed]));
  },

  "lets go at the signal when it hangs": async ({ desk, failNext }) => {
    await failNext("hang");
    const signal = AbortSignal.timeout(200);

    const ended = errorOf(desk.create(someTicket(), signal));

    expect(await Promise.race([ended, setTimeout(1500, "still waiting")])).toBeInstanceOf(
      RetryLater,
    );
  },

  "does nothing when it was stopped before": async ({ desk, held }) => {
    const error = await errorOf(desk.create(someTicket(), AbortSignal.abort()));

    expect(error).toBeInstanceOf(RetryLater);
    expect(await held()).toEqual([]);
  },
} satisfies Record<string, (world: DeskWorld) => Promise<void>>;

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
