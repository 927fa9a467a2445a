import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hasAccountAt, isFreeAt } from "#accounts/ask.ts";
import { openPolicy } from "#accounts/policy-source.ts";
import { parsePolicy } from "#accounts/policy-yaml.ts";
import { findConnectedInstallation, findNamedAdmins } from "#accounts/store.ts";
import { saveAccountsOf } from "#accounts/store-policy.ts";
import { findAccountLines } from "#cli/store.ts";
import { createNotices, findOpenNotices } from "#db/notices.ts";
import { submitTicket } from "#tickets/submit.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { quiet } from "../support/jobs.ts";
import { DRAFT, fileTicket, seedAccounts } from "../support/tickets.ts";

let database: TestDatabase;
let folder: string;
let file: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "deskline-policy-"));
  file = join(folder, "policy.yaml");
  await seedAccounts(database.db);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  const { db } = database;
  for (const table of ["account_workspace", "account_channel", "account_admin"] as const)
    await db.deleteFrom(table).execute();
  await db.updateTable("account").set({ plan: "paid" }).execute();
});

describe("the accounts of the policy", () => {
  it("are saved with their plans and places, and change with the file", async () => {
    const { db } = database;
    await save(`
default_plan: free
accounts:
  - id: gamma
    name: Gamma
    workspaces: [T0GAMMA]
    channels: [T0KUMO/C0GAMMA, T0KUMO/C0OLD]
    admins: [T0GAMMA/U0DANA]
  - { id: acme, name: Acme K.K., plan: paid }`);

    expect(await lineOf("gamma")).toMatchObject({
      name: "Gamma",
      plan: "free",
      workspaces: ["T0GAMMA"],
      channels: ["T0KUMO/C0GAMMA", "T0KUMO/C0OLD"],
    });
    expect(await lineOf("acme")).toMatchObject({ name: "Acme K.K.", plan: "paid" });
    expect(await findNamedAdmins(db, "gamma")).toEqual([{ teamId: "T0GAMMA", userId: "U0DANA" }]);

    await save(`
accounts:
  - { id: gamma, name: Gamma, plan: paid, channels: [T0KUMO/C0GAMMA] }
  - { id: acme, name: Acme, channels: [T0KUMO/C0OLD] }`);

    expect(await lineOf("gamma")).toMatchObject({
      plan: "paid",
      workspaces: [],
      channels: ["T0KUMO/C0GAMMA"],
      admins: [],
    });
    expect(await lineOf("acme")).toMatchObject({ channels: ["T0KUMO/C0OLD"] });
  });

  it("lose their places when the file no longer names them, and keep their tickets", async () => {
    const { db } = database;
    await save(
      "accounts:\n  - { id: acme, name: Acme, workspaces: [T0ACME, T0EXTRA], admins: [T0ACME/U0DANA] }",
    );
    const ticket = await fileTicket(db);

    await save("accounts: []");

    expect(await lineOf("acme")).toMatchObject({
      channels: [],
      admins: [],
      workspaces: ["T0ACME"],
    }); // installed for it
    expect(await hasAccountAt(db, { teamId: "T0EXTRA", channelId: "C1" })).toBe(false);
    expect(await lineOf("beta")).toMatchObject({ workspaces: ["T0BETA"] });
    expect(ticket.accountId).toBe("acme");
  });

  it("leave accounts alone that the file does not name", async () => {
    const before = await lineOf("beta");

    await save("accounts:\n  - { id: delta, name: Delta }");

    expect(await lineOf("beta")).toEqual(before);
  });

  it("own a workspace before the app is installed there, and whatever it was installed for", async () => {
    const { db } = database;
    await save("accounts:\n  - { id: delta, name: Delta, workspaces: [T0DELTA, T0BETA] }");

    expect(await hasAccountAt(db, { teamId: "T0DELTA", channelId: "C0ANY" })).toBe(true);
    expect((await findConnectedInstallation(db, "T0BETA"))?.accountId).toBe("delta");
    expect((await fileTicket(db, { teamId: "T0BETA" })).accountId).toBe("delta");
    expect(await lineOf("beta")).toMatchObject({ workspaces: [] });
  });

  it("file nothing on the free plan, and are told so", async () => {
    const { db } = database;
    await save("accounts:\n  - { id: acme, name: Acme, plan: free }");
    const place = { teamId: "T0ACME", channelId: "C0ACMEHELP" };
    const requester = { userId: "U0HANA", name: "Hana", language: "en" as const };
    const count = async () => (await db.selectFrom("ticket").select("id").execute()).length;
    const before = await count();

    const filing = submitTicket(db, DRAFT, { key: "V1", ...place, requester });

    await expect(filing).rejects.toMatchObject({ code: "free-plan" });
    const nobody = { key: "V2", teamId: "T0NOBODY", channelId: "C1", requester };
    await expect(submitTicket(db, DRAFT, nobody)).rejects.toMatchObject({ code: "no-account" });
    expect(await isFreeAt(db, place)).toBe(true);
    expect(await count()).toBe(before);
    const taken = await db.selectFrom("inbox").select("key").where("key", "=", "V1").execute();
    expect(taken).toEqual([]);
  });
});

describe("the policy file", () => {
  it("does not start with faults, or without a file", async () => {
    await writeFile(file, "topics: none");

    await expect(open(file)).rejects.toThrow(
      `The policy has faults:\n${file}:1:9: "topics" must be a list.`,
    );
    await expect(open(join(folder, "nowhere.yaml"))).rejects.toThrow(
      /cannot be read: there is no such file/,
    );
  });

  it("is read again when it changes; with faults, what was in force stays and the operator is told", async () => {
    const notices = () => findOpenNotices(database.db);
    await writeFile(file, topics("one"));
    using policy = await open(file);
    const names = () => policy.now().topics.map(({ id }) => id);
    expect(names()).toEqual(["one"]);

    await writeFile(file, "topics: none");
    await expect
      .poll(notices, { timeout: 15_000 })
      .toEqual([{ key: "policy-faulty", detail: expect.stringContaining(`${file}:1:9:`) }]);
    expect(names()).toEqual(["one"]);

    await writeFile(file, topics("two"));
    await expect.poll(names).toEqual(["two"]);
    await expect.poll(notices).toEqual([]);
  }, 60_000);

  it("is absent where none is set: everybody files", async () => {
    using policy = await open(undefined);

    expect(policy.now()).toMatchObject({ default_plan: "paid", topics: [] });
  });
});

function open(path: string | undefined) {
  const { db } = database;
  return openPolicy(path, { db, notices: createNotices(db, quiet), log: quiet });
}

function topics(id: string): string {
  return `topics:\n  - { id: ${id}, name: { en: ${id}, ja: ${id} } }`;
}

async function save(text: string): Promise<void> {
  const read = parsePolicy(text);
  if ("faults" in read) throw new Error(JSON.stringify(read.faults));
  await saveAccountsOf(database.db, read.policy);
}

async function lineOf(id: string) {
  return (await findAccountLines(database.db)).find((line) => line.id === id);
}
