import { describe, expect, it } from "vitest";
import { SlackError } from "#simulator/slack-error.ts";
import { checkView, faultsOfView } from "#simulator/view-check.ts";
import { stateOf } from "#simulator/view-state.ts";
import { ticketModal } from "../support/bare-app.ts";

describe("a view", () => {
  it.each([
    ["a title of 25", { title: { type: "plain_text", text: "x".repeat(25) } }, "/view/title/text"],
    ["a title in mrkdwn", { title: { type: "mrkdwn", text: "x" } }, "/view/title/type"],
    [
      "a submit label of 25",
      { submit: { type: "plain_text", text: "x".repeat(25) } },
      "/view/submit/text",
    ],
    ["inputs without submit", { submit: undefined }, "/view"],
    ["private_metadata of 3001", { private_metadata: "x".repeat(3001) }, "/view/private_metadata"],
    ["a callback_id of 256", { callback_id: "x".repeat(256) }, "/view/callback_id"],
    ["an unknown property", { color: "red" }, "/view"],
    ["the type of another surface", { type: "home" }, "/view/type"],
    ["a flag that is a string", { notify_on_close: "true" }, "/view/notify_on_close"],
  ])("is refused for %s", (_, change, pointer) => {
    const faults = faultsOfView({ ...ticketModal(), ...change }, "modal");

    expect(faults.join("\n")).toContain(`[json-pointer:${pointer}]`);
  });

  it("is refused above 250 KB, whatever else is wrong with it", () => {
    const huge = { ...ticketModal(), private_metadata: "x".repeat(256_001) };

    expect(() => checkView(huge, "modal")).toThrow(new SlackError("view_too_large"));
  });
});

describe("typed values", () => {
  const select = (values: string[]) => ({
    type: "input",
    block_id: "where",
    label: { type: "plain_text", text: "Where" },
    element: {
      type: "static_select",
      action_id: "place",
      options: values.map((value) => ({ text: { type: "plain_text", text: value }, value })),
    },
  });
  const chosen = (value: string) => ({
    where: {
      place: {
        type: "static_select",
        selected_option: { text: { type: "plain_text", text: value }, value },
      },
    },
  });

  it("stay where block_id and action_id stay", () => {
    expect(stateOf([select(["a", "b"])], chosen("b"))).toEqual(chosen("b"));
  });

  it("go when the block has another id", () => {
    expect(stateOf([{ ...select(["a"]), block_id: "elsewhere" }], chosen("a"))).toEqual({
      elsewhere: { place: { type: "static_select", selected_option: null } },
    });
  });

  it("go when the choice is no longer offered", () => {
    expect(stateOf([select(["a"])], chosen("b")).where?.place?.selected_option).toBeNull();
  });
});
