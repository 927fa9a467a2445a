import { expect, it } from "vitest";
import { readConfig } from "#config.ts";
import { deskSettings } from "#desk/desks.ts";

const least = {
  SLACK_BOT_TOKEN: "xoxb-of-nobody",
  SLACK_SIGNING_SECRET: "a-signing-secret",
  SLACK_AGENTS_CHANNEL: "C0AGENTS",
};

it("takes what no start goes without", () => {
  expect(namedIn(least)).toEqual([]);
});

it("names everything that is wrong at once, the desk's and what does not go together as well", () => {
  const env = {
    ...least,
    PORT: "abc",
    REDIS_URL: "redis://x",
    DESKLINE_ROLE: "worker",
    DESK: "http",
  };

  expect(namedIn(env)).toEqual(["PORT", "REDIS_URL", "DESKLINE_ROLE", "DESK_URL", "DESK_SECRET"]);
});

it.each([{ DESKLINE_ROLE: "boss" }, { DATABASE_URL: "mysql://x", DESKLINE_ROLE: "web" }])(
  "says of %j what is wrong, and nothing that follows from it",
  (wrong) => {
    expect(namedIn({ ...least, ...wrong })).toEqual([Object.keys(wrong)[0]]);
  },
);

it("does not take one port for two things, unless the machine chooses them", () => {
  expect(namedIn({ ...least, PORT: "3000", METRICS_PORT: "3000" })).toEqual(["METRICS_PORT"]);
  expect(namedIn({ ...least, METRICS_PORT: "3000" })).toEqual(["METRICS_PORT"]);
  expect(namedIn({ ...least, PORT: "0", METRICS_PORT: "0" })).toEqual([]);
});

it.each(["0x7531", "1e3", "-1", "65536", "3000.5", "+1"])("does not take %s for a port", (port) => {
  expect(namedIn({ ...least, PORT: port })).toEqual(["PORT"]);
});

it.each(["postgres://", "postgres:", "postgresql:///", "postgres://?sslmode=require"])(
  "does not take %s for the address of a database",
  (url) => {
    expect(namedIn({ ...least, DATABASE_URL: url })).toEqual(["DATABASE_URL"]);
  },
);

it.each([
  "postgres://db",
  "postgresql:///deskline",
  "postgres://me:word@db:5432/deskline?sslmode=require",
  "postgres:///deskline?host=/run/postgresql",
])("takes %s for the address of a database", (url) => {
  expect(namedIn({ ...least, DATABASE_URL: url })).toEqual([]);
});

/** The settings that we are told about, a line each. */
function namedIn(env: Record<string, string>): string[] {
  try {
    readConfig(deskSettings, env);
    return [];
  } catch (error) {
    return [...String(error).matchAll(/^ {2}(\w+): /gm)].map(([, name = ""]) => name);
  }
}
