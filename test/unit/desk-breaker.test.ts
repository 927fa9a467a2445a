import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { withBreaker } from "#desk/breaker.ts";
import type { DeskChange, DeskFile, FiledTicket, NewDeskTicket } from "#desk/desk.ts";
import { refusal } from "#desk/refusal.ts";
import { RetryLater, Silence } from "#errors.ts";
import { createMetrics } from "#metrics.ts";
import { readPage } from "../support/metrics.ts";

const FEW = 4; // one silence more, and calls are held back
const PAUSE_MS = 3000;
const stopped = AbortSignal.abort();
const answers: [string, Error | undefined][] = [
  ["yes", undefined],
  ["busy", new RetryLater("busy", { afterMs: 30_000 })],
  ["no", refusal("DL-1", "not this one")],
  ["nonsense", new TypeError("a bug")],
];

describe("while the desk is silent", () => {
  it("makes no call after five in a row, and says so with the reason", async () => {
    const world = openWorld();

    await world.fallSilent();
    const error = await world.ask().ended;

    expect(world.made()).toBe(FEW + 1);
    expect(error).toBeInstanceOf(RetryLater);
    expect(error).toMatchObject({
      message: "the desk is silent, this call was not made",
      afterMs: undefined,
      cause: { message: "no answer from the desk" },
    });
  });

  it("makes one call after a pause, and holds the others back until that ends", async () => {
    const world = openWorld();
    await world.fallSilent();
    world.pass(PAUSE_MS - 1);
    await world.ask().ended;
    expect(world.made()).toBe(FEW + 1);

    world.pass(1);
    const probe = world.ask();
    world.pass(10 * PAUSE_MS);
    await Promise.all([world.ask().ended, world.ask().ended]);

    expect(world.made()).toBe(FEW + 2);
    await probe.end(new Silence("still no answer"));
    await world.ask().ended;
    expect(world.made()).toBe(FEW + 2);
    world.pass(PAUSE_MS);
    world.begin();
    expect(world.made()).toBe(FEW + 3);
  });

  it.each(answers)("makes all calls again after the first answer: %s", async (_what, answer) => {
    const world = openWorld();
    await world.fallSilent();
    world.pass(PAUSE_MS);

    await world.ask().end(answer);

    for (let n = 0; n < FEW; n++) await world.ask().end(new Silence("no answer"));
    world.begin();
    expect(world.made()).toBe(FEW + 1 + 1 + FEW + 1);
  });

  it("makes all calls again when one from before is answered after all", async () => {
    const world = openWorld();
    const early = world.ask();
    await world.fallSilent();

    await early.end();
    world.begin();

    expect(world.made()).toBe(1 + FEW + 1 + 1);
  });

  it("never asks with two at once, whatever becomes of calls from before", async () => {
    const world = openWorld();
    const early = world.ask();
    await world.fallSilent();
    world.pass(PAUSE_MS);
    world.begin();

    await early.end(new Silence("no answer"));
    world.pass(PAUSE_MS);
    await world.ask().ended;

    expect(world.made()).toBe(1 + FEW + 1 + 1);
  });

  it("learns nothing from a call that we stopped, and asks with the next", async () => {
    const world = openWorld();
    await world.fallSilent();
    world.pass(PAUSE_MS);

    await world.ask(stopped).end(new RetryLater("stopped"));
    const probe = world.ask();
    await world.ask().ended;

    expect(world.made()).toBe(FEW + 3);
    await probe.end();
  });

  it("asks with the next when one does not hear that we stopped it", async () => {
    const world = openWorld();
    const stopping = new AbortController();
    await world.fallSilent();
    world.pass(PAUSE_MS);
    world.begin(stopping.signal);

    stopping.abort();
    world.begin();

    expect(world.made()).toBe(FEW + 3);
  });

  it("counts what is held back, without a time, and logs the beginning and the end", async () => {
    const world = openWorld();
    await world.fallSilent();

    await world.ask().ended;
    await world.askChange();
    await world.askFile();
    world.pass(PAUSE_MS);
    await world.ask().end(new Silence("no answer"));
    world.pass(PAUSE_MS);
    await world.ask().end();

    const page = await world.page();
    for (const operation of ["create", "change", "attach"])
      expect(page.value("deskline_desk_calls_total", { operation, outcome: "held" })).toBe(1);
    expect(page.text).not.toContain("deskline_desk_call_seconds_count{");
    expect(world.logged).toEqual([
      {
        level: 40,
        msg: "the desk is silent: calls to it are held back",
        reason: "no answer from the desk",
      },
      { level: 30, msg: "the desk is no longer silent" },
    ]);
  });
});

describe("a desk that is not silent", () => {
  it.each(answers)("may say as often as it likes: %s", async (_what, answer) => {
    const world = openWorld();

    for (let n = 0; n < 30; n++) await world.ask().end(answer);

    expect(world.made()).toBe(30);
    expect(world.logged).toEqual([]);
  });

  it.each(answers)("is one that says it between silences: %s", async (_what, answer) => {
    const world = openWorld();
    for (let n = 0; n < FEW; n++) await world.ask().end(new Silence("no answer"));

    await world.ask().end(answer);

    for (let n = 0; n < FEW; n++) await world.ask().end(new Silence("no answer"));
    world.begin();
    expect(world.made()).toBe(FEW + 1 + FEW + 1);
  });

  it("is not taken for one because we stopped its calls", async () => {
    const world = openWorld();
    for (let n = 0; n < 30; n++) await world.ask(stopped).end(new RetryLater("stopped"));

    world.begin();

    expect(world.made()).toBe(31);
  });

  it("may have told us nothing, then as before", () => {
    expect(openWorld().desk.receive).toBeUndefined();
  });
});

/** A desk whose calls end when and as the test says, and a clock. */
function openWorld() {
  const calls: PromiseWithResolvers<{ id: string }>[] = [];
  const logged: unknown[] = [];
  const metrics = createMetrics();
  let time = 0;
  function call() {
    const made = Promise.withResolvers<{ id: string }>();
    calls.push(made);
    return made.promise;
  }
  const log = pino(
    { base: null, timestamp: false },
    { write: (line: string) => logged.push(JSON.parse(line)) },
  );
  const attach = async () => ({ size: (await call()).id.length, sha256: "" });
  const bare = { name: "d", create: call, change: async () => void (await call()), attach };
  const desk = withBreaker(bare, { log, metrics, now: () => time });

  /** `ended`: the error, or what was answered. */
  function ask(signal = new AbortController().signal) {
    const before = calls.length;
    const ended = desk.create({} as NewDeskTicket, signal).catch((error: unknown) => error);
    const made = calls[before];
    return {
      ended,
      end(error?: Error) {
        if (!made) throw new Error("this call was not made");
        if (error) made.reject(error);
        else made.resolve({ id: "1" });
        return ended;
      },
    };
  }
  return {
    desk,
    logged,
    ask,
    /** Asks, and does not wait for the end. */
    begin: (signal?: AbortSignal) => void ask(signal),
    askChange: () =>
      desk
        .change({} as FiledTicket, {} as DeskChange, new AbortController().signal)
        .catch((error: unknown) => error),
    askFile: () =>
      desk
        .attach?.({} as FiledTicket, {} as DeskFile, new AbortController().signal)
        .catch((error: unknown) => error),
    made: () => calls.length,
    page: async () => readPage(await metrics.registry.metrics()),
    pass(ms: number) {
      time += ms;
    },
    async fallSilent() {
      for (let n = 0; n <= FEW; n++) await ask().end(new Silence("no answer from the desk"));
    },
  };
}
