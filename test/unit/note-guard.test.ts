import { describe, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { repeats } from "#tickets/note-guard.ts";
import type { StepMade } from "#tickets/store-history.ts";
import type { Note } from "#tickets/store-notes.ts";
import { customerSaid } from "#tickets/thread-views.ts";
import { history, ticket } from "../support/ticket-rows.ts";

const CERTIFICATE =
  "Internal: the root cause is the expired TLS certificate on edge-7, do not tell them yet.";

describe("a message to the customer", () => {
  it.each([
    ["the note itself", "They pay late. Do not hurry.", "They pay late. Do not hurry."],
    [
      "the note among other words",
      "Hello! they PAY  late, do not hurry.",
      "They pay late. Do not hurry.",
    ],
    [
      "one sentence of it",
      "By the way: do not hurry with them!",
      "They pay late. Do not hurry with them.",
    ],
    ["a part of it", "do not hurry with", "They pay late. Do not hurry with them."],
    ["a short note", "支払い遅延", "支払い遅延"],
    ["a note in full-width forms", "ＡＰＩキーが漏れています", "APIキーが漏れています。"],
    [
      "a line of a list",
      "・先方の担当者は怒っている",
      "メモ:\n・先方の担当者は怒っている\n・来週まで待つ",
    ],
    [
      "some words out of the middle of it",
      "We found that the root cause is the expired\nTLS  certificate on EDGE-7.",
      CERTIFICATE,
    ],
    [
      "the end of it after other words",
      "障害の原因は、証明書の更新を忘れていたことでした。",
      "先方には言わない：証明書の更新を忘れていたこと。",
    ],
  ])("repeats %s", (_what, message, note) => {
    expect(repeats(message, note)).toBe(true);
  });

  it.each([
    ["what everybody says", "Thank you, please try again.", "Thank you."],
    ["a note of a word", "ok, done", "ok"],
    ["an empty note", "Hello", ""],
    [
      "other words about the same",
      "Please restart the server.",
      "Restarting helped at Beta last week.",
    ],
    ["signs alone", "...!?", "...!?"],
    ["a short answer that a note has, too", "はい", "はい、と答えておく"],
    ["a few words that both have", "The TLS certificate was renewed.", CERTIFICATE],
    [
      "a Japanese word that both have",
      "証明書を更新しました。",
      "先方には言わない：証明書の更新を忘れていたこと。",
    ],
  ])("does not repeat %s", (_what, message, note) => {
    expect(repeats(message, note)).toBe(false);
  });

  it("takes a comment and never a note", () => {
    const note: Note = { id: "1", authorName: "Ben", note: "They pay late." };
    // @ts-expect-error a note is no comment: whoever tries to show it to a customer does not get past the compiler
    const said: StepMade["comment"] = note;

    const words = customerSaid(textsOf("en"), ticket({}), {
      history: history("Aki"),
      comment: said,
    });

    expect(JSON.stringify(words)).not.toContain("They pay late.");
  });
});
