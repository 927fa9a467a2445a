import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { z } from "zod";
import { callDesk } from "#desk/call.ts";
import { LostLease } from "#errors.ts";
import { fenced, fetchFenced } from "#fence.ts";
import { createMetrics } from "#metrics.ts";
import { createCallSlack } from "#slack/clients.ts";

const LEASE_MS = 300;
const calls: [string, (url: string) => Promise<unknown>][] = [
  ["a request", (url) => fetchFenced(url, { method: "POST", body: "said" })],
  ["a call to Slack", postTo],
  ["a call to the desk", fileAt],
];

it.each(calls)("%s leaves while its lease lasts", async (_what, call) => {
  await using server = await listen();

  await fenced(lease(), () => call(server.url));

  expect(server.received).toHaveLength(1);
});

it.each(calls)(
  "%s does not leave when the process stood still while its connection opened",
  async (_what, call) => {
    await using server = await listen();

    const called = fenced(lease(), () => {
      const answer = call(server.url);
      setImmediate(() => standStill(LEASE_MS + 100));
      return answer;
    });

    await expect(called).rejects.toThrow(LostLease);
    expect(server.received).toEqual([]);
  },
);

it("holds a second request back, and what comes behind another fence leaves", async () => {
  await using server = await listen();
  await fetchFenced(server.url).then((answer) => answer.text());

  const both = fenced(lease(), async () => {
    await fetchFenced(server.url).then((answer) => answer.text());
    standStill(LEASE_MS + 100);
    await fetchFenced(server.url).catch(() => {}); // a desk may make anything of it
  });
  await both;
  await fenced(lease(), () => fetchFenced(server.url).then((answer) => answer.text()));

  expect(server.received).toHaveLength(3);
});

/** A look at the clock alone, as that of a run. */
function lease(): () => void {
  const keptAt = performance.now();
  return () => {
    if (performance.now() - keptAt > LEASE_MS) throw new LostLease("j1");
  };
}

/** As SIGSTOP does: no timer, no answer, nothing. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function postTo(url: string): Promise<unknown> {
  const installation = { teamId: "T1", teamName: "One", accountId: undefined, isHome: true };
  const bot = { botToken: "xoxb-1", botUserId: "U1", botId: "B1" };
  const callSlack = createCallSlack({
    apiUrl: url,
    findInstallation: async () => ({ ...installation, ...bot }),
    timeoutMs: 3000,
    metrics: createMetrics(),
    onTokenEnded: () => {},
  });
  return callSlack("T1", (client) => client.chat.postMessage({ channel: "C1", text: "said" }));
}

async function fileAt(url: string): Promise<unknown> {
  const call = { number: "DL-1", method: "POST", url, headers: {}, body: "{}" } as const;
  return callDesk({ ...call, answer: z.object({}) }, new AbortController().signal);
}

async function listen() {
  const received: string[] = [];
  const server = createServer((req, res) => {
    received.push(req.url ?? "");
    res.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
