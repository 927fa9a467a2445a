import { describe, expect, it } from "vitest";
import { createMemory } from "#slack/memory.ts";

const MINUTE = 60_000;

describe("the memory of deliveries", () => {
  it("holds longer than a signed request is good, and not for ever", () => {
    let now = 0;
    const memory = createMemory<string>(() => now);
    memory.put("a", "first");

    now = 9 * MINUTE;
    memory.put("b", "second");
    expect(memory.get("a")).toBe("first");

    now = 11 * MINUTE;
    memory.put("c", "third");
    expect(memory.get("a")).toBeUndefined();
    expect(memory.get("b")).toBe("second");
  });

  it("forgets what failed, so that it counts when it comes again", () => {
    const memory = createMemory<string>();
    memory.put("a", "first");

    memory.forget("a");

    expect(memory.get("a")).toBeUndefined();
  });

  it("has an end, and gives up the oldest first", () => {
    const memory = createMemory<number>();
    for (let at = 0; at < 6000; at += 1) memory.put(`key ${at}`, at);

    expect(memory.get("key 0")).toBeUndefined();
    expect(memory.get("key 1500")).toBe(1500);
    expect(memory.get("key 5999")).toBe(5999);
  });
});
