import { describe, expect, it } from "vitest";
import { createPace } from "#simulator/pace.ts";
import { createTriggers } from "#simulator/triggers.ts";

describe("pace", () => {
  it("lets one message a second into a channel after a burst of two", () => {
    const clock = createClock();
    const pace = createPace(true, clock.now);
    const waits = [0, 0, 0].map(() => pace.take("post", "C1"));

    clock.pass(1000);

    expect(waits).toEqual([0, 0, 1]);
    expect(pace.take("post", "C1")).toBe(0);
    expect(pace.take("post", "C1")).toBe(1);
  });

  it("counts each key by itself", () => {
    const pace = createPace(true, createClock().now);
    pace.take(1, "one");

    expect(pace.take(1, "one")).toBe(60);
    expect(pace.take(1, "other")).toBe(0);
  });

  it.each([
    [2, 20],
    [3, 50],
    [4, 100],
  ] as const)("keeps tier %i to about %i a minute", (tier, perMinute) => {
    const clock = createClock();
    const pace = createPace(true, clock.now);
    let granted = 0;

    for (let second = 0; second < 600; second++) {
      for (let call = 0; call < 5; call++) if (pace.take(tier, "key") === 0) granted++;
      clock.pass(1000);
    }

    expect(granted / 10).toBeGreaterThan(perMinute * 0.95);
    expect(granted / 10).toBeLessThan(perMinute * 1.05);
  });

  it("is off when asked", () => {
    const pace = createPace(false);

    expect(Array.from({ length: 50 }, () => pace.take(1, "key")).every((wait) => wait === 0)).toBe(
      true,
    );
  });
});

describe("trigger_id", () => {
  const from = { teamId: "T1", userId: "U1" };

  it("works once", () => {
    const triggers = createTriggers();
    const { id } = triggers.issue(from);
    triggers.spend(triggers.check(id, "T1"), "V1");

    expect(() => triggers.check(id, "T1")).toThrow("exchanged_trigger_id");
  });

  it("works for 3 seconds", () => {
    const clock = createClock();
    const triggers = createTriggers(clock.now);
    const { id } = triggers.issue(from);
    clock.pass(3000);
    triggers.check(id, "T1");
    clock.pass(1);

    expect(() => triggers.check(id, "T1")).toThrow("expired_trigger_id");
  });

  it("works in its own workspace only", () => {
    const triggers = createTriggers();
    const { id } = triggers.issue(from);

    expect(() => triggers.check(id, "T2")).toThrow("invalid_trigger_id");
    expect(() => triggers.check("made.up.id", "T1")).toThrow("invalid_trigger_id");
  });
});

function createClock(): { now(): number; pass(ms: number): void } {
  let time = 1_800_000_000_000;
  return {
    now: () => time,
    pass(ms) {
      time += ms;
    },
  };
}
