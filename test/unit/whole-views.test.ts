import { expect, it } from "vitest";
import { whole } from "#slack/quotation.ts";
import { textsOf } from "#text/texts.ts";
import { customerSaid, threadMessage } from "#tickets/thread-views.ts";
import { READ_WHOLE, wholeModal } from "#tickets/whole-views.ts";
import { comment, history, ticket } from "../support/ticket-rows.ts";
import { textOf } from "../support/ticket-walk.ts";

const t = textsOf("ja");

it.each([
  ["what a message shows whole", "x".repeat(8000), 0],
  ["what it cuts short", "x".repeat(9000), 1],
])("offers a customer to read %s", (_what, body, many) => {
  const told = { history: history("Aki"), comment: comment(body) };

  const message = threadMessage(customerSaid(t, ticket(), told));

  expect(JSON.stringify(message.blocks).split(READ_WHOLE)).toHaveLength(many + 1);
});

it("fits the longest that there is, every sign of it escaped, into a modal", () => {
  const body = "<&>\n".repeat(10_000);

  const { blocks } = wholeModal(t, ticket(), { history: history("Aki"), comment: comment(body) });

  expect(blocks.length).toBeLessThanOrEqual(100);
  expect(Buffer.byteLength(JSON.stringify(blocks))).toBeLessThan(250_000);
  expect(textOf(whole(body)).replaceAll("\n", "")).toBe("&lt;&amp;&gt;".repeat(10_000));
});

it("says of words that are gone that they are", () => {
  const gone = { history: history("Aki"), comment: comment("") };

  expect(textOf(wholeModal(t, ticket(), gone).blocks)).toContain(t.agents.wasDeleted);
});
