import { WebClient } from "@slack/web-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "#simulator/simulator.ts";
import { AGENTS, EXT_BETA, HELP, RANDOM } from "../support/app.ts";
import { bareManifest } from "../support/bare-app.ts";

const PNG = Buffer.from("89504e470d0a1a0a0000000d", "hex");
const manifest = { ...bareManifest, scopes: [...bareManifest.scopes, "files:read", "files:write"] };

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ manifest, paced: false });
});
afterAll(() => simulator[Symbol.asyncDispose]());

describe("a person's file", () => {
  it("is told of by its id, and fetched with the token of a workspace that sees it", async () => {
    const id = chosen();
    await simulator.as("U0HANA").send(HELP, "See here", undefined, [id]);

    const { file } = await app("T0ACME").files.info({ file: id });

    expect(file).toMatchObject({ id, name: "error.png", size: PNG.length, mimetype: "image/png" });
    expect(await fetched(file?.url_private_download, simulator.tokens.T0ACME)).toEqual(PNG);
  });

  it.each([
    ["without a token", undefined],
    ["with another workspace's", "T0KUMO"],
  ])("comes as a sign-in page with status 200 %s", async (_how, teamId) => {
    const id = chosen();
    const { file } = await app("T0ACME").files.info({ file: id });

    const page = await fetched(file?.url_private_download, teamId && simulator.tokens[teamId]);

    expect(page.toString()).toContain("Sign in");
  });

  it("is not found where the app is not, nor once it is deleted", async () => {
    const elsewhere = chosen();
    await simulator.as("U0HANA").send(RANDOM, "", undefined, [elsewhere]);
    const deleted = chosen();
    simulator.world.changeFile(deleted, { mode: "deleted" });

    const asked = [elsewhere, deleted, "F0NOBODY"].map((file) =>
      app("T0ACME").files.info({ file }),
    );

    expect(await Promise.all(asked.map(errorOf))).toEqual([
      "file_not_found",
      "file_deleted",
      "file_not_found",
    ]);
  });

  it("stands in the message, but only as an id when it is another workspace's", async () => {
    const own = simulator.as("U0AKI").chooseFile({ name: "a.txt", bytes: PNG });
    const theirs = simulator.as("U0SOL").chooseFile({ name: "b.txt", bytes: PNG });
    await simulator.as("U0AKI").send(EXT_BETA, "", undefined, [own]);
    await simulator.as("U0SOL").send(EXT_BETA, "", undefined, [theirs]);

    const { messages } = await app("T0KUMO").conversations.history({ channel: EXT_BETA });

    expect(messages).toMatchObject([
      { subtype: "file_share", files: [{ id: theirs, file_access: "check_file_info" }] },
      { subtype: "file_share", files: [{ id: own, name: "a.txt", file_access: "visible" }] },
    ]);
    expect((await app("T0KUMO").files.info({ file: theirs })).file?.name).toBe("b.txt");
  });

  it("cannot be sent by somebody who has not chosen it", async () => {
    const id = chosen();

    await expect(simulator.as("U0TOM").send(HELP, "", undefined, [id])).rejects.toThrow();
  });
});

