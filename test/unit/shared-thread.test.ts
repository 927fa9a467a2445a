import { expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { contactQuestion } from "#tickets/contact-views.ts";
import { digestMessage } from "#tickets/digest-views.ts";
import type { Ask } from "#tickets/store-contact.ts";
import { triageCard } from "#tickets/views.ts";
import { ticket } from "../support/ticket-rows.ts";

const t = textsOf("en");
const URL = "https://acme.slack.com/archives/D0HANA/p10000001";
const inChannel = ticket({ card_url: URL });
const inDm = ticket({ card_url: URL, card_channel_id: "D0HANA" });

const shown: [string, (row: typeof inDm) => unknown][] = [
  [
    "the triage card",
    (row) => triageCard(t, row, { account: { name: "Acme", plan: "paid" }, attachments: [] }),
  ],
  ["a digest", (row) => digestMessage(t, [row], new Map())],
  ["a question to somebody else", (row) => asking(row, "U0TOM")],
];

it.each(shown)(
  "leads others to a thread from %s, and not where it is the requester's alone",
  (_where, draw) => {
    expect(JSON.stringify(draw(inChannel))).toContain(URL);
    expect(JSON.stringify(draw(inDm))).not.toContain(URL);
  },
);

it("leads the requester to their own", () => {
  expect(JSON.stringify(asking(inDm, "U0HANA"))).toContain(URL);
});

function asking(row: typeof inDm, userId: string) {
  const ask = { id: "a", round: 1, team_id: "T0ACME", user_id: userId, email: null } as Ask;
  return contactQuestion(t, row, { ask, as: "named" });
}
