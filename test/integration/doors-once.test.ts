import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HELP } from "../support/app.ts";
import { openTestDoor, type TestDoor } from "../support/door.ts";
import { fileTicket } from "../support/tickets.ts";

const TOM = { teamId: "T0ACME", userId: "U0TOM" };
const ts = "1800000000.000100";
const said = { channel: HELP, user: "U0TOM", text: "hello", ts };

let door: TestDoor;
beforeAll(async () => {
  door = await openTestDoor();
});
afterAll(() => door[Symbol.asyncDispose]());

describe("what is said to the app", () => {
  it("is answered once, delivered 11 times under other ids and as either event", async () => {
    const dm = { ...said, channel: "D0ACMETOM", channel_type: "im" };

    await Promise.all([
      ...Array.from({ length: 11 }, () => door.call("event app_mention", TOM, { event: said })),
      ...Array.from({ length: 11 }, () => door.call("event message", TOM, { event: dm })),
      ...Array.from({ length: 11 }, () => door.call("event app_mention", TOM, { event: dm })),
    ]);

    expect(await answers()).toEqual([
      { channelId: "C0ACMEHELP", language: "en", teamId: "T0ACME", threadTs: ts, ts },
      { channelId: "D0ACMETOM", language: "en", teamId: "T0ACME", ts },
    ]);
  });

  it.each([
    ["an app", { bot_id: "B0OTHER" }],
    ["the app itself", { user: "U0DLACME" }],
    ["an edit", { subtype: "message_changed" }],
    ["nobody", { user: undefined }],
  ])("is not answered when it is of %s", async (_whose, how) => {
    const before = await answers();
    const event = { ...said, ts: "1800000000.000200", channel_type: "im", ...how };

    await door.call("event message", TOM, { event });
    await door.call("event app_mention", TOM, { event });

    expect(await answers()).toEqual(before);
  });

  it("is not answered in a channel where the app is not named", async () => {
    const before = await answers();

    await door.call("event message", TOM, {
      event: { ...said, channel_type: "channel", ts: "1.2" },
    });

    expect(await answers()).toEqual(before);
  });

  it("waits while its thread may be that of a card that is just being posted", async () => {
    const root = `${Math.floor(Date.now() / 1000)}.000100`;
    const event = { ...said, ts: "1800000000.000300", thread_ts: root, parent_user_id: "U0DLACME" };
    const mentioned = () => door.call("event app_mention", TOM, { event });
    const before = await answers();

    await expect(mentioned()).rejects.toThrow("may not be saved yet");
    const { accountId, ticketId } = await fileTicket(door.db);
    await door.db
      .insertInto("ticket_thread")
      .values({
        team_id: "T0ACME",
        channel_id: HELP,
        ts: root,
        account_id: accountId,
        ticket_id: ticketId,
      })
      .execute();
    await mentioned();

    expect(await answers()).toEqual(before);
  });
});

async function answers(): Promise<Record<string, unknown>[]> {
  const jobs = await door.db
    .selectFrom("job")
    .select("payload")
    .where("name", "=", "home.answer")
    .execute();
  return jobs
    .map(({ payload }) => payload)
    .sort((one, other) => String(one.channelId).localeCompare(String(other.channelId)));
}
