import pLimit from "p-limit";
import { z } from "zod";
import type { Language } from "#db/tables.ts";
import type { CallSlack } from "./clients.ts";

/** A Slack member, seen from the workspace where the app met them. */
export type PersonAddress = { teamId: string; userId: string };

export type Person = PersonAddress & {
  name: string;
  language: Language;
  timeZone: string;
  isAdmin: boolean;
  isGuest: boolean;
  /** The workspace they belong to: another one for people met in a shared channel. */
  homeTeamId: string;
  /** All workspaces of theirs; of an Enterprise Grid there are several. */
  teams: readonly string[];
  /** From another workspace, met in a shared channel. */
  isStranger: boolean;
  isBot: boolean;
  isDeactivated: boolean;
  /** Where everybody may fetch it. */
  pictureUrl?: string | undefined;
};

export type KnownPerson = Pick<Person, "teamId" | "userId" | "name" | "language" | "timeZone">;

export type People = {
  /** From memory, without asking anybody: for what must happen at once. */
  known(at: PersonAddress): KnownPerson | undefined;
  /**
   * Known, or asked about briefly, once for all who wait. Undefined when Slack does not say.
   * "unhurried": nobody waits; a few at a time, as a whole company that comes at once would keep the others waiting.
   */
  meet(at: PersonAddress, how?: "unhurried"): Promise<KnownPerson | undefined>;
  /** As Slack says now. For every decision about authority. */
  ask(at: PersonAddress, how?: "quick"): Promise<Person>;
  /** Their picture, asked for once an hour at most; undefined where Slack has none, or does not say. */
  pictureOf(at: PersonAddress): Promise<string | undefined>;
  /** Whether a person is in a channel now, as Slack says. */
  isMember(channel: { teamId: string; channelId: string }, userId: string): Promise<boolean>;
  /** The channels that a person is in now, of those that the app can see: 999 at most. */
  channelsOf(at: PersonAddress): Promise<string[]>;
};

const PAGE = 1000;
const CHANNELS = 999; // Slack's most in one answer
const UNHURRIED = 2;
const PICTURE_MS = 60 * 60_000;
/** Slack's own, and the one it takes pictures from. */
const PICTURE_HOSTS = ["avatars.slack-edge.com", "a.slack-edge.com", "secure.gravatar.com"];

const UserInfo = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    name: z.string().optional(),
    real_name: z.string().optional(),
    locale: z.string().optional(),
    tz: z.string().optional(),
    deleted: z.boolean().optional(),
    is_admin: z.boolean().optional(),
    is_owner: z.boolean().optional(),
    is_primary_owner: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    enterprise_user: z.object({ teams: z.array(z.string()).optional() }).optional(),
    profile: z
      .object({ display_name: z.string().optional(), image_72: z.string().optional() })
      .optional(),
  }),
});

export function createPeople(
  callSlack: CallSlack,
  memory: { known: Iterable<KnownPerson>; remember(person: KnownPerson): Promise<void> },
  /** Beside Slack's own, for tests. */
  picturesUrl?: string,
): People {
  const seen = new Map<string, KnownPerson>();
  const met = new Set<string>(); // since this process began: who does not come back is forgotten some day
  const beingMet = new Map<string, Promise<Person>>();
  const pictures = new Map<string, { url: Promise<string | undefined>; at: number }>();
  const inTurn = pLimit(UNHURRIED);
  for (const person of memory.known) seen.set(keyOf(person), person);

  async function ask(at: PersonAddress, how?: "quick"): Promise<Person> {
    const answer = await callSlack(
      at.teamId,
      (client) => client.users.info({ user: at.userId, include_locale: true }),
      how,
    );
    const person = readPerson(at, UserInfo.parse(answer).user, picturesUrl);
    const { name, language, timeZone } = person;
    const key = keyOf(at);
    const before = seen.get(key);
    const isSame =
      before?.name === name && before.language === language && before.timeZone === timeZone;
    seen.set(key, { ...at, name, language, timeZone });
    if (!isSame || !met.has(key)) {
      met.add(key);
      await memory.remember({ ...at, name, language, timeZone });
    }
    return person;
  }

  async function meet(at: PersonAddress, how?: "quick"): Promise<KnownPerson | undefined> {
    const key = keyOf(at);
    const known = seen.get(key);
    if (known) return known;
    const asking = beingMet.get(key) ?? ask(at, how).finally(() => beingMet.delete(key));
    beingMet.set(key, asking);
    return asking.catch(() => undefined);
  }

  return {
    known: (at) => seen.get(keyOf(at)),
    ask,

    async meet(at, how) {
      if (!how) return meet(at, "quick");
      return seen.get(keyOf(at)) ?? inTurn(() => meet(at)); // who is known does not stand in line
    },

    async pictureOf(at) {
      const key = keyOf(at);
      const before = pictures.get(key);
      if (before && Date.now() - before.at < PICTURE_MS) return before.url;
      const url = ask(at, "quick").then(
        ({ pictureUrl }) => pictureUrl,
        () => before?.url,
      );
      pictures.set(key, { url, at: Date.now() });
      return url;
    },

    async isMember({ teamId, channelId }, userId) {
      let cursor: string | undefined;
      do {
        const page = await callSlack(
          teamId,
          (client) =>
            client.conversations.members({
              channel: channelId,
              limit: PAGE,
              ...(cursor && { cursor }),
            }),
          "quick",
        );
        if (page.members?.includes(userId)) return true;
        cursor = page.response_metadata?.next_cursor;
      } while (cursor);
      return false;
    },

    async channelsOf({ teamId, userId }) {
      const page = await callSlack(
        teamId,
        (client) =>
          client.users.conversations({
            user: userId,
            types: "public_channel,private_channel",
            limit: CHANNELS,
          }),
        "quick",
      );
      return (page.channels ?? []).flatMap(({ id }) => id ?? []);
    },
  };
}

/** Flags that are absent are false; a person of another workspace is a stranger even when the flag is missing. */
function readPerson(
  at: PersonAddress,
  user: z.infer<typeof UserInfo>["user"],
  picturesUrl: string | undefined,
): Person {
  const homeTeamId = user.team_id ?? at.teamId;
  const teams = [homeTeamId, ...(user.enterprise_user?.teams ?? [])];
  return {
    ...at,
    name: user.profile?.display_name || user.real_name || user.name || user.id,
    language: user.locale?.startsWith("ja") ? "ja" : "en",
    timeZone: user.tz ?? "UTC",
    isAdmin: Boolean(user.is_admin || user.is_owner || user.is_primary_owner),
    homeTeamId,
    teams,
    isGuest: Boolean(user.is_restricted || user.is_ultra_restricted),
    isStranger: Boolean(user.is_stranger || !teams.includes(at.teamId)),
    isBot: Boolean(user.is_bot),
    isDeactivated: Boolean(user.deleted),
    pictureUrl: pictureIn(user.profile?.image_72, picturesUrl),
  };
}

/** Whoever reads a message fetches it: it is none of anybody's but Slack's. */
function pictureIn(given: string | undefined, picturesUrl: string | undefined) {
  const url = URL.parse(given ?? "");
  if (!url || url.username || url.password) return undefined;
  const isSlacks =
    url.protocol === "https:" && url.port === "" && PICTURE_HOSTS.includes(url.hostname);
  const isOfTest = picturesUrl !== undefined && url.origin === new URL(picturesUrl).origin;
  return isSlacks || isOfTest ? url.href : undefined;
}

function keyOf({ teamId, userId }: PersonAddress): string {
  return `${teamId}/${userId}`;
}
