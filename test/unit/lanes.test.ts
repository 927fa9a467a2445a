import { describe, expect, it } from "vitest";
import { channelLane, deskLane, gapMs, methodLane } from "#jobs/lanes.ts";

describe("lanes", () => {
  it("are one for each channel, method and ticket", () => {
    const lanes = [
      channelLane("T1", "C1"),
      channelLane("T1", "C2"),
      channelLane("T2", "C1"),
      methodLane("T1", "chat.update"),
      methodLane("T2", "chat.update"),
      deskLane("t1"),
      deskLane("t2"),
    ];

    expect(new Set(lanes).size).toBe(lanes.length);
  });

  it("rest as Slack wants it: one message a second in a channel, 50 updates a minute in a workspace", () => {
    expect(gapMs(channelLane("T1", "C1"))).toBe(1000);
    expect(gapMs(methodLane("T1", "chat.update"))).toBeGreaterThanOrEqual(60_000 / 50);
  });

  it("do not rest at the desk, which says itself when it is busy", () => {
    expect(gapMs(deskLane("t1"))).toBe(0);
  });

  it("keep Slack's pace for a method that an older version knew", () => {
    expect(gapMs("method/T1/chat.forgotten")).toBe(1000);
  });
});