describe("the app's file", () => {
  it("is uploaded, then shared in a thread", async () => {
    const root = await simulator.as("U0AKI").send(AGENTS, "Here");
    const { file_id: id = "", upload_url: url = "" } = await expected(PNG.length);
    const uploaded = await fetch(url, { method: "POST", body: PNG });

    await complete(id, root.ts);

    expect(uploaded.status).toBe(200);
    expect(simulator.as("U0AKI").thread(AGENTS, root.ts)).toMatchObject([
      {},
      { userId: "U0DLKUMO", text: "Look", files: [{ id, name: "log.txt", size: PNG.length }] },
    ]);
    const { file } = await app("T0KUMO").files.info({ file: id });
    expect(file).toMatchObject({ shares: { private: { [AGENTS]: [{ thread_ts: root.ts }] } } });
    expect(await fetched(file?.url_private_download, simulator.tokens.T0KUMO)).toEqual(PNG);
  });

  it("is none before its bytes have come, as many as were announced, nor twice", async () => {
    const { ts } = await simulator.as("U0AKI").send(AGENTS, "Here");
    const { file_id: id = "", upload_url: url = "" } = await expected(PNG.length);

    const early = await errorOf(complete(id, ts));
    const short = await fetch(url, { method: "POST", body: PNG.subarray(1) });
    await fetch(url, { method: "POST", body: PNG });
    await complete(id, ts);

    expect([early, short.status]).toEqual(["file_not_found", 400]);
    expect(await errorOf(complete(id, ts))).toBe("file_not_found");
  });

  it("is deleted by the app that uploaded it, once, and by no other", async () => {
    const root = await simulator.as("U0AKI").send(AGENTS, "Here");
    const { file_id: id = "", upload_url: url = "" } = await expected(PNG.length);
    await fetch(url, { method: "POST", body: PNG });
    await complete(id, root.ts);
    const theirs = simulator.as("U0AKI").chooseFile({ name: "a.txt", bytes: PNG });
    const { files } = app("T0KUMO");

    await files.delete({ file: id });

    const asked = [files.delete({ file: id }), files.delete({ file: theirs })];
    expect(await Promise.all(asked.map(errorOf))).toEqual(["file_deleted", "cant_delete_file"]);
    expect(await errorOf(files.info({ file: id }))).toBe("file_deleted");
    const { messages } = await app("T0KUMO").conversations.replies({
      channel: AGENTS,
      ts: root.ts,
    });
    expect(messages?.[1]).toMatchObject({ files: [{ id, mode: "tombstone" }] });
    expect(simulator.as("U0AKI").thread(AGENTS, root.ts)).toMatchObject([{}, { files: [] }]);
    expect(simulator.world.file(id).bytes).toBeUndefined();
  });
});

describe("a name and a picture of one's own", () => {
  const looks = { channel: HELP, text: "Hi", username: "Mia", icon_url: "https://a.example/1.png" };

  it("stand at a message of an app that may, and stay when it is edited", async () => {
    const scopes = [...manifest.scopes, "chat:write.customize"];
    await using own = await startSimulator({ manifest: { ...manifest, scopes }, paced: false });
    const client = new WebClient(own.tokens.T0ACME, { slackApiUrl: own.apiUrl });

    const { ts = "" } = await client.chat.postMessage(looks);
    await client.chat.update({ channel: HELP, ts, text: "Hello" });

    const [message] = (await client.conversations.history({ channel: HELP })).messages ?? [];
    expect(message).toMatchObject({
      ...{ subtype: "bot_message", username: "Mia", text: "Hello", bot_id: "B0DLACME" },
      icons: { image_48: "https://a.example/1.png" },
    });
    expect(message).not.toHaveProperty("user");
    const [shown] = own.as("U0HANA").messages(HELP);
    expect(shown).toMatchObject({ username: "Mia" });
    expect(shown).not.toHaveProperty("pictureUrl"); // the page fetches nothing from elsewhere
  });

  it("are left out without a word where the simulator is told to", async () => {
    await using own = await startSimulator({ manifest, paced: false, ignoresLooks: true });
    const client = new WebClient(own.tokens.T0ACME, { slackApiUrl: own.apiUrl });

    const { ok } = await client.chat.postMessage(looks);

    expect(ok).toBe(true);
    expect(own.as("U0HANA").messages(HELP)[0]).not.toHaveProperty("username");
  });
});

function chosen(): string {
  return simulator.as("U0HANA").chooseFile({ name: "error.png", bytes: PNG });
}

function expected(length: number) {
  return app("T0KUMO").files.getUploadURLExternal({ filename: "log.txt", length });
}

function complete(id: string, thread_ts: string) {
  return app("T0KUMO").files.completeUploadExternal({
    files: [{ id }],
    channel_id: AGENTS,
    thread_ts,
    initial_comment: "Look",
  });
}

function app(teamId: string): WebClient {
  return new WebClient(simulator.tokens[teamId], {
    slackApiUrl: simulator.apiUrl,
    retryConfig: { retries: 0 },
  });
}

async function fetched(url = "", token?: string): Promise<Buffer> {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  return Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
}

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail("the call succeeded"),
    (error) => error.data.error,
  );
}
