import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { callDesk } from "#desk/call.ts";
import { Problem, Quote, RetryLater, Silence } from "#errors.ts";
import { startFakeDesk } from "../support/fake-desk.ts";

const secretUrl = "https://desk.example/tickets?key=t0ken";

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

it("gives what the schema makes of the answer", async () => {
  answers(201, { id: 7, more: true });

  expect(await call()).toEqual({ kind: "done", body: { id: 7 } });
});

it.each(["", " \n"])("asks the schema about nothing when the answer is %j", async (body) => {
  answers(200, body);

  expect(await call({ answer: z.undefined() })).toEqual({ kind: "done", body: undefined });
});

it("leaves a conflict to the desk", async () => {
  answers(409, "<h1>Conflict</h1>");

  expect(await call()).toEqual({ kind: "conflict" });
});

describe("says later", () => {
  it.each([
    ["busy", 429, { "retry-after": "30" }, 30_000],
    ["busy for a day", 429, { "retry-after": "86400" }, 3_600_000],
    ["busy for a while", 429, {}, undefined],
    ["broken", 500, {}, undefined],
    ["down, and for how long", 503, { "retry-after": "60" }, 60_000],
    ["too slow for itself", 408, {}, undefined],
    ["too early", 425, {}, undefined],
    ["not letting us in", 401, {}, undefined],
    ["not letting us there", 403, {}, undefined],
    ["odd", 304, {}, undefined],
  ])("when the desk is %s", async (_what, status, headers, afterMs) => {
    answers(status, status === 304 ? undefined : "later", headers);

    const error = await errorOf(call());

    expect(error).toBeInstanceOf(RetryLater);
    expect(error).toHaveProperty("afterMs", afterMs);
  });

  it("when the connection breaks, with the reason", async () => {
    nock("https://desk.example").post(/./).replyWithError("ECONNRESET by peer");

    await expect(call()).rejects.toThrow(/^no answer from desk\.example: .*ECONNRESET/);
  });

  it("when the answer takes too long", async () => {
    await using server = await silentDesk();

    await expect(call({ url: server.url, timeoutMs: 50 })).rejects.toThrow(/^no answer.*timeout/);
  });

  it.each([
    ["a page", "<!doctype html><title>Sign in</title>"],
    ["not what was agreed", '{"id":"seven"}'],
    ["half of it", '{"id":7'],
    ["nothing", ""],
    ["endless", `{"id":7,"more":"${"x".repeat(1_000_000)}"}`],
  ])("when the answer is %s", async (_what, body) => {
    answers(200, body);

    const error = await errorOf(call());

    expect(error).toBeInstanceOf(RetryLater);
    expect(error).toHaveProperty("message", expect.stringContaining("not an answer of the desk"));
  });
});

describe("tells silence, which keeps a place in the worker,", () => {
  it("by the time that it took", async () => {
    await using server = await silentDesk();

    const error = await errorOf(call({ url: server.url, timeoutMs: 1100 }));

    expect(error).toBeInstanceOf(Silence);
    expect(error).toBeInstanceOf(RetryLater);
  });

  it("from a connection that is refused", async () => {
    const server = await silentDesk();
    await server[Symbol.asyncDispose]();

    const error = await errorOf(call({ url: server.url }));

    expect(error).toHaveProperty("message", expect.stringContaining("ECONNREFUSED"));
    expect(error).not.toBeInstanceOf(Silence);
  });

  it("from an answer that was lost", async () => {
    nock("https://desk.example").post(/./).replyWithError("ECONNRESET by peer");

    const error = await errorOf(call());

    expect(error).toBeInstanceOf(RetryLater);
    expect(error).not.toBeInstanceOf(Silence);
  });

  it("from an end that we wanted ourselves", async () => {
    await using server = await silentDesk();
    const signal = AbortSignal.timeout(1100);

    const error = await errorOf(call({ url: server.url, signal }));

    expect(error).toBeInstanceOf(RetryLater);
    expect(error).not.toBeInstanceOf(Silence);
  });
});

it.each([400, 404, 405, 410, 413, 418, 422])("takes %i for a refusal", async (status) => {
  answers(status, "the\r\nreason\0 is this");

  const error = await errorOf(call());

  if (!(error instanceof Problem)) throw error;
  const { number, reference } = error.facts as { number: string; reference: string };
  expect(number).toBe("DL-1042");
  const { cause } = error as { cause: Error };
  expect(cause.message).toContain(`answered ${status} (reference ${reference})`);
  expect(cause.cause).toEqual(new Quote('"the reason is this"')); // beside it, for the log does without
});

it("keeps secrets of the address and long answers out of what it says", async () => {
  answers(422, `${"a".repeat(199)}👍${"b".repeat(5000)}`);

  const error = await errorOf(call());

  const { cause } = error as { cause: Error };
  const said = `${cause} ${cause.cause}`;
  expect(said).not.toContain("t0ken");
  expect(said.length).toBeLessThan(350);
  expect(said.isWellFormed()).toBe(true);
});

function answers(status: number, body?: nock.Body, headers: Record<string, string> = {}): void {
  nock("https://desk.example").post("/tickets?key=t0ken", "{}").reply(status, body, headers);
}

async function silentDesk() {
  nock.enableNetConnect("127.0.0.1");
  const server = await startFakeDesk();
  server.book.faults.push("hang");
  return server;
}

type Given = { answer?: z.ZodType; url?: string; timeoutMs?: number; signal?: AbortSignal };

function call({ signal = new AbortController().signal, ...given }: Given = {}) {
  const answer = z.object({ id: z.number() });
  const ticket = { number: "DL-1042", method: "POST", url: secretUrl } as const;
  const headers = { "content-type": "application/json" };
  return callDesk({ ...ticket, headers, body: "{}", answer, ...given }, signal);
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("the call succeeded"),
    (error: unknown) => error,
  );
}
