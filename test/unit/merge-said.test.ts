import { expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { mergeLine } from "#tickets/merge-said.ts";
import { merged } from "../support/ticket-rows.ts";

const SUBJECT = "A secret project";
const EVENTS = ["merged", "unmerged", "absorbed", "released"] as const;

it.each(["ja", "en"] as const)(
  "names the other ticket's subject to whoever may read it (%s)",
  (language) => {
    const t = textsOf(language);
    const told = (event: (typeof EVENTS)[number], isSameRequester: boolean) => {
      const history = merged(event, { name: "Aki", subject: SUBJECT });
      return { ...history, detail: { ...history.detail, isSameRequester } };
    };
    const shows = (reader: "customer" | "agents" | "web", isSame: boolean) =>
      EVENTS.filter((event) => mergeLine(t, told(event, isSame), reader)?.includes(SUBJECT));

    expect(shows("agents", false)).toEqual(EVENTS);
    expect(shows("customer", true)).toEqual(EVENTS);
    // In the thread into which another's ticket was merged, people read who need not see that one.
    expect(shows("customer", false)).toEqual(["merged", "unmerged"]);
  },
);

it("leads the customer to the customer's thread, and the agents to theirs", () => {
  const history = merged("absorbed", { name: "Aki", subject: SUBJECT });

  const said = (reader: "customer" | "agents") => mergeLine(textsOf("en"), history, reader);

  expect(said("customer")).toContain("<https://acme.slack.com/p1|DL-1001>");
  expect(said("agents")).toContain("<https://kumo.slack.com/p2|DL-1001>");
});

it("says nothing of any other step", () => {
  const history = { ...merged("merged", { name: "Aki", subject: SUBJECT }), event: "solve" };

  expect(mergeLine(textsOf("ja"), history, "customer")).toBeUndefined();
});
