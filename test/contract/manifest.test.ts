import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Ajv } from "ajv";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { FILE_TICKET_STEP, StepDraft } from "#tickets/step-run.ts";
import schema from "./slack/manifest.schema.2.0.0.json" with { type: "json" };
import { type Manifest, manifestFaults, type Uses } from "./slack/manifest-faults.ts";
import { usesOfCode } from "./slack/uses-of-code.ts";

const run = promisify(execFile);
const isManifest = new Ajv({ strict: false, formats: { uri: true } }).compile(schema);
const REQUEST_URL = "https://desk.example.com/slack/events";

type WithStep = {
  functions: Record<string, { input_parameters: { properties: Record<string, unknown> } }>;
};
let socketMode: Manifest;
let http: Manifest;
let japanese: Manifest;
let uses: Uses;
beforeAll(async () => {
  socketMode = await printed();
  http = await printed("--url", "https://desk.example.com/");
  japanese = await printed("--language", "ja", "--url", "https://desk.example.com/");
  uses = await usesOfCode();
});

const variants: [string, () => Manifest][] = [
  ["for Socket Mode", () => socketMode],
  ["for HTTP", () => http],
  ["in Japanese", () => japanese],
];

describe.each(variants)("the manifest %s", (_name, manifest) => {
  it("is one by the official schema", () => {
    isManifest(manifest());

    expect(isManifest.errors ?? []).toEqual([]);
  });

  it("asks exactly what the code needs", () => {
    expect(manifestFaults(manifest(), uses)).toEqual([]);
  });
});

describe("the manifest with the step for Workflow Builder", () => {
  it("is one by the official schema, and asks for what the step reads", async () => {
    const manifest = (await printed("--workflow-step")) as Manifest & WithStep;
    isManifest(manifest);

    expect(isManifest.errors ?? []).toEqual([]);
    expect(manifestFaults(manifest, uses)).toEqual([]);
    expect(manifest.settings).toMatchObject({ org_deploy_enabled: true });
    const { input_parameters: inputs } = manifest.functions[FILE_TICKET_STEP] ?? {};
    const read = [...Object.keys(StepDraft.shape), "requester", "channel"];
    expect(Object.keys(inputs?.properties ?? {}).sort()).toEqual(read.sort());
  });

  it("goes with either way in, and stands only in the one that was asked for", async () => {
    expect(await printed("--workflow-step", "--url", "https://desk.example.com")).toMatchObject({
      functions: { file_ticket: { title: "File a support ticket" } },
      settings: { socket_mode_enabled: false },
    });
    expect(socketMode).not.toHaveProperty("functions");
  });
});

describe("the two ways in", () => {
  it("leave no address with Socket Mode", () => {
    expect(socketMode).toMatchObject({
      settings: { socket_mode_enabled: true, interactivity: { is_enabled: true } },
    });
    expect(JSON.stringify(socketMode)).not.toContain("http");
  });

  it("lead everything to one address over HTTP", () => {
    expect(http).toMatchObject({
      features: { slash_commands: uses.commands.map(() => ({ url: REQUEST_URL })) },
      settings: {
        socket_mode_enabled: false,
        event_subscriptions: { request_url: REQUEST_URL },
        interactivity: { is_enabled: true, request_url: REQUEST_URL },
      },
    });
  });

  it.each([
    "http://desk.example.com",
    "desk.example.com",
    "https://u@desk.example.com",
    "https://a/?b",
  ])("refuse %s as an address", async (url) => {
    await expect(printed("--url", url)).rejects.toMatchObject({ code: 1 });
  });
});

describe("the check of the manifest", () => {
  it("finds a scope that is dropped, one that is added and one that is asked twice", () => {
    for (const scope of scopes(socketMode)) {
      const less = withScopes(scopes(socketMode).filter((each) => each !== scope));
      expect(manifestFaults(less, uses)).toEqual([`scope missing: ${scope}`]);
      const twice = withScopes([...scopes(socketMode), scope]);
      expect(manifestFaults(twice, uses)).toEqual([`scope twice: ${scope}`]);
    }
    for (const scope of ["users:read.email", "mpim:history", "pins:write", "chat:write.public"]) {
      const more = withScopes([...scopes(socketMode), scope]);
      expect(manifestFaults(more, uses)).toEqual([`scope not needed: ${scope}`]);
    }
  });

  it("finds an event that is dropped or added", () => {
    const { bot_events: events } = socketMode.settings.event_subscriptions;
    for (const event of events) {
      const less = withEvents(events.filter((each) => each !== event));
      expect(manifestFaults(less, uses)).toEqual([`event missing: ${event}`]);
    }
    expect(manifestFaults(withEvents([...events, "team_join"]), uses)).toEqual([
      "event not needed: team_join",
    ]);
  });

  it("finds a command that nobody hears", () => {
    const heard = uses.commands.filter((name) => name !== "/ticket");

    expect(manifestFaults(socketMode, { ...uses, commands: heard })).toEqual([
      "command not needed: /ticket",
    ]);
  });

  it("finds a shortcut that nobody hears, and one that the manifest does not know of", () => {
    expect(manifestFaults(socketMode, { ...uses, shortcuts: ["other"] })).toEqual([
      "shortcut missing: other",
      ...uses.shortcuts.map((each) => `shortcut not needed: ${each}`),
    ]);
  });

  it("finds a method, an event and a command that the manifest does not know of", () => {
    const more: Uses = {
      methods: [...uses.methods, "users.list"],
      events: [...uses.events, "team_join"],
      commands: [...uses.commands, "/status"],
      shortcuts: uses.shortcuts,
      scopes: uses.scopes,
    };

    expect(manifestFaults(socketMode, more)).toEqual([
      "command missing: /status",
      "event missing: team_join",
      "scope missing: (unknown: the event team_join is not listed here)",
      "scope missing: (unknown: methods.json has no users.list)",
    ]);
  });

  it("reads the code's own calls", () => {
    expect(uses.methods).toEqual(expect.arrayContaining(["chat.postMessage", "users.info"]));
    expect(uses.events).toEqual(expect.arrayContaining(["message", "tokens_revoked"]));
    expect(uses.commands).toContain("/support-access");
  });

  it("has a schema that refuses what is no manifest", () => {
    const [command] = socketMode.features.slash_commands;
    const long = { ...command, command: `/${"x".repeat(40)}` };

    expect(isManifest({ ...socketMode, features: { slash_commands: [long] } })).toBe(false);
    expect(isManifest({ ...socketMode, settings: { socket_mode: true } })).toBe(false);
  });
});

async function printed(...options: string[]): Promise<Manifest> {
  const { stdout } = await run(process.execPath, ["src/cli.ts", "manifest", ...options]);
  return parse(stdout);
}

function scopes(manifest: Manifest): string[] {
  return manifest.oauth_config.scopes.bot;
}

function withScopes(bot: string[]): Manifest {
  return { ...socketMode, oauth_config: { scopes: { bot } } };
}

function withEvents(bot_events: string[]): Manifest {
  return { ...socketMode, settings: { event_subscriptions: { bot_events } } };
}
