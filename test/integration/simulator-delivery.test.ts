import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { type Simulator, startSimulator } from "#simulator/simulator.ts";
import { bareManifest } from "../support/bare-app.ts";

type Received = { headers: IncomingMessage["headers"]; body: string };
type Answer = { status: number; headers?: Record<string, string>; body?: string };

it("signs what it delivers and types it as Slack does", async () => {
  await using slack = await startWith(() => ({ status: 200, body: "done" }));
  const tom = slack.simulator.as("U0TOM");

  await tom.send("C0ACMEHELP", "hello");
  await expect.poll(() => slack.received.length).toBe(1);
  const command = tom.command("C0ACMEHELP", "/tickets", "  status:open ");
  await expect.poll(() => slack.received.length).toBe(2);
  await command;

  const [event, posted] = slack.received;
  expect(slack.received.map(isSigned)).toEqual([true, true]);
  expect(event?.headers["content-type"]).toBe("application/json");
  expect(JSON.parse(event?.body ?? "")).toMatchObject({
    type: "event_callback",
    api_app_id: "A0DESKLINE",
    team_id: "T0ACME",
    context_team_id: "T0ACME",
    authorizations: [
      { team_id: "T0ACME", user_id: "U0DLACME", is_bot: true, is_enterprise_install: false },
    ],
    event: { type: "message", channel: "C0ACMEHELP", channel_type: "channel", user: "U0TOM" },
  });
  expect(posted?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  expect(Object.fromEntries(new URLSearchParams(posted?.body))).toMatchObject({
    command: "/tickets",
    text: "status:open",
    team_id: "T0ACME",
    team_domain: "acme",
    channel_id: "C0ACMEHELP",
    channel_name: "help",
    user_id: "U0TOM",
    api_app_id: "A0DESKLINE",
    is_enterprise_install: "false",
    response_url: expect.stringContaining(`${slack.simulator.url}/actions/T0ACME/`),
  });
});

it("names no private channel and no DM in a command", async () => {
  await using slack = await startWith(() => ({ status: 200, body: "done" }));
  const aki = slack.simulator.as("U0AKI");
  await aki.openDm();

  const commands = [aki.command("C0AGENTS", "/tickets"), aki.command(aki.dm() ?? "", "/tickets")];
  await Promise.all(commands);

  const named = slack.received.map(({ body }) => new URLSearchParams(body).get("channel_name"));
  expect(named.filter(Boolean)).toEqual(["privategroup", "directmessage"]);
});

it("tells an event again three times, with the same id", async () => {
  await using slack = await startWith(() => ({ status: 500 }));

  await slack.simulator.as("U0TOM").send("C0ACMEHELP", "hello");
  await expect.poll(() => slack.received.length).toBe(4);
  await new Promise((resolve) => setTimeout(resolve, 200));

  const retries = slack.received.map(({ headers }) => [
    headers["x-slack-retry-num"],
    headers["x-slack-retry-reason"],
  ]);
  const ids = new Set(slack.received.map(({ body }) => JSON.parse(body).event_id));
  expect(retries).toEqual([
    [undefined, undefined],
    ["1", "http_error"],
    ["2", "http_error"],
    ["3", "http_error"],
  ]);
  expect(ids.size).toBe(1);
});

it("leaves an event when the app asks for no retry", async () => {
  await using slack = await startWith(() => ({
    status: 500,
    headers: { "x-slack-no-retry": "1" },
  }));

  await slack.simulator.as("U0TOM").send("C0ACMEHELP", "hello");
  await expect.poll(() => slack.received.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 200));

  expect(slack.received).toHaveLength(1);
});

it("sends events of subscribed kinds from channels the app is in, and no others", async () => {
  await using slack = await startWith(() => ({ status: 200, body: "done" }));
  const { simulator } = slack;
  const hana = simulator.as("U0HANA");

  await hana.send("C0ACMERANDOM", "the app is not here");
  await hana.send("C0ACMELEADS", "nor here");
  const { ts } = await hana.send("C0ACMEHELP", "but here");
  await hana.react("C0ACMEHELP", ts, "eyes");
  await hana.edit("C0ACMEHELP", ts, "but *here*");
  await hana.delete("C0ACMEHELP", ts);
  await hana.inviteApp("C0ACMELEADS");
  await hana.openHome();
  simulator.world.uninstall("T0ACME");
  await expect.poll(() => slack.received.length).toBe(7);

  const events = slack.received.map(({ body }) => JSON.parse(body).event);
  const kinds = events.map(({ type, subtype }) => subtype ?? type);
  expect(kinds.toSorted()).toEqual([
    "app_home_opened",
    "app_uninstalled",
    "member_joined_channel",
    "message",
    "message_changed",
    "message_deleted",
    "tokens_revoked",
  ]);
  expect(events.find(({ subtype }) => subtype === "message_changed")).toMatchObject({
    channel: "C0ACMEHELP",
    message: { text: "but *here*", edited: { user: "U0HANA" } },
    previous_message: { text: "but here" },
  });
});

