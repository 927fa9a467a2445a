import { afterEach, expect, it, vi } from "vitest";
import type { CallSlack } from "#slack/clients.ts";
import { createPeople } from "#slack/people.ts";

const AKI = { teamId: "T1", userId: "U1" };
const HOUR_MS = 60 * 60_000;

afterEach(() => {
  vi.useRealTimers();
});

it.each([
  ["https://avatars.slack-edge.com/2026-01-01/1_2_72.png", true],
  ["https://secure.gravatar.com/avatar/0f.jpg?s=72&d=https%3A%2F%2Fa.slack-edge.com%2Fd.png", true],
  ["https://a.slack-edge.com/80588/img/avatars/ava_0001-72.png", true],
  ["http://avatars.slack-edge.com/1.png", false],
  ["https://avatars.slack-edge.com:8443/1.png", false],
  ["https://avatars.slack-edge.com.evil.example/1.png", false],
  ["https://evil.example/avatars.slack-edge.com/1.png", false],
  ["https://aki:secret@avatars.slack-edge.com/1.png", false],
  ["https://files.slack.com/1.png", false],
  ["javascript:alert(1)", false],
  ["data:image/png;base64,AAAA", false],
  ["not an address", false],
  [undefined, false],
])("takes the picture %s only when it is Slack's: %s", async (image_72, isTaken) => {
  const people = peopleOf(() => image_72);

  expect(await people.pictureOf(AKI)).toBe(isTaken ? image_72 : undefined);
});

it("takes one of a test's own place", async () => {
  const at = "http://127.0.0.1:3030/sim/picture?of=U1";

  expect(await peopleOf(() => at, "http://127.0.0.1:3030").pictureOf(AKI)).toBe(at);
  expect(await peopleOf(() => at, "http://127.0.0.1:3031").pictureOf(AKI)).toBeUndefined();
});

it("asks once an hour, once for all who wait, and keeps the last when Slack is silent", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  let asked = 0;
  const people = peopleOf(() => {
    asked += 1;
    if (asked === 2) throw new Error("silent");
    return `https://a.slack-edge.com/${asked}.png`;
  });
  const look = () => people.pictureOf(AKI);

  const first = "https://a.slack-edge.com/1.png";
  expect(await Promise.all([look(), look()])).toEqual([first, first]);
  vi.advanceTimersByTime(HOUR_MS - 1);
  expect([await look(), asked]).toEqual([first, 1]);
  vi.advanceTimersByTime(1);
  expect([await look(), await look(), asked]).toEqual([first, first, 2]);
  vi.advanceTimersByTime(HOUR_MS);
  expect([await look(), asked]).toEqual(["https://a.slack-edge.com/3.png", 3]);
});

function peopleOf(image: () => string | undefined, picturesUrl?: string) {
  const callSlack = (async () => ({
    user: { id: "U1", name: "aki", profile: { image_72: image() } },
  })) as unknown as CallSlack; // whatever it is asked
  return createPeople(callSlack, { known: [], remember: async () => {} }, picturesUrl);
}
