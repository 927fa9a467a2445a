import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_POLICY } from "#accounts/policy.ts";
import { textsOf } from "#text/texts.ts";
import { mergeTickets } from "#tickets/merge.ts";
import { TypedNumber } from "#tickets/ticket.ts";
import { AGENTS, EXT_BETA, HELP, RANDOM } from "../support/app.ts";
import { openTestDoor, type TestDoor } from "../support/door.ts";
import { type Filed, fileTicket, setTicket } from "../support/tickets.ts";

const AKI = { teamId: "T0KUMO", userId: "U0AKI" };
const CARD = { card_channel_id: HELP, card_ts: "1800000000.000100" };

let door: TestDoor;
beforeAll(async () => {
  door = await openTestDoor();
});
afterAll(() => door[Symbol.asyncDispose]());

describe("a merge", () => {
  it.each(["DL-N", "dl-N", "N", " DLN ", "ＤＬ－N", "DL‐N"])(
    "takes a number typed like %s",
    (typed) => {
      const fullWidth = "１０４２";

      for (const digits of ["1042", fullWidth])
        expect(TypedNumber.safeParse(typed.replace("N", digits)).data).toBe(1042);
    },
  );

  it.each(["", "DL-", "DL-10-42", "DL-1042 DL-1043", "1042x", "99999999999", "-1042"])(
    "is refused with what is no number: %j",
    async (number) => {
      const ticket = await fileTicket(door.db);

      expect(await merge(ticket, number)).toEqual({
        outcome: "refuses fields",
        seen: '{"number":"Type the number of a ticket, like DL-1042."}',
      });
    },
  );

  it("is refused in the same words where nobody has the number and where another account has it", async () => {
    const ticket = await fileTicket(door.db);
    const foreign = await fileTicket(door.db, {
      ...{ teamId: "T0KUMO", userId: "U0SOL", channelId: EXT_BETA },
      subject: "Canary of Beta",
    });

    const unknown = await merge(ticket, "DL-999999");
    const hidden = await merge(ticket, foreign.number);

    expect(unknown.outcome).toBe("refuses merge-unknown");
    expect(hidden).toEqual(unknown);
  });

  it.each([
    ["into itself", async (a: Filed): Promise<[Filed, Filed]> => [a, a], "merge-itself"],
    [
      "of a closed ticket",
      async (a: Filed, b: Filed): Promise<[Filed, Filed]> => {
        await setTicket(door.db, a, { status: "closed" });
        return [a, b];
      },
      "merge-closed",
    ],
    [
      "into a closed ticket",
      async (a: Filed, b: Filed): Promise<[Filed, Filed]> => {
        await setTicket(door.db, b, { status: "closed" });
        return [a, b];
      },
      "merge-into-closed",
    ],
    [
      "of one that is merged",
      async (a: Filed, b: Filed): Promise<[Filed, Filed]> => {
        await done(a, b);
        return [a, await fileTicket(door.db)];
      },
      "is-merged",
    ],
    [
      "into one that is merged",
      async (a: Filed, b: Filed): Promise<[Filed, Filed]> => {
        await done(b, await fileTicket(door.db));
        return [a, b];
      },
      "merge-into-merged",
    ],
    [
      "of one into which another was merged",
      async (a: Filed, b: Filed): Promise<[Filed, Filed]> => {
        await done(await fileTicket(door.db), a);
        return [a, b];
      },
      "merge-of-many",
    ],
  ] as const)("is refused %s", async (_which, given, code) => {
    const both = [await fileTicket(door.db), await fileTicket(door.db)] as const;
    const [ticket, target] = await given(...both);

    const came = await merge(ticket, target.number);

    expect(came.outcome).toBe(`refuses ${code}`);
    expect(came.seen).toContain(code === "merge-closed" ? ticket.number : "DL-");
    expect(await mergesOf(ticket)).toEqual(
      code === "is-merged" ? ["merged"] : code === "merge-of-many" ? ["absorbed"] : [],
    );
  });

  it.each(["is-merged", "merge-closed", "merge-of-many"] as const)(
    "is refused before anything is typed: %s",
    async (code) => {
      const [ticket, other] = [await fileTicket(door.db), await fileTicket(door.db)];
      if (code === "is-merged") await done(ticket, other);
      else if (code === "merge-of-many") await done(other, ticket);
      else await setTicket(door.db, ticket, { status: "closed" });

      const came = await door.call("press ticket.more", AKI, {
        value: `merge/${ticket.accountId}/${ticket.ticketId}`,
        channelId: AGENTS,
      });

      expect(came.outcome).toBe(`refuses ${code}`);
    },
  );
});