it("names a stranger's own workspace, and ours as the context", async () => {
  await using slack = await startWith(() => ({ status: 200, body: "done" }));

  await slack.simulator.as("U0SOL").send("C0EXTBETA", "hello");
  await expect.poll(() => slack.received.length).toBe(1);

  expect(JSON.parse(slack.received[0]?.body ?? "")).toMatchObject({
    team_id: "T0BETA",
    context_team_id: "T0KUMO",
    is_ext_shared_channel: true,
    authorizations: [{ team_id: "T0KUMO" }],
    event: { user: "U0SOL", user_team: "T0BETA", source_team: "T0BETA" },
  });
});

it("refuses commands to strangers, in threads and unknown ones", async () => {
  await using slack = await startWith(() => ({ status: 200, body: "done" }));
  const hana = slack.simulator.as("U0HANA");
  const { ts } = await hana.send("C0ACMERANDOM", "root");

  const stranger = slack.simulator.as("U0SOL").command("C0EXTBETA", "/ticket");

  await expect(stranger).rejects.toThrow("/ticket is not a valid command.");
  await expect(hana.send("C0ACMERANDOM", "/ticket x", ts)).rejects.toThrow(
    "/ticket is not supported in threads. Sorry!",
  );
  await expect(hana.send("C0ACMEHELP", "/etc/passwd")).rejects.toThrow(
    "/etc/passwd is not a valid command.",
  );
  expect(slack.received).toEqual([]);
});

it("shows the failure of a command that cannot be delivered", async () => {
  await using slack = await startWith(() => ({ status: 401 }));
  const hana = slack.simulator.as("U0HANA");

  const refused = hana.command("C0ACMEHELP", "/tickets");
  await expect(refused).rejects.toThrow('/tickets failed with the error "dispatch_failed"');
  slack.simulator.deliverTo(undefined);

  await expect(hana.command("C0ACMEHELP", "/tickets")).rejects.toThrow("dispatch_failed");
});

it("lets a response_url speak five times, to that person unless said otherwise", async () => {
  await using slack = await startWith(() => ({ status: 200, body: "first" }));
  const hana = slack.simulator.as("U0HANA");
  await hana.command("C0ACMERANDOM", "/tickets");
  const url = new URLSearchParams(slack.received[0]?.body).get("response_url") ?? "";
  const say = (body: object) => fetch(url, { method: "POST", body: JSON.stringify(body) });

  const bad = await say({ text: "x", colour: "red" });
  const open = await say({ text: "to all", response_type: "in_channel" });
  for (const text of ["2", "3", "4", "5"]) await say({ text });
  const late = await say({ text: "6" });

  expect([bad.status, open.status, late.status]).toEqual([400, 200, 404]);
  await expect(late.json()).resolves.toEqual({ ok: false, error: "used_url" });
  expect(hana.ephemerals("C0ACMERANDOM").map((each) => each.text)).toEqual([
    "first",
    "2",
    "3",
    "4",
    "5",
  ]);
  expect(hana.messages("C0ACMERANDOM").map((each) => each.text)).toEqual(["to all"]);
});

async function startWith(
  answer: (received: Received) => Answer,
): Promise<AsyncDisposable & { simulator: Simulator; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const each = { headers: request.headers, body: await text(request) };
    received.push(each);
    const { status, headers, body = "" } = answer(each);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const simulator = await startSimulator({
    manifest: bareManifest,
    eventRetries: [5, 10, 15],
    deliverTo: `http://127.0.0.1:${port}/slack/events`,
  });
  return {
    simulator,
    received,
    async [Symbol.asyncDispose]() {
      await simulator[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

function isSigned({ headers, body }: Received): boolean {
  const timestamp = headers["x-slack-request-timestamp"];
  const hash = createHmac("sha256", "5d2e51a7c0ffee00simulatedsecret0")
    .update(`v0:${timestamp}:${body}`)
    .digest("hex");
  return headers["x-slack-signature"] === `v0=${hash}`;
}
