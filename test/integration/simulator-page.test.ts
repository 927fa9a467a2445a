import { request } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Act, Acted, Messages, World } from "#simulator/page/contract.ts";
import { type Simulator, startSimulator } from "#simulator/simulator.ts";
import { bareManifest } from "../support/bare-app.ts";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ manifest: bareManifest });
});

afterAll(() => simulator[Symbol.asyncDispose]());

it("shows each person their own world", async () => {
  const hana = await read<World>("/sim/world?as=U0HANA");
  const sol = await read<World>("/sim/world?as=U0SOL");

  expect(hana.channels.map((channel) => channel.name)).toEqual([
    "help",
    "general",
    "random",
    "leads",
  ]);
  expect(hana.commands.map(({ command }) => command)).toEqual([
    "/ticket",
    "/tickets",
    "/support-access",
  ]);
  expect(sol.channels.map((channel) => channel.name)).toEqual(["ext-beta"]);
  expect(sol.commands).toEqual([]);
});

it("takes acts, counts what is unread and forgets it once read", async () => {
  await expect(
    post({ as: "U0TOM", do: "send", channel: "C0ACMERANDOM", text: "hi" }),
  ).resolves.toEqual({ ok: true });

  const unread = async () =>
    (await read<World>("/sim/world?as=U0HANA")).channels.find(({ id }) => id === "C0ACMERANDOM")
      ?.unread;
  const before = await unread();
  const { messages } = await read<Messages>("/sim/messages?as=U0HANA&channel=C0ACMERANDOM");

  expect(messages).toMatchObject([
    { userId: "U0TOM", text: "hi", ephemeral: false, replyCount: 0 },
  ]);
  expect([before, await unread()]).toEqual([1, 0]);
});

it("shows nothing of a channel one is not in", async () => {
  await post({ as: "U0HANA", do: "send", channel: "C0ACMELEADS", text: "secret" });

  const { messages } = await read<Messages>("/sim/messages?as=U0TOM&channel=C0ACMELEADS");

  expect(messages).toEqual([]);
});

it("tells the page what changed, and only to those who may see it", async () => {
  const stop = new AbortController();
  const live = await fetch(`${simulator.url}/sim/live?as=U0TOM`, { signal: stop.signal });
  const chunks = live.body?.pipeThrough(new TextDecoderStream()).getReader();
  await chunks?.read();

  await post({ as: "U0HANA", do: "send", channel: "C0ACMELEADS", text: "secret" });
  await post({ as: "U0HANA", do: "send", channel: "C0ACMEHELP", text: "open" });
  const heard = await chunks?.read();
  stop.abort();

  expect(heard?.value).toBe('data: {"what":"messages","channel":"C0ACMEHELP"}\n\n');
});

it("refuses what is no act, and other sites", async () => {
  const act = (type: string, body: string) =>
    fetch(`${simulator.url}/sim/act`, { method: "POST", headers: { "Content-Type": type }, body });

  expect((await act("application/json", '{"as":"U0TOM","do":"explode"}')).status).toBe(400);
  expect((await act("text/plain", '{"as":"U0TOM","do":"open-home"}')).status).toBe(415);
  expect(await statusFor("evil.example")).toBe(421);
  expect(await statusFor("localhost")).toBe(200);
});

it("serves the page without inline scripts of others", async () => {
  const page = await fetch(simulator.url);
  const html = await page.text();
  const nonce = /nonce="([^"]+)"/.exec(html)?.[1];

  expect(page.headers.get("content-security-policy")).toContain(
    `script-src 'self' 'nonce-${nonce}'`,
  );
  expect(page.headers.get("content-security-policy")).not.toContain("unsafe");
  for (const [path, type] of [
    ["/page/main.ts", "text/javascript; charset=utf-8"],
    ["/page/base.css", "text/css; charset=utf-8"],
    ["/vendor/preact.js", "text/javascript; charset=utf-8"],
    ["/vendor/hooks.js", "text/javascript; charset=utf-8"],
    ["/vendor/htm.js", "text/javascript; charset=utf-8"],
  ]) {
    const file = await fetch(`${simulator.url}${path}`);
    expect([path, file.status, file.headers.get("content-type")]).toEqual([path, 200, type]);
  }
  expect((await fetch(`${simulator.url}/page/seed.ts`)).status).toBe(404);
});

async function read<T>(path: string): Promise<T> {
  const response = await fetch(`${simulator.url}${path}`);
  return (await response.json()) as T; // the contract's own types
}

async function post(act: Act): Promise<Acted> {
  const response = await fetch(`${simulator.url}/sim/act`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(act),
  });
  return (await response.json()) as Acted; // the contract's own type
}

function statusFor(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(simulator.url, { headers: { Host: host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}
