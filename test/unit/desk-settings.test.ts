import { describe, expect, it } from "vitest";
import { deskSettings } from "#desk/desks.ts";

const http = { DESK: "http", DESK_URL: "https://desk.example/in", DESK_SECRET: secretOf(32) };

it.each([{}, { DESK: "" }, { DESK: "embedded" }])("takes %j for our own desk", (env) => {
  expect(deskSettings.parse({ PATH: "/bin", ...env })).toEqual({ DESK: "embedded" });
});

it("takes the settings of the desk it names and no others", () => {
  expect(deskSettings.parse({ PATH: "/bin", ...http })).toEqual(http);
});

it("names the desks there are", () => {
  expect(faultsOf({ DESK: "constructor" })).toEqual({ DESK: ["Must be one of: embedded, http."] });
});

it("reports everything that is missing at once", () => {
  expect(Object.keys(faultsOf({ DESK: "http" }))).toEqual(["DESK_URL", "DESK_SECRET"]);
});

describe("DESK_URL", () => {
  it.each([
    "https://desk.example",
    "https://desk.example:8443/in?queue=1",
    "http://localhost:4000/",
    "http://127.0.0.1:4000/",
    "http://[::1]:4000/",
  ])("may be %s", (url) => {
    expect(faultsOf({ ...http, DESK_URL: url })).toEqual({});
  });

  it.each([
    "http://desk.example",
    "http://127.0.0.1.evil.example/",
    "http://localhost.evil.example/",
    "https://user:word@desk.example",
    "ftp://desk.example",
    "file:///etc/passwd",
    "desk.example",
    "",
  ])("may not be %j", (url) => {
    expect(faultsOf({ ...http, DESK_URL: url })).toHaveProperty("DESK_URL");
  });
});

describe("DESK_SECRET", () => {
  it.each([24, 32, 64])("may have %i bytes", (bytes) => {
    expect(faultsOf({ ...http, DESK_SECRET: secretOf(bytes) })).toEqual({});
  });

  it.each([
    ["short", secretOf(23)],
    ["long", secretOf(65)],
    ["without whsec_", secretOf(32).slice(6)],
    ["not base64", `whsec_${"ä".repeat(40)}`],
    ["nothing", "whsec_"],
  ])("may not be %s", (_what, secret) => {
    expect(faultsOf({ ...http, DESK_SECRET: secret })).toHaveProperty("DESK_SECRET");
  });

  it("is not repeated in what we say about it", () => {
    const secret = secretOf(65);

    expect(JSON.stringify(faultsOf({ ...http, DESK_SECRET: secret }))).not.toContain(secret);
  });
});

function faultsOf(env: Record<string, string>): Record<string, string[]> {
  const faults: Record<string, string[]> = {};
  for (const { path, message } of deskSettings.safeParse(env).error?.issues ?? []) {
    faults[path.join(".")] = [...(faults[path.join(".")] ?? []), message];
  }
  return faults;
}

function secretOf(bytes: number): string {
  return `whsec_${Buffer.alloc(bytes, 7).toString("base64")}`;
}
