import { execFile, spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import nock from "nock";
import { afterEach, expect, it, vi } from "vitest";
import type { DeskDelivery } from "#desk/desk.ts";
import { openHttpDesk } from "#desk/http.ts";
import { FAKE_DESK_SECRET } from "../support/fake-desk.ts";
import { openDeskDocs } from "./desk-docs.ts";
import { file, someComment, someFile, someTicket, soon } from "./desk-world.ts";

const run = promisify(execFile);

afterEach(() => {
  vi.useRealTimers();
  nock.cleanAll();
});

it("shows a message as it is really sent", async () => {
  await using docs = await openDeskDocs();
  const [head = "", body = ""] = docs.block("http").split("\n\n");
  const lines = head.split("\n").slice(1);
  const shown = Object.fromEntries(lines.map((line) => line.split(": ")));
  const [, secret = ""] = /its secret is `(.+)`/.exec(docs.page) ?? [];
  const { data, timestamp } = JSON.parse(body);
  vi.useFakeTimers({ now: Number(shown["webhook-timestamp"]) * 1000, toFake: ["Date"] });
  const sent = receiveOne();

  const desk = await openHttpDesk({ DESK_URL: "https://desk.example/", DESK_SECRET: secret });
  await desk.create({ ...data, createdAt: new Date(timestamp) }, soon());

  expect(Object.fromEntries((await sent).headers)).toMatchObject(shown);
  expect((await sent).body).toBe(body);
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signed = `${shown["webhook-id"]}.${shown["webhook-timestamp"]}.${body}`;
  const mac = createHmac("sha256", key).update(signed).digest("base64");
  expect(shown["webhook-signature"]).toBe(`v1,${mac}`);
});

it("shows a receiver that takes each message once and no forged one", async () => {
  await using docs = await openDeskDocs();
  await docs.build("receiver.mjs");
  await using receiver = await startReceiver(docs.folder);
  const desk = await openHttpDesk({ DESK_URL: receiver.url, DESK_SECRET: FAKE_DESK_SECRET });
  const ticket = someTicket();

  const first = await desk.create(ticket, soon());
  const again = await file(desk, ticket);
  await desk.change(again, someComment("hello"), soon());
  const sent = someFile(randomBytes(1000));
  const kept = await desk.attach?.(again, sent, soon());
  const forged = await fetch(receiver.url, { method: "POST", body: "{}" });

  expect(first.id).toBe("T-1");
  expect(again.id).toBe("T-1");
  expect(forged.status).toBe(401);
  expect(kept).toEqual({ size: sent.size, sha256: sent.sha256 });
  const lines = ["created", "commented", "attached"].map((what) => `ticket.${what} DL-1042\n`);
  await expect.poll(receiver.output).toBe(lines.join(""));
});

it("shows how an answer comes back", async () => {
  await using docs = await openDeskDocs();
  await docs.build("answer.mjs");
  await using deskline = await startDoor();
  const { ticketId } = someTicket();

  const { stdout } = await run(process.execPath, ["answer.mjs", ticketId, "Aki", "再起動を"], {
    cwd: docs.folder,
    env: { ...process.env, DESK_SECRET: FAKE_DESK_SECRET, DESKLINE_URL: deskline.url },
  });

  const news = { kind: "comment", ticketId, author: "Aki", body: "再起動を" };
  expect(stdout).toBe("200\n");
  expect(deskline.taken).toMatchObject([["/desk/events", news]]);
});

function receiveOne(): Promise<{ headers: Headers; body: string }> {
  const { promise, resolve } = Promise.withResolvers<{ headers: Headers; body: string }>();
  nock("https://desk.example")
    .post("/")
    .reply(async (request: Request) => {
      resolve({ headers: request.headers, body: await request.text() });
      return [204];
    });
  return promise;
}

async function startReceiver(cwd: string) {
  const port = await freePort();
  const env = { ...process.env, DESK_SECRET: FAKE_DESK_SECRET, PORT: String(port) };
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const child = spawn(process.execPath, ["receiver.mjs"], { cwd, env, stdio: [...stdio] });
  let output = "";
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  const url = `http://127.0.0.1:${port}/`;
  await vi.waitFor(() => fetch(url, { method: "POST" }), { timeout: 10_000 });
  return {
    url,
    output: () => output,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}

/** Deskline's door, and what `receive` makes of what comes in. */
async function startDoor() {
  const DESK_URL = "https://desk.example/";
  const desk = await openHttpDesk({ DESK_URL, DESK_SECRET: FAKE_DESK_SECRET });
  const taken: [string | undefined, DeskDelivery | undefined][] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      taken.push([request.url, desk.receive?.({ headers: request.headers, body })]);
      response.end();
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    taken,
    async [Symbol.asyncDispose]() {
      await new Promise((done) => server.close(done));
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((done) => server.close(done));
  return port;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port; // it listens on TCP
}
