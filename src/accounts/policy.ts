import providers from "email-providers/all.json" with { type: "json" };
import { IANAZone } from "luxon";
import { z } from "zod";
import { mustFitTogether } from "./policy-fit.ts";
import { UNVERIFIED_ACCOUNT } from "./store.ts";

const ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const WORKSPACE = /^T[A-Z0-9]+$/;
const CHANNEL = /^T[A-Z0-9]+\/[CG][A-Z0-9]+$/;
const PERSON = /^T[A-Z0-9]+\/[UW][A-Z0-9]+$/;
const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const PUBLIC_MAIL = new Set(providers);
const MOST_TOPICS = 100; // in a menu of Slack's
const LONGEST_NAME = 75; // of a choice in it

const id = z
  .string()
  .regex(ID, "Must be small letters, digits, - and _, at most 63, not beginning with - or _.");
const minutes = (least: number, most: number) =>
  z
    .int("Must be a whole number of minutes.")
    .min(least, `Must be at least ${least}.`)
    .max(most, `Must be at most ${most}.`);
const days = (least: number) =>
  z
    .int("Must be a whole number of days.")
    .min(least, `Must be at least ${least}.`)
    .max(90, "Must be at most 90.");
const HOURS = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;
const hours = z
  .string()
  .regex(HOURS, { error: 'Must look like "09:00-18:00".', abort: true })
  .refine((range) => range.slice(0, 5) < range.slice(6), "Must end after it begins.")
  .optional();
const PRIORITY = ["urgent", "high", "normal", "low"] as const;
const priorityName = z.enum(PRIORITY, "Must be urgent, high, normal or low.");
/** Minutes of work, for each plan and priority that has a target. */
const answerWithin = z
  .strictObject({
    free: z.partialRecord(priorityName, minutes(1, 90 * 24 * 60)).optional(),
    paid: z.partialRecord(priorityName, minutes(1, 90 * 24 * 60)).optional(),
  })
  .prefault({});
const person = z.string().regex(PERSON, "Must look like T0123ABCD/U0123ABCD.");
const address = z
  .url({ protocol: /^https?$/, error: "Must be a web address." })
  .max(400, tooLong(400)); // five articles stand in one section
const text = (longest: number) =>
  z
    .string()
    .trim()
    .min(1, "Must not be empty.")
    .max(longest, tooLong(longest))
    .regex(/^[^\0]*$/, "Must not have a NUL character.");
const domain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(DOMAIN, "Must look like example.com.")
  .refine((name) => !PUBLIC_MAIL.has(name), {
    error: "Anybody can have an address there. Name single addresses instead.",
  });
const mailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email("Must look like name@example.com.").max(254, tooLong(254)));
const plan = z.enum(["free", "paid"], "Must be free or paid.");

/** What people read stands in both languages. */
const said = (longest: number) =>
  z.strictObject({
    en: text(longest),
    ja: text(longest),
  });

export const Account = z.strictObject({
  id: id.refine((name) => name !== UNVERIFIED_ACCOUNT, {
    error: `"${UNVERIFIED_ACCOUNT}" is for visitors of the web form whom no account knows.`,
  }),
  name: text(100),
  /** Absent: `default_plan`. */
  plan: plan.optional(),
  /** Whole workspaces, by their id. */
  workspaces: z.array(z.string().regex(WORKSPACE, "Must look like T0123ABCD.")).default([]),
  /** Single channels of a shared workspace: the workspace whose token opens them, and the channel. */
  channels: z.array(z.string().regex(CHANNEL, "Must look like T0123ABCD/C0123ABCD.")).default([]),
  /** People who may let support in, beside the owners and admins of a whole workspace. */
  admins: z.array(person).default([]),
  /** Who stands in for the contact of a ticket who does not answer, in this order. */
  contacts: z.array(person).max(20, "Must be at most 20 contacts.").default([]),
  /** The company's domains of e-mail, and single addresses, which win: whose a visitor of the web form is. */
  domains: z.array(domain).default([]),
  addresses: z.array(mailAddress).default([]),
});

const Article = z.strictObject({
  id,
  title: said(150),
  url: z.strictObject({ en: address, ja: address }),
});

const Topic = z.strictObject({
  id,
  name: said(LONGEST_NAME),
  /** Articles that are shown to whoever chooses it, by their id. */
  articles: z.array(z.string()).max(5, "Must be at most 5 articles.").default([]),
  /** Another team handles it: what to try first and where to go. Nothing is filed. */
  redirect: said(2000).optional(),
});

export const PLACEHOLDERS = ["requester", "number", "subject", "agent"] as const;
const known = new RegExp(`^(?:[^{}]|\\{(?:${PLACEHOLDERS.join("|")})\\})*$`);
const template = text(2000).regex(
  known,
  `Only ${PLACEHOLDERS.map((name) => `{${name}}`).join(", ")} may stand in braces.`,
);

