import { describe, expect, it } from "vitest";
import type { CallSlack } from "#slack/clients.ts";
import { createPeople } from "#slack/people.ts";
import type { Caller } from "#slack/replies.ts";
import { textsOf } from "#text/texts.ts";
import { contactFor } from "#tickets/draft-faults.ts";

const HANA: Caller = {
  ...{ teamId: "T1", userId: "U0HANA", name: "Hana", language: "ja", homeTeamId: "T1" },
  texts: textsOf("ja"),
};

describe("a colleague of another workspace of the same Enterprise Grid", () => {
  const grid = { enterprise_user: { id: "W1", enterprise_id: "E1", teams: ["T1", "T2"] } };

  it("may be the contact", async () => {
    const people = peopleOf({ team_id: "T2", ...grid });

    expect(await contactFor(people, HANA, "U0GIN")).toMatchObject({ userId: "U0GIN" });
    expect(await people.ask({ teamId: "T1", userId: "U0GIN" })).toMatchObject({
      isStranger: false,
      homeTeamId: "T2",
    });
  });

  it.each([
    ["of another company", { team_id: "T9", is_stranger: true }],
    [
      "of another company, on a Grid of theirs",
      { team_id: "T9", enterprise_user: { teams: ["T9"] } },
    ],
    ["who is a guest", { team_id: "T2", ...grid, is_restricted: true }],
    ["who has left", { team_id: "T2", ...grid, deleted: true }],
    ["that is a bot", { team_id: "T2", ...grid, is_bot: true }],
  ])("may not be one %s", async (_who, user) => {
    expect(await contactFor(peopleOf(user), HANA, "U0GIN")).toEqual({ fault: "contactUnfit" });
  });
});

function peopleOf(user: object) {
  const callSlack = (async () => ({
    user: { id: "U0GIN", name: "Gin", ...user },
  })) as unknown as CallSlack; // whatever it is asked
  return createPeople(callSlack, { known: [], remember: async () => {} });
}
