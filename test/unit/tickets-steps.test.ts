import { describe, expect, it } from "vitest";
import { Problem } from "#errors.ts";
import { textsOf } from "#text/texts.ts";
import { nextStatus, stepsFrom } from "#tickets/ticket.ts";
import { MACHINE_CASES, STATUSES } from "../support/ticket-machine.ts";

const SENTENCES: Record<string, { ja: string; en: string }> = {
  "already-solved": {
    ja: "DL-1042はすでに解決になっています。続けるときは、再開してください。",
    en: "DL-1042 is solved already. Reopen it to go on with it.",
  },
  "already-closed": {
    ja: "DL-1042は終了しています。続きは、スレッドに書くか、新しいお問い合わせとして送信してください。",
    en: "DL-1042 is closed. Write in its thread, or submit a new ticket, to go on with it.",
  },
  "not-solved": {
    ja: "DL-1042は、いまは解決になっていません。対応を続けています。",
    en: "DL-1042 is not solved at the moment. Work on it goes on.",
  },
};

describe("the state machine", () => {
  it("names every step and every status", () => {
    expect(MACHINE_CASES).toHaveLength(11 * 6);
  });

  it.each(MACHINE_CASES)("$step from $status", (each) => {
    const { step, status } = each;
    const take = () => nextStatus(step, { number: 1042, status });
    if ("next" in each) return expect(take()).toBe(each.next);

    const refusal = refusalOf(take);

    expect(textsOf("ja").problem(refusal)).toBe(SENTENCES[each.refusal]?.ja);
    expect(textsOf("en").problem(refusal)).toBe(SENTENCES[each.refusal]?.en);
  });

  it.each(STATUSES)("shows only the buttons that work from %s", (status) => {
    const possible = MACHINE_CASES.filter((each) => each.status === status && "next" in each);
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