const CannedReply = z.strictObject({
  id,
  name: said(LONGEST_NAME),
  /** In the language of the ticket. */
  text: z.strictObject({ en: template, ja: template }),
});

/** The vendor's policy, as DESKLINE_CONFIG has it. `policy.example.yaml` shows all of it. */
export const Policy = z
  .strictObject({
    default_plan: plan.default("paid"),
    /** Where the vendor says what is up and what is not. */
    status_page: address.optional(),
    /** What the agents read of ours; absent, the language of each ticket. */
    agents_language: z.enum(["en", "ja"], "Must be en or ja.").optional(),
    accounts: z.array(Account).default([]),
    /** Where 🎫 on a message offers to file a ticket from it. */
    reaction_channels: z
      .array(z.string().regex(CHANNEL, "Must look like T0123ABCD/C0123ABCD."))
      .default([]),
    topics: z.array(Topic).max(MOST_TOPICS, `Must be at most ${MOST_TOPICS} topics.`).default([]),
    articles: z.array(Article).default([]),
    priority: z
      .strictObject({
        /** Whether `high` needs a contact, as `urgent` always does. */
        contact_for_high: z.boolean("Must be true or false.").default(false),
        /** Within which a contact answers that they are there. */
        contact_minutes: minutes(1, 24 * 60).default(15),
        /** How long that is good for, before they are asked again. */
        contact_beat_minutes: minutes(5, 7 * 24 * 60).default(240),
        /** How long before the priority falls for want of a contact this is announced. */
        fall_notice_minutes: minutes(1, 24 * 60).default(30),
        /** How long an agent may hold that. */
        hold_minutes: minutes(5, 7 * 24 * 60).default(240),
      })
      .prefault({}),
    replies: z
      .strictObject({
        /** How long an agent can take back what they have sent to a customer. */
        undo_seconds: z
          .int("Must be a whole number of seconds.")
          .min(0, "Must be at least 0.")
          .max(60, "Must be at most 60.")
          .default(10),
        /** What agents say often; `{requester}`, `{number}`, `{subject}` and `{agent}` are filled in. */
        canned: z
          .array(CannedReply)
          .max(MOST_TOPICS, `Must be at most ${MOST_TOPICS} canned replies.`)
          .default([]),
      })
      .prefault({}),
    /** Within which support means to answer; absent, it promises nothing. */
    targets: z
      .strictObject({
        /** When the vendor works, in its own time zone; a day without is free. */
        hours: z.strictObject({
          time_zone: z.string().refine((zone) => IANAZone.isValidZone(zone), {
            error: "Must be a time zone, for example Asia/Tokyo.",
          }),
          ...{ mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours },
          holidays: z.array(z.iso.date("Must look like 2026-12-29.")).default([]),
        }),
        /** Priorities for which hours and holidays do not count. */
        around_the_clock: z.array(priorityName).default([]),
        first_answer: answerWithin,
        next_answer: answerWithin,
        /** How long before an answer is late its agent is told. */
        warn_minutes: minutes(1, 7 * 24 * 60).default(30),
        /** Who is called when it is late: people of the vendor's workspace. */
        escalate_to: z.array(person).max(20, "Must be at most 20 people.").default([]),
        /** So many calls a day are meant to be enough; `deskline report` says how many there were. */
        calls_a_day: z
          .int("Must be a whole number.")
          .min(0, "Must be at least 0.")
          .max(10_000, "Must be at most 10000.")
          .default(20),
      })
      .optional(),
    ending: z
      .strictObject({
        /** How long a solved ticket waits for its requester's word before it is closed; 0: for ever. */
        close_after_days: days(0).default(7),
        /** How long before that it is announced. */
        warn_days_before: days(1).default(2),
      })
      .refine(
        ({ close_after_days: close, warn_days_before: warn }) => close === 0 || warn < close,
        {
          error: "Must be less than close_after_days.",
          path: ["warn_days_before"],
        },
      )
      .prefault({}),
    free_plan: z
      .strictObject({
        community: address.optional(),
        /** What a paid plan adds. */
        paid_adds: said(1000).optional(),
      })
      .prefault({}),
  })
  .superRefine(mustFitTogether, { when: () => true });
export type Policy = z.output<typeof Policy>;
export type PolicyAccount = Policy["accounts"][number];
export type Topic = Policy["topics"][number];
export type Article = Policy["articles"][number];
export type CannedReply = Policy["replies"]["canned"][number];

export const NO_POLICY: Policy = Policy.parse({});

export function topicOf(policy: Policy, topicId: string): Topic | undefined {
  return policy.topics.find(({ id }) => id === topicId);
}

/** Those of a topic, in the order in which it names them. */
export function articlesOf(policy: Policy, topic: Topic): Article[] {
  return topic.articles.flatMap(
    (articleId) => policy.articles.find(({ id }) => id === articleId) ?? [],
  );
}

function tooLong(most: number): string {
  return `Must be at most ${most} characters.`;
}
