import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { command, FORM, type Sent, send, signed, watchLag } from "../support/slack-requests.ts";

const MINUTE = 60_000;
const CANARY = "canary-7f3a";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ mode: "http" });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

describe("a request that is not Slack's, or not from now", () => {
  const body = () => command(app, { text: CANARY });
  const without = (name: string, { body, headers }: Sent): Sent => ({
    body,
    headers: Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name)),
  });
  const withHeader = (name: string, value: string, { body, headers }: Sent): Sent => ({
    body,
    headers: { ...without(name, { body, headers }).headers, [name]: value },
  });
  const at = (ms: number) => signed(app, body(), { at: Date.now() + ms });
  const stamp = "X-Slack-Request-Timestamp";
  const signature = "X-Slack-Signature";

  it.each<[string, () => Sent]>([
    ["unsigned", () => ({ body: body(), headers: { "content-type": FORM } })],
    ["signed with another secret", () => signed(app, body(), { secret: "another-secret" })],
    ["6 minutes old", () => at(-6 * MINUTE)],
    ["6 minutes from the future", () => at(6 * MINUTE)],
    ["30 days from the future", () => at(30 * 24 * 60 * MINUTE)],
    ["without a stamp", () => without(stamp, at(0))],
    ["without a signature", () => without(signature, at(0))],
    ["stamped NaN", () => withHeader(stamp, "NaN", at(0))],
    ["stamped with a fraction", () => withHeader(stamp, `${Date.now() / 1000}`, at(0))],
    ["stamped Infinity", () => withHeader(stamp, "Infinity", at(0))],
    ["stamped with nothing", () => withHeader(stamp, "", at(0))],
    [
      "signed by an older version",
      () => {
        const sent = at(0);
        return withHeader(signature, sent.headers[signature]?.replace("v0=", "v1=") ?? "", sent);
      },
    ],
    [
      "signed with half a hash",
      () => {
        const sent = at(0);
        return withHeader(signature, sent.headers[signature]?.slice(0, 20) ?? "", sent);
      },
    ],
    ["signed over another body", () => ({ ...at(0), body: command(app, { text: `${CANARY}!` }) })],
  ])("is refused when %s", async (_, sent) => {
    const answer = await send(app, sent());

    expect(answer).toEqual({ status: 401, text: "" });
  });

  it("is refused when a header comes twice", async () => {
    const sent = signed(app, body());
    const headers = new Headers(sent.headers);
    headers.append(stamp, sent.headers[stamp] ?? "");
    const twice = await fetch(app.url, { method: "POST", headers, body: sent.body });

    expect(twice.status).toBe(401);
  });

  it("is taken just inside the five minutes, both ways", async () => {
    const answers = await Promise.all([send(app, at(-4.9 * MINUTE)), send(app, at(4.9 * MINUTE))]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe("a thousand mutations of one signed request", () => {
  it("are all refused, quickly, and none is echoed", async () => {
    const original = signed(app, command(app, { text: CANARY }));
    const lag = watchLag();
    const answers: { status: number; text: string }[] = [];
    for (let batch = 0; batch < 20; batch += 1) {
      const mutants = Array.from({ length: 50 }, () => mutate(original));
      answers.push(...(await Promise.all(mutants.map((mutant) => send(app, mutant)))));
    }

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(answers.filter(({ text }) => text !== "")).toEqual([]);
    expect(lag.worst()).toBeLessThan(200);
    expect(JSON.stringify(app.logged)).not.toContain(CANARY);
  });
});

describe("what is no delivery", () => {
  it.each([
    ["GET", 405],
    ["PUT", 405],
    ["DELETE", 405],
  ])("%s is answered with %i", async (method, status) => {
    const answer = await fetch(app.url, { method });

    expect(answer.status).toBe(status);
    expect(answer.headers.get("allow")).toBe("POST");
  });

  it("an unknown path is answered with 404", async () => {
    const answer = await fetch(app.url.replace("/slack/events", "/slack/other"), {
      method: "POST",
    });

    expect(answer.status).toBe(404);
  });

  it("Slack's look at the certificate is answered with nothing, and smuggles nothing in", async () => {
    const calls = app.simulator.calls().length;
    const body = `ssl_check=1&${command(app, { command: "/ticket" })}`;

    const answer = await send(app, { body, headers: { "content-type": FORM } });

    expect(answer).toEqual({ status: 200, text: "" });
    expect(app.simulator.calls()).toHaveLength(calls);
  });

  it("Slack's challenge is given back to Slack only", async () => {
    const body = JSON.stringify({ type: "url_verification", challenge: "c-123" });
    const type = "application/json";

    const answer = await send(app, signed(app, body, { type }));
    const unsigned = await send(app, { body, headers: { "content-type": type } });

    expect(answer).toEqual({ status: 200, text: '{"challenge":"c-123"}' });
    expect(unsigned).toEqual({ status: 401, text: "" });
  });
});

/** One change anywhere in the body, the stamp or the signature. */
function mutate({ body, headers }: Sent): Sent {
  const stamp = headers["X-Slack-Request-Timestamp"] ?? "";
  const signature = headers["X-Slack-Signature"] ?? "";
  const dice = Math.random();
  if (dice < 0.6) return { body: changeOne(body), headers };
  if (dice < 0.8) {
    const later = String(Number(stamp) + 1 + Math.floor(Math.random() * 250));
    return { body, headers: { ...headers, "X-Slack-Request-Timestamp": later } };
  }
  return { body, headers: { ...headers, "X-Slack-Signature": changeOne(signature) } };
}

function changeOne(text: string): string {
  const at = Math.floor(Math.random() * text.length);
  const next = 33 + ((text.charCodeAt(at) - 33 + 1 + Math.floor(Math.random() * 92)) % 94);
  return text.slice(0, at) + String.fromCharCode(next) + text.slice(at + 1);
}
