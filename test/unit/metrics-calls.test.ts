import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { counted } from "#desk/counted.ts";
import { type Desk, type DeskChange, type NewDeskTicket, NotFromDesk } from "#desk/desk.ts";
import { refusal } from "#desk/refusal.ts";
import { RetryLater } from "#errors.ts";
import { createMetrics } from "#metrics.ts";
import { createCallSlack } from "#slack/clients.ts";
import { readPage } from "../support/metrics.ts";

const INSTALLATION = {
  teamId: "T1",
  teamName: "One",
  accountId: undefined,
  isHome: true,
  botToken: "xoxb-1",
  botUserId: "U1",
  botId: "B1",
};

describe("a call to Slack", () => {
  it.each<[string, string, RequestListener]>([
    ["goes well", "ok", json({ ok: true })],
    ["is limited", "limited", (_, res) => res.writeHead(429, { "retry-after": "1" }).end()],
    ["is limited in words", "limited", json({ ok: false, error: "ratelimited" })],
    ["finds no channel", "unreachable", json({ ok: false, error: "channel_not_found" })],
    ["finds no message", "gone", json({ ok: false, error: "message_not_found" })],
    ["finds no form, which was closed", "gone", json({ ok: false, error: "not_found" })],
    ["has an ended token", "token-ended", json({ ok: false, error: "token_revoked" })],
    ["lacks a scope", "refused", json({ ok: false, error: "missing_scope" })],
    ["is refused for a new reason", "refused", json({ ok: false, error: "quite_new" })],
    ["meets a page", "no-answer", (_, res) => res.end("<html>")],
    ["meets a breakdown", "no-answer", (_, res) => res.writeHead(500).end()],
    ["is cut off", "no-answer", (req) => req.destroy()],
    ["hears nothing", "no-answer", () => {}],
  ])("that %s counts as %s", async (_what, outcome, answer) => {
    await using slack = await listen(answer);
    const metrics = createMetrics();
    const callSlack = createCallSlack({
      apiUrl: slack.url,
      findInstallation: async () => INSTALLATION,
      timeoutMs: 2000, // a busy machine answers later than one thinks
      metrics,
      onTokenEnded: () => {},
    });

    const called = callSlack("T1", (client) => client.users.info({ user: "U1" }));
    await called.catch(() => {});

    const page = readPage(await metrics.registry.metrics());
    expect(page.series.filter(({ name }) => name === "deskline_slack_calls_total")).toEqual([
      {
        name: "deskline_slack_calls_total",
        labels: { method: "users.info", outcome },
        value: 1,
      },
    ]);
  });

  it("keeps calls apart that are under way at once", async () => {
    await using slack = await listen((req, res) => {
      const isLost = req.url?.endsWith("users.info");
      setTimeout(
        () => json(isLost ? { ok: false, error: "user_not_found" } : { ok: true })(req, res),
        20,
      );
    });
    const metrics = createMetrics();
    const callSlack = createCallSlack({
      apiUrl: slack.url,
      findInstallation: async () => INSTALLATION,
      timeoutMs: 3000,
      metrics,
      onTokenEnded: () => {},
    });

    await Promise.allSettled([
      callSlack("T1", (client) => client.users.info({ user: "U1" })),
      callSlack("T1", (client) => client.auth.test()),
    ]);

    const page = readPage(await metrics.registry.metrics());
    expect(
      page.value("deskline_slack_calls_total", { method: "users.info", outcome: "refused" }),
    ).toBe(1);
    expect(page.value("deskline_slack_calls_total", { method: "auth.test", outcome: "ok" })).toBe(
      1,
    );
  });
});

describe("a call to the desk", () => {
  it.each<[string, string, () => Promise<never>]>([
    ["that is too early", "later", () => Promise.reject(new RetryLater("busy"))],
    ["that is refused", "refused", () => Promise.reject(refusal("DL-1", "no"))],
    ["that breaks", "failed", () => Promise.reject(new Error("a bug"))],
  ])("%s counts as %s, and ends as it did", async (_what, outcome, answer) => {
    const metrics = createMetrics();
    const desk = counted({ name: "d", create: answer, change: answer, attach: answer }, metrics);
    const signal = new AbortController().signal;

    await expect(desk.create({} as NewDeskTicket, signal)).rejects.toThrow();
    await expect(desk.change({} as never, {} as DeskChange, signal)).rejects.toThrow();
    await expect(desk.attach?.({} as never, {} as never, signal)).rejects.toThrow();

    const page = readPage(await metrics.registry.metrics());
    for (const operation of ["create", "change", "attach"])
      expect(page.value("deskline_desk_calls_total", { operation, outcome })).toBe(1);
  });

  it.each<[string, Desk["receive"]]>([
    ["ok", () => ({ deliveryId: "d1", kind: "echo" })],
    ["not-from-desk", () => raise(new NotFromDesk())],
    ["unreadable", () => raise(new SyntaxError("no JSON"))],
  ])("by which it tells us news counts as %s", async (outcome, receive) => {
    const metrics = createMetrics();
    const desk = counted({ ...silent, receive } as Desk, metrics);

    try {
      desk.receive?.({ headers: {}, body: "" });
    } catch {
      // counted below
    }

    const page = readPage(await metrics.registry.metrics());
    expect(page.value("deskline_desk_calls_total", { operation: "receive", outcome })).toBe(1);
  });

  it("cannot be made to a desk that tells us nothing", () => {
    const desk = counted(silent, createMetrics());
    expect([desk.receive, desk.attach]).toEqual([undefined, undefined]);
  });
});

const silent: Desk = { name: "d", create: async () => ({ id: "1" }), change: async () => {} };

function raise(error: Error): never {
  throw error;
}

function json(body: object): RequestListener {
  return (_req, res) => {
    res.setHeader("content-type", "application/json");
    res.end(JSON.stringify(body));
  };
}

async function listen(answer: RequestListener): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
