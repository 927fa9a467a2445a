import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { command, FORM, send, signed, watchLag } from "../support/slack-requests.ts";

const JSON_TYPE = "application/json";
const HELD_UP_MS = 500; // in one try of a few: a busy machine holds up everybody now and then

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ mode: "http" });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

describe.concurrent("a request beyond every measure", () => {
  it("of 10 MB is answered with 413, signed or not, announced or not", async () => {
    const body = "x".repeat(10 * 1024 * 1024);
    const chunked = { method: "POST", duplex: "half" as const, headers: { "content-type": FORM } };

    const unsigned = await send(app, { body, headers: { "content-type": FORM } });
    const ours = await send(app, signed(app, body));
    const unannounced = await fetch(app.url, { ...chunked, body: new Blob([body]).stream() });

    expect([unsigned.status, ours.status, unannounced.status]).toEqual([413, 413, 413]);
  });

  it("of 100,000 levels or 100,000 fields is refused without holding anybody up", async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
    const wide = Array.from({ length: 100_000 }, (_, at) => `f${at}=1`).join("&");
    const lags: number[] = [];
    while (lags.length < 5 && Math.min(...lags) >= HELD_UP_MS) {
      const lag = watchLag();
      const answers = await Promise.all([
        send(app, signed(app, deep, { type: JSON_TYPE })),
        send(app, signed(app, `payload=${encodeURIComponent("[".repeat(100_000))}`)),
        send(app, signed(app, wide)),
      ]);
      lags.push(lag.worst());
      expect(answers).toEqual(Array(3).fill({ status: 400, text: "" }));
    }

    expect(Math.min(...lags)).toBeLessThan(HELD_UP_MS);
  });

  it("packed with gzip is never unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    const { headers } = signed(app, "", { type: JSON_TYPE });
    const packed = { ...headers, "content-encoding": "gzip" };

    const answer = await fetch(app.url, { method: "POST", headers: packed, body: bomb });

    expect(answer.status).toBe(401);
  });

  it("with a header of 64 KB is answered with 431", async () => {
    const answer = await talk(
      `POST /slack/events HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(65_536)}\r\n\r\n`,
    );

    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it("that is no HTTP is answered with 400", async () => {
    expect(await talk("EHLO deskline\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("that names two lengths is answered with 400", async () => {
    const answer = await talk(
      "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    );

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("that dribbles in, head or body, is cut off within 15 seconds", {
    timeout: 30_000,
  }, async () => {
    const head = "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n";
    const begun = Date.now();

    const files = `POST /request/${"a".repeat(43)} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n`;

    const [form, ...answers] = await Promise.all([
      dribble(files),
      dribble("POST /slack/ev"),
      dribble(`${head}\r\n`),
      dribble("GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n").then((answer) =>
        answer.replace("200", "408"),
      ),
    ]);

    expect(answers.every((answer) => answer.startsWith("HTTP/1.1 408 "))).toBe(true);
    expect(form).toMatch(/^HTTP\/1\.1 404 /); // nobody has a page there
    expect(Date.now() - begun).toBeLessThan(15_000);
  });

  it("that breaks off in the middle is no error of ours", async () => {
    const head = `POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\n`;
    const socket = await open();
    socket.write(`${head}Content-Length: 1000\r\n\r\nabc`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();

    const after = await send(app, signed(app, command(app)));

    expect(after.status).toBe(200);
    expect(app.logged.filter(({ msg }) => msg === "a request failed")).toEqual([]);
  });
});

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(app.url).port), "127.0.0.1", () => resolve(socket));
    socket.on("error", reject);
  });
}

/** Sends these bytes and answers what came back until the end. */
async function talk(bytes: string): Promise<string> {
  const socket = await open();
  socket.write(bytes);
  return untilClosed(socket);
}

/** Begins with these bytes and goes on with one a second. */
async function dribble(bytes: string): Promise<string> {
  const socket = await open();
  socket.write(bytes);
  const timer = setInterval(() => socket.write("a"), 1000);
  const answer = await untilClosed(socket);
  clearInterval(timer);
  return answer;
}

function untilClosed(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString();
    });
    socket.on("close", () => resolve(answer));
  });
}
