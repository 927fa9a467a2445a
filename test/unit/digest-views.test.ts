import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkMessage } from "#simulator/message-check.ts";
import { textsOf } from "#text/texts.ts";
import { digestMessage, LISTED_MOST } from "#tickets/digest-views.ts";
import { PRIORITIES } from "#tickets/priority.ts";
import { STATUSES } from "../support/ticket-machine.ts";
import { ticket } from "../support/ticket-rows.ts";
import { textOf } from "../support/ticket-walk.ts";

describe.each(["ja", "en"] as const)("a digest in %s", (language) => {
  const t = textsOf(language);

  it("is taken by Slack and has every number, whatever people typed", () => {
    const typed = fc.oneof(
      fc.string({ unit: "binary", maxLength: 150 }),
      fc.constantFrom("&".repeat(150), "<!channel>".repeat(15), "長".repeat(150), "*_~`|", ""),
    );
    const given = fc.record({
      subject: typed,
      priority: fc.constantFrom(...PRIORITIES),
      status: fc.constantFrom(...STATUSES),
      card_url: fc.constantFrom(null, urlOf(40), urlOf(90), urlOf(300)),
    });
    const tickets = fc.array(given, { minLength: LISTED_MOST, maxLength: LISTED_MOST });

    fc.assert(
      fc.property(tickets, typed, (rows, name) => {
        const listed = rows.map((row, n) => ticket({ ...row, number: 1_000_000 + n }));

        const { text, blocks } = digestMessage(t, listed, new Map([["acme", name]]));

        checkMessage({ text, blocks });
        const lines = textOf(blocks.slice(0, -1));
        for (const { number } of listed) {
          expect(lines.match(new RegExp(`DL-${number}(?=[ |>])`, "g"))).toHaveLength(1);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("has the most urgent first, and says how many there are of each", () => {
    const listed = (["low", "urgent", "normal", "urgent"] as const).map((priority, n) =>
      ticket({ number: 1001 + n, priority }),
    );

    const { blocks } = digestMessage(t, listed, new Map([["acme", "Acme"]]));

    const lines = textOf(blocks.slice(0, -1));
    expect(lines.match(/DL-\d+/g)).toEqual(["DL-1002", "DL-1004", "DL-1003", "DL-1001"]);
    expect(lines).toContain(`*${t.digest.count(t.priorities.urgent, 2)}*`);
  });

  it("says the status of what was changed meanwhile", () => {
    const solved = ticket({ status: "solved" });

    const { blocks } = digestMessage(t, [solved, ticket()], new Map([["acme", "Acme"]]));

    expect(textOf(blocks).match(new RegExp(`Acme · ${t.statuses.solved}`, "g"))).toHaveLength(1);
  });
});

function urlOf(length: number): string {
  return "https://acme.slack.com/archives/".padEnd(length, "1");
}
