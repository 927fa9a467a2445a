import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { supportAccess } from "#access/ask.ts";
import { saveAccountChannel, setAdmins } from "#accounts/store.ts";
import { EXT_BETA, HELP, startTestApp, type TestApp } from "../support/app.ts";

const ONLY_ADMINS =
  /^(Only an admin can change support access\.|サポートアクセスを変えられるのは管理者だけ)/;
const KUMO = "T0KUMO";
const ACME = "T0ACME";

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp({ mode: "http", paced: false });
});
afterAll(() => test[Symbol.asyncDispose]());

type Person = Partial<ReturnType<TestApp["simulator"]["world"]["person"]>>;
type Case = {
  who: string;
  is?: Person;
  /** The workspace that hears the command, and where. */
  from?: string;
  channel?: string;
  account?: "acme" | "beta";
  /** The admins named in the two accounts. */
  named?: { acme?: [team: string, user: string]; beta?: [team: string, user: string] };
};

const vendorsChannel = { from: KUMO, channel: EXT_BETA, account: "beta" } as const;

const allowed: Record<string, Case> = {
  "an admin of the customer's workspace": { who: "U0DANA" },
  "an owner of it": { who: "U0TOM", is: { isOwner: true } },
  "its primary owner": { who: "U0TOM", is: { isPrimaryOwner: true } },
  "an admin named in the account": { who: "U0TOM", named: { acme: [ACME, "U0TOM"] } },
  "a named admin in a shared channel": {
    ...vendorsChannel,
    who: "U0EVA",
    is: { isAdmin: false, isRestricted: true },
    named: { beta: [KUMO, "U0EVA"] },
  },
};

const refused: Record<string, Case> = {
  "a requester": { who: "U0HANA" },
  "a guest": { who: "U0GUS" },
  "a guest with an admin's flag": { who: "U0GUS", is: { isAdmin: true } },
  "a bot with an admin's flag": { who: "U0DLACME", is: { isAdmin: true } },
  "a named bot": { who: "U0DLACME", named: { acme: [ACME, "U0DLACME"] } },
  "a deactivated admin": { who: "U0DANA", is: { deleted: true } },
  "a deactivated named admin": {
    who: "U0TOM",
    is: { deleted: true },
    named: { acme: [ACME, "U0TOM"] },
  },
  "a stranger": { ...vendorsChannel, who: "U0SOL" },
  "a stranger who is an admin at home": {
    ...vendorsChannel,
    who: "U0SOL",
    is: { isAdmin: true, isOwner: true },
  },
  "the vendor's Slack admin in a shared channel": { ...vendorsChannel, who: "U0EVA" },
  "an agent in a shared channel": { ...vendorsChannel, who: "U0AKI" },
  "an agent, though named": { ...vendorsChannel, who: "U0BEN", named: { beta: [KUMO, "U0BEN"] } },
  "another account's named admin": { who: "U0TOM", named: { beta: [ACME, "U0TOM"] } },
  "the same user id named in another workspace": { who: "U0TOM", named: { acme: [KUMO, "U0TOM"] } },
  "the workspace's admin in another account's channel": {
    who: "U0DANA",
    channel: "C0ACMEGEN",
    account: "beta",
  },
};

describe("who may grant, reset and end support access", () => {
  beforeAll(() => saveAccountChannel(test.db, "beta", { teamId: ACME, channelId: "C0ACMEGEN" }));
  beforeEach(() => test.db.deleteFrom("support_grant").execute());

  it.each(Object.entries(allowed))("%s may", async (_name, each) => {
    await using _given = await given(each);
    const { who: userId, channel, from, account = "acme" } = each;
    const at = { userId, channel, teamId: from };

    const granted = await command("grant 30d", at);
    const isOn = (await supportAccess(test.db, account)).isOn;
    const reset = await command("reset 2w", at);
    const off = await command("off", at);

    expect(granted).toMatch(/^Support access is on until /);
    expect(isOn).toBe(true);
    expect(reset).toMatch(/^Support access now runs until /);
    expect(off).toBe("Support access is off now.");
    expect(await supportAccess(test.db, account)).toEqual({ isOn: false });
  });

  it.each(Object.entries(refused))("%s may not, but may look", async (_name, each) => {
    await using _given = await given(each);
    const { who: userId, channel, from, account = "acme" } = each;
    const at = { userId, channel, teamId: from };
    const before = await rows();

    const answers = [
      await command("grant 30d", at),
      await command("reset 30d", at),
      await command("off", at),
    ];
    const look = await command("", at);

    for (const answer of answers) expect(answer).toMatch(ONLY_ADMINS);
    expect(look).toMatch(/^(Support access is off|サポートアクセスはオフです)/);
    expect(await supportAccess(test.db, account)).toEqual({ isOn: false });
    expect(await rows()).toEqual(before);
  });

  it("an admin demoted since the last press may not any more", async () => {
    const at = { userId: "U0DANA" };
    await command("grant 30d", at);

    await using _given = await given({ who: "U0DANA", is: { isAdmin: false } });

    expect(await command("off", at)).toMatch(ONLY_ADMINS);
    expect((await supportAccess(test.db, "acme")).isOn).toBe(true);
  });

  it("nobody may while Slack does not say who they are", async () => {
    const fault = test.simulator.faults.add({ kind: "500", method: "users.info" });

    const answer = await command("grant 30d", { userId: "U0DANA" });
    test.simulator.faults.end(fault);

    expect(answer).toBe(
      "Slack could not say just now what you may do here. Wait a moment and try again.",
    );
    expect(await supportAccess(test.db, "acme")).toEqual({ isOn: false });
  });

  it("a refusal names who can do it", async () => {
    await using _given = await given({ who: "U0TOM", named: { acme: [ACME, "U0DANA"] } });

    expect(await command("off", { userId: "U0TOM" })).toBe(
      "Only an admin can change support access. Ask <@U0DANA>.",
    );
  });
});