describe("whoever filed the merged ticket", () => {
  it.each([
    [
      "filed the other, wherever it is",
      { userId: "U0HANA", channelId: "C0NOBODY", ...CARD },
      "closes",
    ],
    ["is in the channel of the other", { userId: "U0TOM", channelId: HELP, ...CARD }, "closes"],
    [
      "is in that channel, and the card in a DM",
      { userId: "U0TOM", channelId: HELP, ...CARD, card_channel_id: "D0TOM" },
      "refuses merge-unseen",
    ],
    [
      "is not in the channel of the other",
      { userId: "U0TOM", channelId: "C0NOBODY", ...CARD, card_channel_id: "C0NOBODY" },
      "refuses merge-unseen",
    ],
  ] as const)("%s", async (_which, given, outcome) => {
    const { userId, channelId, ...card } = given;
    const ticket = await fileTicket(door.db, { channelId: HELP });
    const target = await fileTicket(door.db, { userId, channelId });
    await setTicket(door.db, target, card);

    const came = await merge(ticket, target.number);

    expect(came.outcome).toBe(outcome);
    if (outcome !== "closes") {
      expect(came.seen).toContain("would never read the answer");
      expect(await mergesOf(ticket)).toEqual([]);
    }
  });

  it("is an admin of the account, who sees all of it", async () => {
    const ticket = await fileTicket(door.db, { userId: "U0DANA", channelId: RANDOM });
    const target = await fileTicket(door.db, { userId: "U0TOM", channelId: "C0NOBODY" });

    expect((await merge(ticket, target.number)).outcome).toBe("closes");
  });

  it.each([
    ["by the web form, the other in Slack", 0],
    ["in Slack, the other by the web form", 1],
  ])("came %s: only its visitor reads a page", async (_how, which) => {
    const both = [await fileTicket(door.db), await fileTicket(door.db)] as const;
    await toWeb(both[which] ?? both[0], "mika@acme.example");

    expect((await merge(both[0], both[1].number)).outcome).toBe("refuses merge-unseen");
  });

  it("came by the web form twice, from the same address", async () => {
    const [ticket, target] = [await fileTicket(door.db), await fileTicket(door.db)];
    await toWeb(ticket, "mika@acme.example");
    await toWeb(target, "mika@acme.example");

    expect((await merge(ticket, target.number)).outcome).toBe("closes");
  });

  it("is not asked about by silence: an agent tries again", async () => {
    const ticket = await fileTicket(door.db, { channelId: HELP });
    const target = await fileTicket(door.db, { userId: "U0TOM", channelId: HELP });
    await setTicket(door.db, target, CARD);
    const fault = door.simulator.faults.add({ kind: "500", method: "users.conversations" });

    const came = await merge(ticket, target.number);
    door.simulator.faults.end(fault);

    expect(came.outcome).toBe("refuses merge-unsure");
    expect(await mergesOf(ticket)).toEqual([]);
  });
});

describe("an undo", () => {
  it("of what is not merged is refused", async () => {
    const ticket = await fileTicket(door.db);

    const came = await door.call("press ticket.more", AKI, {
      value: `unmerge/${ticket.accountId}/${ticket.ticketId}`,
      channelId: AGENTS,
    });

    expect(came).toEqual({
      outcome: "refuses not-merged",
      seen: textsOf("en").problems["not-merged"]({ number: ticket.number }),
    });
  });
});

async function merge(ticket: Filed, number: string) {
  const metadata = `${ticket.accountId}/${ticket.ticketId}`;
  return door.call("submit ticket.merge", AKI, { metadata, values: { number } });
}

async function done(from: Filed, into: Filed): Promise<void> {
  await mergeTickets(
    door.db,
    { from, into, links: { from: undefined, into: undefined } },
    {
      by: { kind: "agent", userId: "U0AKI", name: "Aki" },
      policy: NO_POLICY,
      delivery: { source: "slack.view", key: randomUUID() },
    },
  );
}

async function toWeb({ ticketId }: Filed, email: string): Promise<void> {
  const place = { requester_team_id: null, requester_user_id: null, asked_team_id: null };
  await door.db
    .updateTable("ticket")
    .set({ ...place, asked_channel_id: null, requester_email: email })
    .where("id", "=", ticketId)
    .execute();
}

async function mergesOf({ ticketId }: Filed): Promise<string[]> {
  const rows = await door.db
    .selectFrom("ticket_history")
    .select("event")
    .where("ticket_id", "=", ticketId)
    .where("event", "!=", "filed")
    .execute();
  return rows.map(({ event }) => event);
}
