import { WebClient } from "@slack/web-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "#simulator/simulator.ts";
import { bareManifest, ticketModal } from "../support/bare-app.ts";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ manifest: bareManifest, paced: false });
});

afterAll(() => simulator[Symbol.asyncDispose]());

describe("tokens and methods", () => {
  it.each([
    ["no token", undefined, "not_authed"],
    ["a made-up token", "xoxb-nobody", "invalid_auth"],
    ["the app token", "app", "not_allowed_token_type"],
  ])("refuses %s", async (_, token, error) => {
    const client = clientWith(token === "app" ? simulator.appToken : token);

    await expect(errorOf(client.auth.test())).resolves.toMatchObject({ error });
  });

  it("says token_revoked until the token is back", async () => {
    simulator.world.revokeToken("T0ACME");
    const revoked = await errorOf(acme().auth.test());
    simulator.world.restoreToken("T0ACME");

    expect(revoked.error).toBe("token_revoked");
    await expect(acme().auth.test()).resolves.toMatchObject({
      team_id: "T0ACME",
      user_id: "U0DLACME",
    });
  });

  it.each([
    ["an unknown method", "tickets.file", {}, { error: "unknown_method" }],
    ["an inherited name", "constructor", {}, { error: "unknown_method" }],
    [
      "an unknown argument",
      "users.info",
      { user: "U0HANA", colour: "red" },
      {
        error: "invalid_arguments",
        response_metadata: { messages: ["[ERROR] unknown argument: colour"] },
      },
    ],
    [
      "a missing argument",
      "chat.postMessage",
      { text: "x" },
      {
        error: "invalid_arguments",
        response_metadata: { messages: ["[ERROR] missing required field: channel"] },
      },
    ],
    [
      "an argument of a wrong type",
      "users.info",
      { user: "U0HANA", include_locale: "perhaps" },
      {
        error: "invalid_arguments",
        response_metadata: {
          messages: ["[ERROR] must be a boolean [json-pointer:/include_locale]"],
        },
      },
    ],
    [
      "a scope the manifest lacks",
      "team.info",
      {},
      { error: "missing_scope", needed: "team:read" },
    ],
    [
      "another workspace's id",
      "auth.test",
      { team_id: "T0KUMO" },
      { error: "team_access_not_granted" },
    ],
  ])("refuses %s", async (_, method, args, error) => {
    await expect(errorOf(acme().apiCall(method, args))).resolves.toMatchObject(error);
  });

  it("takes JSON as well as forms, but nothing else", async () => {
    const headers = { Authorization: `Bearer ${simulator.tokens.T0ACME}` };
    const call = (type: string, body: string) =>
      fetch(`${simulator.apiUrl}users.info`, {
        method: "POST",
        headers: { ...headers, "Content-Type": type },
        body,
      }).then((response) => response.json());

    await expect(call("application/json", '{"user":"U0HANA"}')).resolves.toMatchObject({
      ok: true,
    });
    await expect(call("application/json", "[]")).resolves.toMatchObject({
      error: "json_not_object",
    });
    await expect(call("text/plain", "user=U0HANA")).resolves.toMatchObject({
      error: "invalid_post_type",
    });
  });
});

