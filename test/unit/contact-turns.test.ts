import { describe, expect, it } from "vitest";
import { NO_POLICY } from "#accounts/policy.ts";
import type { ContactState, Priority } from "#db/tables.ts";
import { type ContactEvent, countsOnContact, minutesOf, TURNS } from "#tickets/contact-turns.ts";
import { PRIORITIES, priorityNow, WHAT, WHO, WORKAROUND } from "#tickets/priority.ts";

const EVENTS = ["needed", "here", "unavailable", "due", "hold", "needless"] as const;

/** Where each event leads from each state, in the order above; "." is nothing. Written beside the code, not from it. */
const EXPECTED = {
  off: "anew . . . . .",
  asking: "anew present next next . off",
  present: "anew . next anew . off",
  falling: "anew present . absent held off",
  held: "anew present . falling . off",
  absent: "anew present . . . off",
} satisfies Record<ContactState, string>;
const ROWS = Object.entries(EXPECTED).flatMap(([state, row]) =>
  row
    .split(" ")
    .map((next, at) => [state as ContactState, EVENTS[at] as ContactEvent, next] as const),
);

describe("the living contract", () => {
  it.each(ROWS)("from %s at %s leads to %s", (state, event, next) => {
    const turn = TURNS[state][event];

    expect(turn ? ("ask" in turn ? turn.ask : turn.to) : ".").toBe(next);
  });

  it("has no state that waits without an end", () => {
    const { priority } = NO_POLICY;
    for (const [state, turns] of Object.entries(TURNS)) {
      const waits = countsOnContact({
        contact_state: state as ContactState,
        contact_user_id: null,
        contact_email: null,
      });
      expect(minutesOf(state as ContactState, priority) !== undefined).toBe(waits);
      expect(turns.due !== undefined).toBe(waits);
    }
  });

  it("has the times of the contract when the policy says nothing", () => {
    const minutes = Object.keys(TURNS).map((state) =>
      minutesOf(state as ContactState, NO_POLICY.priority),
    );

    expect(minutes).toEqual([undefined, 15, 240, 30, 240, undefined]);
  });
});

/** The most that the facts support, as DESIGN section 3 has it in words. */
function supported(what: string, who: string, workaround: string): Priority {
  if (what === "minor-bug" || what === "question") return "low";
  if (what === "function") return "normal";
  if (workaround !== "none" || who === "some") return "normal";
  return what === "nothing-works" && who === "all" ? "urgent" : "high";
}

/** The lower of what was asked and supported; without a contact, one below that if it needs one. */
function expected(most: Priority, asked: Priority, how: { hasContact: boolean; high: boolean }) {
  const lower = PRIORITIES[Math.max(PRIORITIES.indexOf(most), PRIORITIES.indexOf(asked))];
  if (how.hasContact) return lower;
  if (lower === "urgent") return how.high ? "normal" : "high";
  return lower === "high" && how.high ? "normal" : lower;
}

const CASES = WHAT.flatMap((what) =>
  WHO.flatMap((who) =>
    WORKAROUND.flatMap((workaround) =>
      PRIORITIES.map((asked) => ({ what, who, workaround, asked })),
    ),
  ),
);

it.each(CASES)("$what, $who, $workaround, asked $asked: the priority in force", (each) => {
  const { asked, ...facts } = each;
  const most = supported(facts.what, facts.who, facts.workaround);
  for (const hasContact of [true, false])
    for (const high of [true, false])
      expect(priorityNow({ asked, facts, hasContact }, { contact_for_high: high })).toBe(
        expected(most, asked, { hasContact, high }),
      );
});
