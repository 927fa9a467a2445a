import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parsePolicy } from "#accounts/policy-yaml.ts";
import { saveAccountsOf } from "#accounts/store-policy.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

const KEY = "a key of billing";
const GAMMA = {
  name: "Gamma",
  plan: "free",
  workspaces: ["T0GAMMA"],
  channels: ["T0KUMO/C0GAMMA"],
  admins: ["T0GAMMA/U0DANA"],
  contacts: ["T0GAMMA/U0DANA", "T0GAMMA/U0TOM"],
  domains: ["gamma.example"],
  addresses: ["gamma.person@gmail.com"],
};

let app: TestApp;
beforeAll(async () => {
  const keys = `other:${sha256("another key")}, billing:${sha256(KEY)}`;
  app = await startTestApp({ env: { DESKLINE_API_KEYS: keys } });
});
afterAll(() => app[Symbol.asyncDispose]());

describe("PUT /v1/accounts/{id}", () => {
  it("makes an account, changes it as a whole, and tells the history who did", async () => {
    const made = await put("gamma", GAMMA);
    expect(made).toEqual({ status: 200, body: { id: "gamma", ...GAMMA } });
    expect(await get("gamma")).toEqual({ status: 200, body: { id: "gamma", ...GAMMA } });

    const changed = await put("gamma", { name: "Gamma K.K.", plan: "paid" });
    const people = { admins: [], contacts: [], domains: [], addresses: [] };
    const none = { workspaces: [], channels: [], ...people };
    expect(changed.body).toEqual({ id: "gamma", name: "Gamma K.K.", plan: "paid", ...none });

    const history = await app.db
      .selectFrom("account_history")
      .select(["event", "actor_name"])
      .where("account_id", "=", "gamma")
      .execute();
    expect(history).toEqual(Array(2).fill({ event: "set-by-api", actor_name: "billing" }));
  });

  it("leaves the same when it comes twice, or 20 times at once", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => put("gamma", GAMMA)));

    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect((await get("gamma")).body).toEqual({ id: "gamma", ...GAMMA });
  });

  it("wins over the policy file", async () => {
    await put("acme", { name: "Acme", plan: "free" });

    await saveAccountsOf(app.db, policyWith("acme"));
    await saveAccountsOf(app.db, policyWith("delta"));

    expect((await get("acme")).body).toMatchObject({ name: "Acme", plan: "free" });
    expect((await get("delta")).body).toMatchObject({ name: "By the file", plan: "paid" });
  });

  it("says all that is wrong, and changes nothing", async () => {
    await put("gamma", GAMMA);

    const answer = await put("gamma", {
      plan: "gold",
      channels: ["C1"],
      colour: "red",
      domains: ["gmail.com", "gamma"],
      addresses: ["gamma"],
    });

    expect(answer).toEqual({
      status: 400,
      body: {
        errors: expect.arrayContaining([
          { path: "name", message: '"name" is missing.' },
          { path: "plan", message: "Must be free or paid." },
          { path: "channels.0", message: "Must look like T0123ABCD/C0123ABCD." },
          {
            path: "domains.0",
            message: "Anybody can have an address there. Name single addresses instead.",
          },
          { path: "domains.1", message: "Must look like example.com." },
          { path: "addresses.0", message: "Must look like name@example.com." },
          { path: "colour", message: '"colour" is nothing that can be set here.' },
        ]),
      },
    });
    expect((await get("gamma")).body).toEqual({ id: "gamma", ...GAMMA });
  });

  it.each([
    ["an id that is none", "Not%20An%20Id", JSON.stringify(GAMMA), 400],
    ["no JSON", "gamma", "{", 400],
    ["a list", "gamma", "[]", 400],
    ["nothing", "gamma", "", 400],
    ["another id inside", "gamma", JSON.stringify({ ...GAMMA, id: "acme" }), 200],
    ["a prototype", "gamma", '{"name":"G","plan":"paid","__proto__":{"plan":"free"}}', 400],
    ["too much", "gamma", JSON.stringify({ ...GAMMA, name: "x".repeat(2 ** 21) }), 413],
  ])("answers %s", async (_what, id, body, status) => {
    const answer = await ask(`/v1/accounts/${id}`, { method: "PUT", body });

    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body).toMatchObject({ id: "gamma" });
  });
});

describe("the REST API", () => {
  it.each([
    ["no key", {}],
    ["a wrong key", { authorization: "Bearer wrong" }],
    ["the hash in place of the key", { authorization: `Bearer ${sha256(KEY)}` }],
    ["an empty key", { authorization: "Bearer " }],
  ])("refuses %s", async (_what, headers) => {
    const answer = await ask("/v1/accounts/acme", { method: "GET", headers });

    expect(answer.status).toBe(401);
    expect(JSON.stringify(answer.body)).toContain("DESKLINE_API_KEYS");
  });

  it("knows no other address and no other method", async () => {
    expect((await ask("/v1/accounts/nobody")).status).toBe(404);
    expect((await ask("/v1/constructor/acme")).status).toBe(404);
    expect((await ask("/v1/accounts")).status).toBe(404);
    const deleted = await fetch(`${origin()}/v1/accounts/acme`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${KEY}` },
    });
    expect([deleted.status, deleted.headers.get("allow")]).toEqual([405, "GET, PUT"]);
  });

  it("is not there without keys", async () => {
    await using without = await startTestApp();

    const answer = await fetch(`http://127.0.0.1:${without.app.port}/v1/accounts/acme`);

    expect(answer.status).toBe(404);
  });
});

function policyWith(id: string) {
  const read = parsePolicy(`accounts:\n  - { id: ${id}, name: By the file, plan: paid }`);
  if ("faults" in read) throw new Error(JSON.stringify(read.faults));
  return read.policy;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function origin(): string {
  return `http://127.0.0.1:${app.app.port}`;
}

const put = (id: string, body: unknown) =>
  ask(`/v1/accounts/${id}`, { method: "PUT", body: JSON.stringify(body) });
const get = (id: string) => ask(`/v1/accounts/${id}`);

async function ask(
  path: string,
  { method = "GET", body, headers = { authorization: `Bearer ${KEY}` } }: Asked = {},
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${origin()}${path}`, { method, headers, ...(body && { body }) });
  const text = await answer.text();
  return { status: answer.status, body: text && JSON.parse(text) };
}
type Asked = { method?: string; body?: string; headers?: Record<string, string> };