describe("messages", () => {
  it.each([
    ["a channel of nowhere", { channel: "C0NOWHERE", text: "x" }, "channel_not_found"],
    ["another workspace's channel", { channel: "C0AGENTS", text: "x" }, "channel_not_found"],
    ["a private channel without us", { channel: "C0ACMELEADS", text: "x" }, "channel_not_found"],
    ["a public channel without us", { channel: "C0ACMERANDOM", text: "x" }, "not_in_channel"],
    ["nothing said", { channel: "C0ACMEHELP" }, "no_text"],
    ["blanks", { channel: "C0ACMEHELP", text: "  " }, "no_text"],
    ["40,001 characters", { channel: "C0ACMEHELP", text: "x".repeat(40_001) }, "msg_too_long"],
    [
      "a thread of nowhere",
      { channel: "C0ACMEHELP", text: "x", thread_ts: "1.000001" },
      "thread_not_found",
    ],
    [
      "metadata without payload",
      { channel: "C0ACMEHELP", text: "x", metadata: { event_type: "x" } },
      "invalid_metadata_schema",
    ],
    [
      "a name of one's own",
      { channel: "C0ACMEHELP", text: "x", username: "Boss" },
      "missing_scope",
    ],
  ])("refuses %s", async (_, args, error) => {
    await expect(errorOf(acme().apiCall("chat.postMessage", args))).resolves.toMatchObject({
      error,
    });
  });

  it("refuses bad blocks with a pointer to what is wrong", async () => {
    const blocks = [{ type: "section", text: { type: "mrkdwn", text: "x".repeat(3001) } }];

    const refused = await errorOf(
      acme().chat.postMessage({ channel: "C0ACMEHELP", text: "x", blocks }),
    );

    expect(refused).toMatchObject({
      error: "invalid_blocks",
      errors: ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"],
    });
  });

  it("refuses more than 12,000 characters of blocks", async () => {
    const blocks = Array.from({ length: 5 }, () => ({
      type: "section",
      text: { type: "mrkdwn", text: "x".repeat(2900) },
    }));

    const refused = await errorOf(
      acme().chat.postMessage({ channel: "C0ACMEHELP", text: "x", blocks }),
    );

    expect(refused.error).toBe("msg_blocks_too_long");
  });

  it("refuses an archived channel", async () => {
    simulator.world.archive("C0ACMEGEN");
    const refused = await errorOf(acme().chat.postMessage({ channel: "C0ACMEGEN", text: "x" }));
    simulator.world.archive("C0ACMEGEN", false);

    expect(refused.error).toBe("is_archived");
  });

  it("updates and deletes our own messages only, up to 4000 characters", async () => {
    const { ts } = await simulator.as("U0HANA").send("C0ACMEHELP", "mine");
    const own = await acme().chat.postMessage({ channel: "C0ACMEHELP", text: "ours" });
    const at = { channel: "C0ACMEHELP", ts: String(own.ts) };

    await expect(errorOf(acme().chat.update({ ...at, ts, text: "x" }))).resolves.toMatchObject({
      error: "cant_update_message",
    });
    await expect(errorOf(acme().chat.delete({ ...at, ts }))).resolves.toMatchObject({
      error: "cant_delete_message",
    });
    await expect(
      errorOf(acme().chat.update({ ...at, text: "x".repeat(4001) })),
    ).resolves.toMatchObject({ error: "msg_too_long" });
    await acme().chat.update({ ...at, text: "changed" });
    await acme().chat.delete(at);
    await expect(errorOf(acme().chat.update({ ...at, text: "again" }))).resolves.toMatchObject({
      error: "message_not_found",
    });
  });

  it("drops the blocks when an update brings text alone, and keeps the metadata", async () => {
    const metadata = { event_type: "card", event_payload: { ticket: "DL-2" } };
    const sent = await acme().chat.postMessage({
      channel: "C0ACMEHELP",
      text: "card",
      blocks: [{ type: "divider" }],
      metadata,
    });
    const at = { channel: "C0ACMEHELP", ts: String(sent.ts) };
    const stored = () => simulator.world.messages("C0ACMEHELP").find(({ ts }) => ts === at.ts);

    await acme().chat.update({
      ...at,
      text: "card",
      blocks: [{ type: "divider" }, { type: "divider" }],
    });
    const withBlocks = stored();
    await acme().chat.update({ ...at, text: "plain" });

    expect(withBlocks?.blocks).toHaveLength(2);
    expect(withBlocks).not.toHaveProperty("edited");
    expect(stored()).toMatchObject({ text: "plain", blocks: [], metadata });
  });

  it("leaves a tombstone where a thread began, and no way to reply there", async () => {
    const root = await simulator.as("U0HANA").send("C0ACMEHELP", "root");
    await acme().chat.postMessage({ channel: "C0ACMEHELP", text: "reply", thread_ts: root.ts });
    await simulator.as("U0HANA").delete("C0ACMEHELP", root.ts);

    const replies = await acme().conversations.replies({ channel: "C0ACMEHELP", ts: root.ts });
    const refused = await errorOf(
      acme().chat.postMessage({ channel: "C0ACMEHELP", text: "late", thread_ts: root.ts }),
    );

    expect(replies.messages).toMatchObject([{ subtype: "tombstone" }, { text: "reply" }]);
    expect(refused.error).toBe("thread_not_found");
  });

  it("gives metadata back only when asked", async () => {
    const metadata = { event_type: "card", event_payload: { ticket: "DL-1" } };
    const { ts } = await acme().chat.postMessage({ channel: "C0ACMEHELP", text: "card", metadata });
    const read = (include_all_metadata: boolean) =>
      acme().conversations.history({ channel: "C0ACMEHELP", include_all_metadata, limit: 1 });

    expect((await read(true)).messages?.[0]).toMatchObject({ ts, metadata });
    expect((await read(false)).messages?.[0]).not.toHaveProperty("metadata");
  });

  it("shows an ephemeral message to a member only", async () => {
    const say = (user: string) =>
      acme().chat.postEphemeral({ channel: "C0ACMEHELP", user, text: "psst" });

    await say("U0TOM");

    expect(
      simulator
        .as("U0TOM")
        .ephemerals("C0ACMEHELP")
        .map((each) => each.text),
    ).toEqual(["psst"]);
    expect(simulator.as("U0HANA").ephemerals("C0ACMEHELP")).toEqual([]);
    await expect(errorOf(say("U0AKI"))).resolves.toMatchObject({ error: "user_not_in_channel" });
    await expect(errorOf(say("U0NOBODY"))).resolves.toMatchObject({ error: "user_not_found" });
  });
});

