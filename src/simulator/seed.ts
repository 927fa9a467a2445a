import type { Channel, Install, Person } from "./records.ts";
import type { World } from "./world.ts";

export const APP_ID = "A0DESKLINE";
export const APP_NAME = "Deskline";
export const APP_TOKEN = "xapp-1-A0DESKLINE-1000000000001-simulatedapptoken";
export const SIGNING_SECRET = "5d2e51a7c0ffee00simulatedsecret0";
export const VERIFICATION_TOKEN = "simulatedverification0001";

/** Two workspaces with the app, a third without it that shares one channel through Slack Connect. */
export function seed(world: World): void {
  for (const workspace of WORKSPACES) world.workspaces.put(workspace.id, workspace);
  for (const person of PEOPLE) world.people.put(person.id, person);
  for (const channel of CHANNELS) world.channels.put(channel.id, channel);
  for (const install of INSTALLS) world.installs.put(install.teamId, install);
}

const WORKSPACES = [
  { id: "T0KUMO", name: "Kumo", domain: "kumo", role: "vendor" as const },
  { id: "T0ACME", name: "Acme", domain: "acme", role: "customer" as const },
  { id: "T0BETA", name: "Beta", domain: "beta", role: "other" as const },
];

const INSTALLS: Install[] = [
  {
    teamId: "T0KUMO",
    token: "xoxb-1000000000010-kumo-simulatedbottoken",
    botUserId: "U0DLKUMO",
    botId: "B0DLKUMO",
    state: "installed",
  },
  {
    teamId: "T0ACME",
    token: "xoxb-1000000000020-acme-simulatedbottoken",
    botUserId: "U0DLACME",
    botId: "B0DLACME",
    state: "installed",
  },
];

const TOKYO = { tz: "Asia/Tokyo", tzOffset: 32_400 };
const LONDON = { tz: "Europe/London", tzOffset: 0 };

const PEOPLE: Person[] = [
  person("U0AKI", "T0KUMO", "Aki", "agent", {
    title: { ja: "サポート担当", en: "Support agent" },
    locale: "ja-JP",
    ...TOKYO,
  }),
  person("U0BEN", "T0KUMO", "Ben", "agent", {
    title: { ja: "サポート担当", en: "Support agent" },
  }),
  person("U0EVA", "T0KUMO", "Eva", "admin", {
    title: { ja: "Kumo のワークスペース管理者", en: "Workspace admin of Kumo" },
    isAdmin: true,
  }),
  person("U0HANA", "T0ACME", "Hana", "member", {
    title: { ja: "開発者", en: "Developer" },
    locale: "ja-JP",
    ...TOKYO,
  }),
  person("U0TOM", "T0ACME", "Tom", "member", {
    title: { ja: "営業担当", en: "Sales" },
  }),
  person("U0DANA", "T0ACME", "Dana", "admin", {
    title: { ja: "Acme のワークスペース管理者", en: "Workspace admin of Acme" },
    isAdmin: true,
  }),
  person("U0GUS", "T0ACME", "Gus", "guest", {
    title: { ja: "ゲスト(1 チャンネルのみ)", en: "Single-channel guest" },
    isRestricted: true,
    isUltraRestricted: true,
  }),
  person("U0SOL", "T0BETA", "Sol", "stranger", {
    title: { ja: "Beta 社の担当者 (Slack コネクト)", en: "From Beta, through Slack Connect" },
  }),
  person("U0DLKUMO", "T0KUMO", APP_NAME, "app", {
    title: { ja: "アプリ", en: "App" },
    isBot: true,
  }),
  person("U0DLACME", "T0ACME", APP_NAME, "app", {
    title: { ja: "アプリ", en: "App" },
    isBot: true,
  }),
];

const ACME = ["U0HANA", "U0TOM", "U0DANA"];

const CHANNELS: Channel[] = [
  channel("C0AGENTS", "T0KUMO", "support-agents", ["U0AKI", "U0BEN", "U0DLKUMO"], {
    kind: "private",
  }),
  channel("C0KUMOGEN", "T0KUMO", "general", ["U0AKI", "U0BEN", "U0EVA"]),
  channel("C0ACMEHELP", "T0ACME", "help", [...ACME, "U0GUS", "U0DLACME"]),
  channel("C0ACMEGEN", "T0ACME", "general", [...ACME, "U0DLACME"]),
  channel("C0ACMERANDOM", "T0ACME", "random", ACME),
  channel("C0ACMELEADS", "T0ACME", "leads", ["U0HANA", "U0DANA"], { kind: "private" }),
  channel("C0EXTBETA", "T0KUMO", "ext-beta", ["U0AKI", "U0BEN", "U0SOL", "U0DLKUMO"], {
    connectedTeamIds: ["T0BETA"],
  }),
];

function person(
  id: string,
  teamId: string,
  name: string,
  kind: Person["kind"],
  more: Partial<Person> & Pick<Person, "title">,
): Person {
  return {
    id,
    teamId,
    name,
    kind,
    locale: "en-US",
    ...LONDON,
    isAdmin: false,
    isOwner: false,
    isPrimaryOwner: false,
    isRestricted: false,
    isUltraRestricted: false,
    isBot: false,
    deleted: false,
    ...more,
  };
}

function channel(
  id: string,
  teamId: string,
  name: string,
  memberIds: string[],
  more: Partial<Channel> = {},
): Channel {
  return {
    id,
    teamId,
    name,
    kind: "channel",
    isArchived: false,
    memberIds,
    connectedTeamIds: [],
    ...more,
  };
}
