import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createInstallations } from "#accounts/installations.ts";
import {
  disconnectedNotice,
  findConnectedInstallation,
  saveInstallation,
} from "#accounts/store.ts";
import { createNotices, findOpenNotices } from "#db/notices.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { seedAccounts } from "../support/tickets.ts";

const TEAM = "T0ACME";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await seedAccounts(test.db);
});
afterAll(() => test[Symbol.asyncDispose]());

it("keeps the notice of an ended token until the app is installed again, whoever looks meanwhile", async () => {
  const notices = createNotices(test.db, pino({ level: "silent" }));
  const installations = createInstallations(test.db, notices);
  const installation = await findConnectedInstallation(test.db, TEAM);
  if (!installation) throw new Error("it is seeded");

  // Somebody who looked before the end was written may read "connected" after it was said.
  await notices.raise(disconnectedNotice(TEAM), TEAM);
  await installations.find(TEAM);
  const ended = await findOpenNotices(test.db);
  await saveInstallation(test.db, { ...installation, botToken: "xoxb-new" });

  expect(ended).toEqual([{ key: `workspace-disconnected:${TEAM}`, detail: TEAM }]);
  expect(await findOpenNotices(test.db)).toEqual([]);
  expect(await findConnectedInstallation(test.db, TEAM)).toMatchObject({ botToken: "xoxb-new" });
});
