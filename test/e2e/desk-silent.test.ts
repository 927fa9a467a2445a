import { expect, it } from "vitest";
import type { Desk } from "#desk/desk.ts";
import { RetryLater, Silence } from "#errors.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { createDeskBook, type DeskBook } from "../support/desk-book.ts";
import { FAKE_DESK_SECRET, startFakeDesk } from "../support/fake-desk.ts";
import { memoryDesk } from "../support/memory-desk.ts";
import { textOf, walk } from "../support/ticket-walk.ts";
import { fileTicket } from "../support/tickets.ts";

const PLACES = 20; // of a worker
const MANY = 3 * PLACES;
const GENERAL = "C0ACMEGEN";
const SAVED = "内容は保存しました。サポートへの登録に時間がかかっています。";
const WAIT = { timeout: 30_000 };

it("posts to Slack while more filings wait for a silent desk than the worker has places", async () => {
  const book = createDeskBook();
  const silent = createSilentDesk(book);
  await using app = await startTestApp({ desk: silent.desk, paced: false });
  const w = walk(app);
  const hana = w.as("U0HANA");
  await fileMany(app);
  await expect.poll(silent.asked, WAIT).toBe(PLACES);

  silent.endCalls();
  const number = await w.file(hana, GENERAL, "待つ人");
  const card = await w.card(hana, GENERAL, number);

  expect(textOf(card.blocks)).toContain(SAVED);
  expect(silent.asked()).toBeLessThanOrEqual(PLACES + 1); // one finds out whether it is back
  silent.wake();
  await expect.poll(() => book.held.length, WAIT).toBe(MANY + 1);
});

it("asks a desk that takes calls and answers none for a part of them, and files all when it answers", async () => {
  await using desk = await startFakeDesk();
  const { faults, held } = desk.book;
  faults.push(...Array.from({ length: 1000 }, () => "hang" as const));
  const asked = () => 1000 - faults.length;
  const env = {
    DESK: "http",
    DESK_URL: desk.url,
    DESK_SECRET: FAKE_DESK_SECRET,
    HTTP_TIMEOUT_MS: "3000",
  };
  await using app = await startTestApp({ env, paced: false });
  await fileMany(app);

  await expect.poll(() => countPostponed(app), WAIT).toBe(MANY);
  expect(asked()).toBeLessThan(MANY);
  faults.length = 0;

  await expect.poll(() => held.length, WAIT).toBe(MANY);
});

async function fileMany({ db }: TestApp): Promise<void> {
  for (let n = 0; n < MANY; n++) await fileTicket(db);
}

async function countPostponed({ db }: TestApp): Promise<number> {
  const rows = await db
    .selectFrom("job")
    .select("id")
    .where("name", "=", "ticket.file")
    .where("last_error", "is not", null)
    .execute();
  return rows.length;
}

/** Keeps every call waiting until it wakes; `endCalls` is the time-out of those under way. */
function createSilentDesk(book: DeskBook) {
  const able = memoryDesk(book);
  const waiting = new Set<PromiseWithResolvers<void>>();
  let asked = 0;
  let isAwake = false;

  function endAll(end: (call: PromiseWithResolvers<void>) => void): void {
    for (const call of waiting) end(call);
    waiting.clear();
  }
  const desk: Desk = {
    ...able,
    async create(ticket, signal) {
      asked += 1;
      const call = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => call.reject(new RetryLater("stopped")));
      if (!isAwake) {
        waiting.add(call);
        await call.promise;
      }
      return able.create(ticket, signal);
    },
  };
  return {
    desk,
    asked: () => asked,
    endCalls: () => endAll((call) => call.reject(new Silence("no answer"))),
    wake() {
      isAwake = true;
      endAll((call) => call.resolve());
    },
  };
}
