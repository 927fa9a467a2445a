import { describe, expect, it } from "vitest";
import { addressHash, readAddress } from "#simulator/page/address.ts";
import { checkInput } from "#simulator/page/check-input.ts";
import type { Block } from "#simulator/page/contract.ts";
import { currentValues } from "#simulator/page/element-state.ts";
import { steppedIndex } from "#simulator/page/keys.ts";
import { escapeText, typedText } from "#simulator/page/typed-text.ts";
import { en } from "#simulator/page/words-en.ts";
import { ja } from "#simulator/page/words-ja.ts";

describe("what a form holds", () => {
  const blocks = [input("subject", { type: "plain_text_input", initial_value: "VPN" })];

  it("is the initial value until somebody types", () => {
    expect(currentValues(blocks, {}, {})).toEqual(held("subject", "VPN"));
    expect(currentValues(blocks, held("subject", "DNS"), {})).toEqual(held("subject", "DNS"));
    expect(currentValues(blocks, held("subject", "DNS"), held("subject", ""))).toEqual(
      held("subject", ""),
    );
  });

  it("drops what an update has taken away or made another kind of field", () => {
    const select = { type: "static_select", options: [] };
    const changed = [input("subject", select)];

    expect(currentValues(changed, {}, held("subject", "typed"))).toEqual({
      subject: { text: { type: "static_select", selected_option: null } },
    });
    expect(currentValues([], {}, held("subject", "typed"))).toEqual({});
  });

  it("sees elements in sections and actions too", () => {
    const element = { type: "checkboxes", action_id: "text", options: [] };
    const section: Block = { type: "section", block_id: "one", accessory: element };
    const actions: Block = { type: "actions", block_id: "two", elements: [element] };

    const state = { text: { type: "checkboxes", selected_options: [] } };
    expect(currentValues([section, actions], {}, {})).toEqual({ one: state, two: state });
  });
});

describe("what is refused before it is sent", () => {
  it.each([
    [{ type: "plain_text_input" }, null, en.required],
    [{ type: "plain_text_input", min_length: 3 }, "ab", en.tooShort(3)],
    [{ type: "plain_text_input", max_length: 3 }, "abcd", en.tooLong(3)],
    [{ type: "plain_text_input", max_length: 3 }, "abc", undefined],
    [{ type: "email_text_input" }, "hana", en.notEmail],
    [{ type: "email_text_input" }, "hana@acme.example", undefined],
    [{ type: "url_text_input" }, "acme", en.notUrl],
    [{ type: "number_input" }, "many", en.notNumber],
    [{ type: "number_input" }, "0", undefined],
  ])("%j holding %j: %s", (element, value, sentence) => {
    const values = { field: { text: { type: element.type, value } } };

    const errors = checkInput([input("field", element)], values, en);

    expect(errors).toEqual(sentence ? { field: sentence } : {});
  });

  it("is never an optional field left empty", () => {
    const blocks = [{ ...input("field", { type: "plain_text_input" }), optional: true }];

    expect(checkInput(blocks, held("field", null), en)).toEqual({});
  });

  it("is an untouched choice that is needed", () => {
    const blocks = [input("field", { type: "checkboxes", options: [] })];
    const values = { field: { text: { type: "checkboxes", selected_options: [] } } };

    expect(checkInput(blocks, values, en)).toEqual({ field: en.required });
  });
});

it("keeps an address through the hash, and takes only languages it has", () => {
  const address = { as: "U0TOM", language: "ja" as const, place: "C0HELP", thread: "1.2" };

  expect(readAddress(addressHash(address))).toEqual(address);
  expect(readAddress("#lang=xx&as=U1")).toEqual({
    as: "U1",
    language: undefined,
    place: undefined,
    thread: undefined,
  });
});

it("gives a message back for editing as it was typed", () => {
  const typed = "hi @Hana & <b>, see https://a.example @here";
  const stored = "hi <@U0HANA> &amp; &lt;b&gt;, see <https://a.example> <!here>";

  expect(typedText(stored, { U0HANA: "Hana" })).toBe(typed);
  expect(typedText(escapeText("a &lt; <b>"), {})).toBe("a &lt; <b>");
});

it("goes round at the ends of a list", () => {
  expect(steppedIndex("ArrowDown", 2, 3)).toBe(0);
  expect(steppedIndex("ArrowUp", 0, 3)).toBe(2);
  expect(steppedIndex("End", 0, 3)).toBe(2);
  expect(steppedIndex("a", 0, 3)).toBeUndefined();
  expect(steppedIndex("ArrowDown", 0, 0)).toBeUndefined();
});

it("has no word of one language in the other", () => {
  const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;
  const { languages: _english, ...english } = en;
  const { languages: _japanese, ...others } = ja;

  expect(sentences(english).filter((one) => japanese.test(one))).toEqual([]);
  expect(sentences(others).filter((one) => /[a-z]{3,} [a-z]{3,} [a-z]{3,}/.test(one))).toEqual([]);
  expect(sentences(others).length).toBe(sentences(english).length);
});

function sentences(words: unknown): string[] {
  if (typeof words === "string") return [words];
  if (typeof words === "function") return [String(words(3, 3, 3, 3))];
  return Object.values(words ?? {}).flatMap(sentences);
}

function input(blockId: string, element: { type: string; [key: string]: unknown }): Block {
  const label = { type: "plain_text", text: blockId };
  return { type: "input", block_id: blockId, label, element: { action_id: "text", ...element } };
}

function held(blockId: string, value: string | null) {
  return { [blockId]: { text: { type: "plain_text_input", value } } };
}
