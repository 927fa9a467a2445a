import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findOutsideWrite } from "#jobs/outside-writes.ts";
import { MARK, settleMarked } from "#slack/messenger.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test[Symbol.asyncDispose]());

describe("a message that comes back with our mark", () => {
  it("settles its intent", async () => {
    const key = await intended();

    await settleMarked(test.db, { ...marked(key), bot_id: "B0OURS" }, "B0OURS");

    expect(await findOutsideWrite(test.db, key)).toMatchObject({ reference: { ts: "1.000100" } });
  });

  it.each([
    ["another app", { bot_id: "B0OTHER" }, "B0OURS"],
    ["a person", {}, "B0OURS"],
    ["nobody we know", {}, undefined],
  ])("settles nothing when %s wrote it", async (_who, by, ours) => {
    const key = await intended();

    await settleMarked(test.db, { ...marked(key), ...by }, ours);

    expect(await findOutsideWrite(test.db, key)).toMatchObject({ reference: null });
  });

  it("does not change what is settled", async () => {
    const key = await intended();
    await settleMarked(test.db, { ...marked(key), bot_id: "B0OURS" }, "B0OURS");

    await settleMarked(test.db, { ...marked(key), ts: "9.000100", bot_id: "B0OURS" }, "B0OURS");

    expect(await findOutsideWrite(test.db, key)).toMatchObject({ reference: { ts: "1.000100" } });
  });
});

function marked(key: string) {
  return { ts: "1.000100", metadata: { event_type: MARK, event_payload: { key } } };
}

async function intended(): Promise<string> {
  const key = randomUUID();
  await test.db
    .insertInto("outside_write")
    .values({ key, reference: null, referenced_at: null })
    .execute();
  return key;
}