describe("people and conversations", () => {
  it("says who an admin is, and nothing of the sort about the deactivated", async () => {
    expect((await acme().users.info({ user: "U0DANA", include_locale: true })).user).toMatchObject({
      is_admin: true,
      locale: "en-US",
    });
    simulator.world.deactivate("U0DANA");
    const { user } = await acme().users.info({ user: "U0DANA" });
    simulator.world.changePerson("U0DANA", { deleted: false });

    expect(user).toMatchObject({ deleted: true });
    expect(user).not.toHaveProperty("is_admin");
  });

  it("sees a stranger where a channel is shared, and nobody from elsewhere", async () => {
    const { user } = await kumo().users.info({ user: "U0SOL", include_locale: true });

    expect(user).toMatchObject({ is_stranger: true, team_id: "T0BETA" });
    expect(user).not.toHaveProperty("locale");
    await expect(errorOf(acme().users.info({ user: "U0SOL" }))).resolves.toMatchObject({
      error: "user_not_visible",
    });
    await expect(errorOf(acme().users.info({ user: "U0NOBODY" }))).resolves.toMatchObject({
      error: "user_not_found",
    });
  });

  it("pages members with a cursor", async () => {
    const first = await kumo().conversations.members({ channel: "C0AGENTS", limit: 2 });
    const rest = await kumo().conversations.members({
      channel: "C0AGENTS",
      limit: 2,
      cursor: String(first.response_metadata?.next_cursor),
    });

    expect(first.members).toEqual(["U0AKI", "U0BEN"]);
    expect(rest.members).toEqual(["U0DLKUMO"]);
    expect(rest.response_metadata?.next_cursor).toBe("");
    const lost = kumo().conversations.members({ channel: "C0AGENTS", cursor: "rubbish" });
    await expect(errorOf(lost)).resolves.toMatchObject({ error: "invalid_cursor" });
  });

  it("opens one DM and finds it again", async () => {
    const first = await acme().conversations.open({ users: "U0TOM" });
    const again = await acme().conversations.open({ users: "U0TOM" });
    const sent = await acme().chat.postMessage({ channel: "U0TOM", text: "hello" });

    expect(again).toMatchObject({ channel: { id: first.channel?.id }, already_open: true });
    expect(sent.channel).toBe(first.channel?.id);
    await expect(errorOf(acme().conversations.open({ users: "U0AKI" }))).resolves.toMatchObject({
      error: "user_not_visible",
    });
  });

  it("asks for im:read before it tells of a DM", async () => {
    const { channel } = await acme().conversations.open({ users: "U0TOM" });

    const refused = await errorOf(acme().conversations.info({ channel: String(channel?.id) }));

    expect(refused).toMatchObject({ error: "missing_scope", needed: "im:read" });
  });
});

describe("views", () => {
  it("refuses a made-up trigger and a closed view", async () => {
    const view = ticketModal();

    await expect(errorOf(acme().views.open({ trigger_id: "1.2.3", view }))).resolves.toMatchObject({
      error: "invalid_trigger_id",
    });
    await expect(errorOf(acme().views.update({ view_id: "V0GONE", view }))).resolves.toMatchObject({
      error: "not_found",
    });
  });

  it("publishes a Home tab and refuses a stale hash", async () => {
    const home = (text: string) => ({
      type: "home" as const,
      blocks: [{ type: "section", text: { type: "mrkdwn" as const, text } }],
    });
    const first = await acme().views.publish({ user_id: "U0HANA", view: home("one") });
    await acme().views.publish({
      user_id: "U0HANA",
      view: home("two"),
      hash: String(first.view?.hash),
    });
    const stale = acme().views.publish({
      user_id: "U0HANA",
      view: home("three"),
      hash: String(first.view?.hash),
    });

    await expect(errorOf(stale)).resolves.toMatchObject({ error: "hash_conflict" });
    expect(simulator.as("U0HANA").home()?.blocks[0]).toMatchObject({ text: { text: "two" } });
  });
});

type Refusal = { error?: string; [key: string]: unknown };

async function errorOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && "data" in error) return error.data as Refusal; // web-api's platform error
    throw error;
  }
  return {};
}

function acme(): WebClient {
  return clientWith(simulator.tokens.T0ACME);
}

function kumo(): WebClient {
  return clientWith(simulator.tokens.T0KUMO);
}

function clientWith(token: string | undefined): WebClient {
  return new WebClient(token, { slackApiUrl: simulator.apiUrl, retryConfig: { retries: 0 } });
}
