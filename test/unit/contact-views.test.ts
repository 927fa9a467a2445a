import { describe, expect, it } from "vitest";
import type { ContactState } from "#db/tables.ts";
import { textsOf } from "#text/texts.ts";
import { contactAnswered, contactOnPage, contactQuestion } from "#tickets/contact-views.ts";
import type { Ask } from "#tickets/store-contact.ts";
import { contactStanding } from "#tickets/views.ts";
import { ticket } from "../support/ticket-rows.ts";

const t = textsOf("ja");
const ASK = { id: "a", round: 1, team_id: "T0ACME", user_id: "U0TOM", email: null } as Ask;
const DUE = { contact_due_at: new Date("2027-01-15T09:00:00Z") };

describe("a contact who is not available", () => {
  it.each(["falling", "held", "absent"] as const)("is not said to be silent (%s)", (state) => {
    const standing = { ...DUE, contact_state: state };
    const unavailable = contactStanding(t, ticket({ ...standing, contact_declined: true }));

    expect(unavailable).toMatch(/^いまは対応できません/);
    expect(contactStanding(t, ticket(standing))).toMatch(
      /^(返事がありません|連絡が取れていません)/,
    );
  });

  it.each([
    ["asking", /ほかの人に確認します/],
    ["falling", /ほかに確認できる人がいません。.*09:00.*に優先度を見直します/],
    ["absent", /ほかに確認できる人がいません。対応できるようになったら/],
    ["present", /\*Hana\* さんが連絡担当者として対応しています/],
  ] satisfies [ContactState, RegExp][])("reads what comes next (%s)", (state, words) => {
    const now = ticket({ ...DUE, contact_state: state, contact_name: "Hana" });

    expect(contactAnswered(t, now, { ask: ASK, says: "unavailable" }).text).toMatch(words);
  });

  it("is not called out of reach to whoever stands in", () => {
    const { text } = contactQuestion(t, ticket(DUE), { ask: ASK, as: "instead" });

    expect(text).toContain("代わりの連絡担当者が必要です");
  });
});

describe("a question to who filed the ticket themselves", () => {
  const own = { ...ASK, user_id: "U0HANA" };

  it.each(["named", "again", "instead"] as const)("speaks of nobody else (%s)", (as) => {
    const { text } = contactQuestion(t, ticket(DUE), { ask: own, as });

    expect(text).toContain("あなたのお問い合わせ");
    expect(text).not.toContain("Hana");
    expect(contactQuestion(t, ticket(DUE), { ask: ASK, as }).text).not.toContain("あなたのお問い");
  });

  it("knows a visitor by the e-mail address", () => {
    const visitors = ticket({
      ...DUE,
      contact_state: "asking",
      requester_email: "mika@acme.example",
    });
    const ask = { ...ASK, team_id: null, user_id: null, email: "mika@acme.example" };

    expect(contactOnPage(t, visitors, { ask, as: "named" }).lines[0]).toContain(
      "あなたのお問い合わせ",
    );
  });
});

describe("the page of a contact", () => {
  const fallen = { asked_priority: "urgent", priority: "high" } as const;
  const silent = { ...ASK, answer: "silent" } as Ask;

  it("names the priority as it is now, and still takes an answer", () => {
    const now = ticket({ ...fallen, contact_state: "absent" });

    const { lines, answers } = contactOnPage(t, now, { ask: silent, as: "named" });

    expect(lines.join()).toContain(t.priorities.high);
    expect(lines.join()).not.toContain(t.priorities.urgent);
    expect(answers).toEqual(["here"]);
  });

  it("needs no answer of whoever was silent while another is there", () => {
    const now = ticket({ contact_state: "present", contact_name: "Hana" });

    const { lines, answers } = contactOnPage(t, now, { ask: silent, as: "named" });

    expect(lines.join()).toContain("返事は必要ありません");
    expect(answers).toEqual([]);
  });
});
