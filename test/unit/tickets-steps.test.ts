import { describe, expect, it } from "vitest";
import type { Status } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import { textsOf } from "#text/texts.ts";
import { nextStatus, type Step, stepsFrom } from "#tickets/ticket.ts";

const STATUSES = ["new", "open", "pending", "on_hold", "solved", "closed"] as const;

// Where each step leads from each status; "!" is a refusal.
const MACHINE = {
  take: "open open pending on_hold !already-solved !already-closed",
  reply: "open open open open !already-solved !already-closed",
  ask: "pending pending pending pending !already-solved !already-closed",
  solve: "solved solved solved solved !already-solved !already-closed",
  reopen: "!not-solved !not-solved !not-solved !not-solved open !already-closed",
  inform: "new open open open open !already-closed",
} satisfies Record<Step, string>;

const SENTENCES: Record<string, { ja: string; en: string }> = {
  "already-solved": {
    ja: "DL-1042はすでに解決になっています。続けるときは「再開する」を押してください。",
    en: "DL-1042 is solved already. Press “Reopen” to go on with it.",
  },
  "already-closed": {
    ja: "DL-1042は終了しています。続きは新しいお問い合わせとして送信してください。",
    en: "DL-1042 is closed. Submit a new ticket to go on with it.",
  },
  "not-solved": {
    ja: "DL-1042はまだ解決になっていないので、再開の必要はありません。",
    en: "DL-1042 is not solved, so there is nothing to reopen.",
  },
};

const cases = Object.entries(MACHINE).flatMap(([step, row]) =>
  row.split(" ").map((outcome, index) => ({
    step: step as Step, // the keys of the table are the steps
    status: STATUSES[index] as Status, // a row has one word for each
    outcome,
  })),
);

describe("the state machine", () => {
  it("names every step and every status", () => {
    expect(cases).toHaveLength(6 * 6);
  });

  it.each(cases)("$step from $status: $outcome", ({ step, status, outcome }) => {
    const take = () => nextStatus(step, { number: 1042, status });
    if (!outcome.startsWith("!")) return expect(take()).toBe(outcome);

    const refusal = refusalOf(take);

    expect(textsOf("ja").problem(refusal)).toBe(SENTENCES[outcome.slice(1)]?.ja);
    expect(textsOf("en").problem(refusal)).toBe(SENTENCES[outcome.slice(1)]?.en);
  });

  it.each(STATUSES)("shows only the buttons that work from %s", (status) => {
    const possible = cases.filter(
      (each) => each.status === status && !each.outcome.startsWith("!"),
    );
    const steps = possible.map(({ step }) => step);

    expect(stepsFrom({ status, assignee_user_id: null })).toEqual(steps);
    expect(stepsFrom({ status, assignee_user_id: "U1" })).toEqual(
      steps.filter((step) => step !== "take"),
    );
  });
});

function refusalOf(act: () => unknown): Problem {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}