describe("what /support-access answers", () => {
  beforeEach(() => test.db.deleteFrom("support_grant").execute());

  it("shows each reader the end in their own time zone and language", async () => {
    await test.database.setNow(new Date("2027-01-15T09:00:00Z"));
    await command("grant 30d", { userId: "U0DANA" });

    const looks = [await command("", { userId: "U0HANA" }), await command("", { userId: "U0TOM" })];
    await test.database.setNow(null);

    expect(looks[0]).toBe(
      "サポートアクセスはオンです。2027年2月14日 18:00（JST）に自動でオフになります。許可した人：<@U0DANA> さん。",
    );
    expect(looks[1]).toMatch(
      /^Support access is on until 14 February 2027, 09:00 \((GMT|UTC)\), then it turns itself off\. Granted by <@U0DANA>\.$/,
    );
  });

  it("tells the second of two admins until when it is on, in their time zone", async () => {
    await test.database.setNow(new Date("2027-01-15T09:00:00Z"));
    await using _given = await given({ who: "U0HANA", is: { isAdmin: true } });
    await command("grant 30d", { userId: "U0DANA" });

    const second = await command("grant 5d", { userId: "U0HANA" });
    await test.database.setNow(null);

    expect(second).toBe(
      "サポートアクセスはすでにオンです（2027年2月14日 18:00（JST）まで）。期間を変えるときは `/support-access reset 30d` を使ってください。",
    );
  });

  it("answers a replayed command as the first time, even when it is off by now", async () => {
    const grant = { userId: "U0DANA", triggerId: "1.2.replayed" };
    const first = await command("grant 30d", grant);
    await command("off", { userId: "U0DANA" });
    const before = await rows();

    const replay = await command("grant 30d", grant);

    expect(replay).toBe(first);
    expect(await supportAccess(test.db, "acme")).toEqual({ isOn: false });
    expect(await rows()).toEqual(before);
  });

  it.each([
    ["grant 91d", "Between 1 and 90 days"],
    ["grant 0d", "Between 1 and 90 days"],
    ["grant tomorrow", "Between 1 and 90 days"],
    [`grant ${"9".repeat(30_000)}`, "Between 1 and 90 days"],
    ["open sesame <!channel>", "`/support-access` does not know that."],
  ])("refuses %.30s in words", async (text, words) => {
    const before = await rows();

    expect(await command(text, { userId: "U0DANA" })).toContain(words);
    expect(await rows()).toEqual(before);
  });

  it("says so where no account is connected", async () => {
    const answer = await command("", { userId: "U0AKI", teamId: "T0GONE", channel: "C0GONE" });

    expect(answer).toContain("not connected to support");
  });
});

/** Makes people and accounts what the case says, until the end of the test. */
async function given({ who, is, named = {} }: Case): Promise<AsyncDisposable> {
  const { world } = test.simulator;
  const before = world.person(who);
  const nameAdmins = async (admins: NonNullable<Case["named"]>) => {
    for (const account of ["acme", "beta"] as const) {
      const [teamId, userId] = admins[account] ?? [];
      await setAdmins(test.db, account, teamId && userId ? [{ teamId, userId }] : []);
    }
  };
  if (is) world.changePerson(who, is);
  await nameAdmins(named);
  return {
    async [Symbol.asyncDispose]() {
      world.changePerson(who, before);
      await nameAdmins({});
    },
  };
}

type At = {
  userId: string;
  teamId?: string | undefined;
  channel?: string | undefined;
  triggerId?: string;
};

/** The command as Slack delivers it, signed, and the text of the answer. */
async function command(text: string, at: At): Promise<string> {
  const body = new URLSearchParams({
    command: "/support-access",
    text,
    team_id: at.teamId ?? ACME,
    channel_id: at.channel ?? HELP,
    user_id: at.userId,
    trigger_id: at.triggerId ?? crypto.randomUUID(),
    response_url: `${test.simulator.url}/unused`,
  }).toString();
  const seconds = Math.floor(Date.now() / 1000).toString();
  const hmac = createHmac("sha256", test.simulator.signingSecret);
  const response = await fetch(test.url, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": seconds,
      "x-slack-signature": `v0=${hmac.update(`v0:${seconds}:${body}`).digest("hex")}`,
    },
    body,
  });
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { text: string };
  expect(answer).toMatchObject({ response_type: "ephemeral", blocks: expect.any(Array) });
  return answer.text;
}

/** Everything that a refusal must leave as it was. */
async function rows() {
  const { db } = test;
  return {
    grants: await db.selectFrom("support_grant").select("id").orderBy("id").execute(),
    history: (await db.selectFrom("account_history").select("id").execute()).length,
    inbox: (await db.selectFrom("inbox").select("key").execute()).length,
    jobs: (await db.selectFrom("job").select("id").execute()).length,
  };
}
