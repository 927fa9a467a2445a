import type { KnownBlock, ModalView } from "@slack/types";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_POLICY } from "#accounts/policy.ts";
import { readPolicy } from "#accounts/policy-source.ts";
import { Problem } from "#errors.ts";
import { homeTab } from "#home/views.ts";
import { checkMessage } from "#simulator/message-check.ts";
import { checkView } from "#simulator/view-check.ts";
import { fitsOneMessage } from "#slack/blocks.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import {
  COMPOSED,
  composerModal,
  notSentModal,
  previewModal,
  sendingModal,
  sentModal,
  sorryModal,
} from "#tickets/compose-views.ts";
import { leftMessage } from "#tickets/departed-views.ts";
import { followUpModal, followUpOpenedModal } from "#tickets/follow-up-views.ts";
import { informationModal, submittedModal } from "#tickets/forms.ts";
import { linkModal } from "#tickets/links-views.ts";
import { IN_CHANNEL, ticketLinks, ticketList } from "#tickets/list-views.ts";
import { mergeModal } from "#tickets/merge-views.ts";
import { newTicketModal } from "#tickets/new-ticket-form.ts";
import type { Recipients } from "#tickets/recipients.ts";
import { selfServiceModal } from "#tickets/self-service-views.ts";
import {
  agentsSaid,
  catchUpMessage,
  customerSaid,
  failureSaid,
  threadMessage,
} from "#tickets/thread-views.ts";
import { filedTopics } from "#tickets/topic.ts";
import { topicModal } from "#tickets/topic-views.ts";
import { ticketCard, triageCard } from "#tickets/views.ts";
import { STATUSES } from "../support/ticket-machine.ts";
import {
  attachment,
  comment,
  fileRefused,
  history,
  merged,
  outgoingRow,
  ticket,
} from "../support/ticket-rows.ts";
import { textOf } from "../support/ticket-walk.ts";

const LANGUAGES = ["ja", "en"] as const;
const ACME = { account: { name: "Acme", plan: "paid" }, attachments: [] } as const;
const NOW = new Date("2027-01-15T00:00:00Z");
const REFERENCE = "0a1b2c3d";
const RELATED = "https://kumo.slack.com/archives/C0123456789/p1800000000000100";
const EXAMPLE = await readPolicy("policy.example.yaml");
const FROM_MESSAGE = {
  channelId: "C0ACMEHELP",
  message: { ts: "1800000000.000200", threadTs: "1800000000.000100" },
};
const URGENT = {
  topic: "sign-in",
  what: "nothing-works",
  who: "all",
  workaround: "none",
  priority: "urgent",
};

describe.each(LANGUAGES)("the modals in %s", (language) => {
  const t = textsOf(language);
  const modals = [
    newTicketModal(t, { place: { channelId: "C0ACMEHELP" }, policy: NO_POLICY }),
    newTicketModal(t, { place: { channelId: "C0ACMEHELP" }, policy: EXAMPLE, values: URGENT }),
    newTicketModal(t, {
      place: { channelId: "C0ACMEHELP" },
      policy: EXAMPLE,
      values: { topic: "badges" },
    }),
    newTicketModal(t, { place: FROM_MESSAGE, policy: EXAMPLE, description: "長".repeat(5000) }),
    selfServiceModal(t, { place: { channelId: "C0ACMEHELP" }, policy: EXAMPLE }),
    selfServiceModal(t, {
      place: { channelId: "C0ACMEHELP" },
      policy: EXAMPLE,
      topicId: "sign-in",
    }),
    submittedModal(t, { number: "DL-1042", channelId: "C0ACMEHELP" }),
    informationModal(t, ticket()),
    topicModal(t, ticket(), filedTopics(EXAMPLE)),
    followUpModal(t, ticket({ status: "closed" })),
    followUpOpenedModal(t, ticket(), "DL-1043"),
    linkModal(t, ticket(), [ticket(), ticket({ id: "b", subject: "長".repeat(150) })]),
    mergeModal(t, ticket()),
    ...composed(t),
  ];

  it("have titles and labels that Slack shows whole", () => {
    for (const { title, submit, close } of modals) {
      for (const label of [title, submit, close]) {
        if (!label) continue;
        expect(label.text.length).toBeLessThanOrEqual(24);
        expect(label.text).not.toMatch(/…$/);
      }
    }
  });

  it("are what Slack takes", () => {
    for (const modal of modals) expect(() => checkView(modal, "modal")).not.toThrow();
    const home = {
      type: "home",
      blocks: homeTab(t, {
        list: {
          tickets: Array(20).fill({ ...ticket(), accountName: "Acme" }),
          next: { at: "1", id: ticket().id },
          query: { words: [], statuses: [], by: "team" },
          sight: { sees: "all" },
          isCut: false,
          timeZone: "UTC",
          now: NOW,
        },
        notices: [{ key: "agents-channel", detail: "x" }],
        statusPage: "https://status.example",
      }),
    };
    expect(() => checkView(home, "home")).not.toThrow();
  });

  it("carry the words of a command into the form, as one line within the limit", () => {
    const [subject] = newTicketModal(t, {
      place: { channelId: "" },
      policy: NO_POLICY,
      subject: "a\n\u202eb ".repeat(100),
    }).blocks;

    expect(subject).toMatchObject({ block_id: "subject" });
    const { element } = subject as { element: { initial_value: string; max_length: number } };
    expect(element.initial_value.length).toBeLessThanOrEqual(element.max_length);
    expect(element.initial_value).toMatch(/^a b a b /);
  });
});

const typed = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 3000 }),
  fc.constantFrom("&", "<!channel>", "\n", "あ", "🙂", "*x* ").map((text) => text.repeat(500)),
  fc.constantFrom("&", "\n<", "🙂").map((text) => text.repeat(1500)),
);

describe.each(LANGUAGES)("the messages in %s", (language) => {
  const t = textsOf(language);

  it("are what Slack takes, with a text for screen readers, whatever was typed", () => {
    fc.assert(
      fc.property(typed, typed, fc.constantFrom(...STATUSES), (text, name, status) => {
        const row = ticket({ subject: text, description: text, requester_name: name, status });
        const told = { history: history(name), comment: comment(text) };
        const query = { words: [], statuses: [] };
        const listed = { ...row, accountName: name };
        for (const message of [
          ticketCard(t, row, { elsewhere: { before: RELATED }, refused: undefined }),
          ticketCard(t, { ...row, desk_id: null }, { refused: REFERENCE }),
          triageCard(t, row, {
            account: { name, plan: "paid" },
            deadline: { dueAt: new Date(0), warnAt: new Date(0), isFirst: true },
            attachments: Array(12).fill(attachment({ name })),
            hasTopics: true,
            related: Array(10).fill({ ...row, url: RELATED }),
            reviewed: t.contract.reviewed("高", "普通", "x".repeat(200)),
          }),
          threadMessage(customerSaid(t, row, { history: fileRefused(name), comment: undefined })),
          threadMessage(customerSaid(t, row, told)),
          leftMessage(t, {
            ...{ name, count: 32 },
            listed: Array(30).fill({ ticket: row, accountName: name, url: RELATED }),
          }),
          threadMessage(agentsSaid(t, row, told)),
          ...(["merged", "unmerged", "absorbed", "released"] as const).flatMap((event) => {
            const made = { history: merged(event, { name, subject: text }), comment: undefined };
            return [customerSaid(t, row, made), agentsSaid(t, row, made)].map(threadMessage);
          }),
          triageCard(
            t,
            { ...row, status: "closed", merged_into_id: row.id, merged_into_number: 1001 },
            { account: { name, plan: "paid" }, attachments: Array(12).fill(attachment({ name })) },
          ),
          threadMessage(failureSaid(t, row, { what: "desk-refused", reference: REFERENCE })),
          ticketList(
            t,
            {
              tickets: Array(20).fill(listed),
              next: { at: "1", id: row.id },
              query,
              sight: { sees: "all", isUnsure: true },
              isCut: true,
              timeZone: "UTC",
              now: NOW,
            },
            IN_CHANNEL,
          ),
          ticketLinks(t, Array(20).fill(listed)),
        ]) {
          expect(() => checkMessage({ ...message })).not.toThrow();
          expect(message.text.trim()).not.toBe("");
          expect(message.text.length).toBeLessThanOrEqual(4000); // chat.update takes no more
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it.each(["あ", "x\n"])("show all of the longest description that a form takes (%j)", (piece) => {
    const description = piece.repeat(3000 / piece.length);

    for (const message of [
      ticketCard(t, ticket({ description }), { refused: undefined }),
      triageCard(t, ticket({ description }), ACME),
    ])
      expect(quotedIn(message.blocks).replaceAll(/[\n> ]/g, "")).toBe(
        description.replaceAll("\n", ""),
      );
  });

  it("call a contact by the name, with the address behind it", () => {
    const row = ticket({ contact_name: "佐藤", contact_email: "sato@acme.example" });

    const text = textOf(triageCard(t, row, ACME).blocks);

    expect(text).toContain(
      { ja: "連絡担当者：佐藤 さん（sato@acme.example）", en: "Contact: 佐藤 (sato@acme.example)" }[
        language
      ],
    );
  });

  it("list up to ten files for the agents, with their sizes and what became of them", () => {
    const refused = attachment({ name: "a*<b>.exe", size: null, state: "refused", why: "empty" });
    const attachments = [attachment(), refused, ...Array(9).fill(attachment())];

    const text = textOf(triageCard(t, ticket(), { ...ACME, attachments }).blocks);

    expect(text).toContain(
      t.triage.attachment("error.png", "1.2 MB", t.triage.fileStates.delivered),
    );
    expect(text).toContain(
      t.triage.attachment("a∗&lt;b&gt;.exe", "", t.triage.fileRefused("empty")),
    );
    expect(text).toContain(t.triage.moreAttachments(1));
    expect(text.match(/^•/gm)).toHaveLength(10);
  });

  it("say how many files there are, and name one that is not passed on, without its marks", () => {
    const card = ticketCard(t, ticket({ attachments: 3 }), {
      refused: undefined,
    });
    const said = customerSaid(t, ticket(), {
      history: fileRefused("<!channel>*.exe"),
      comment: undefined,
    });

    expect(textOf(card.blocks)).toContain(t.card.attachments(3));
    expect(said.line).toContain("&lt;!channel&gt;∗.exe");
    expect(said.line).not.toContain("<!");
  });

  it("say that added information opened the ticket again, and call whoever has it", () => {
    const opened = { ...history("Tom"), event: "inform", detail: { from: "solved", to: "open" } };
    const told = { history: opened, comment: comment("It is back") };
    const inThread = { ...opened, detail: { ...opened.detail, inThread: true } };

    expect(customerSaid(t, ticket(), told).line).toContain(t.thread.informedAndReopened("Tom"));
    const taken = ticket({ assignee_user_id: "U0BEN" });
    expect(agentsSaid(t, taken, told).line).toContain(
      t.agents.informedAndReopened("Tom", "<@U0BEN>"),
    );
    expect(customerSaid(t, ticket(), { ...told, history: inThread }).line).toBe(
      t.thread.reopened("Tom"),
    );
  });

  it("tell a status in the words of whoever reads it", () => {
    const row = ticket({ status: "pending" });
    const hers = JSON.stringify(ticketCard(t, row, { refused: undefined }));
    const theirs = JSON.stringify(triageCard(t, row, ACME));

    expect(hers).toContain(t.statuses.pending);
    expect(theirs).toContain(t.triage.statuses.pending);
    expect(t.triage.statuses.pending).not.toMatch(/you/i);
  });

  it("fit together as long as Slack takes them in one, in order and with all words", () => {
    const body = fc.stringMatching(/^[a-z&<\n]{1,2000}$/);

    fc.assert(
      fc.property(fc.array(body, { minLength: 2, maxLength: 60 }), (bodies) => {
        const said = bodies.map((each, n) => {
          return customerSaid(t, ticket(), { history: history(`N${n}`), comment: comment(each) });
        });

        const message = catchUpMessage(t, said);

        if (fitsOneMessage(message)) {
          checkMessage({ ...message });
          const names = textOf(message.blocks).match(/\*N\d+\*/g);
          expect(names).toEqual(bodies.map((_, n) => `*N${n}*`));
        } else {
          expect(() => checkMessage({ ...message })).toThrow();
        }
      }),
      { numRuns: 60 },
    );
  });
});

function quotedIn(blocks: KnownBlock[]): string {
  const texts = blocks.map((block) => (block.type === "section" ? block.text?.text : "") ?? "");
  return texts.filter((text) => text.startsWith("> ")).join("");
}

/** Everything that an agent sees on the way to saying something. */
function composed(t: Texts): ModalView[] {
  const { canned } = EXAMPLE.replies;
  const facts = { name: "help", members: 14, isPrivate: true, isShared: true };
  const everybody: Recipients[] = [
    { by: "mail", email: "hana@acme.example" },
    { by: "dm" },
    { by: "channel", account: "Acme", facts },
    { by: "channel", account: "Acme", facts: undefined },
  ];
  const repeated = { id: "1", authorName: "Ben", note: "長".repeat(3000) };
  const outgoing = outgoingRow({ step: "offer", helps: "limited", body: "長".repeat(3000) });
  return [
    ...COMPOSED.map((step) => composerModal(t, ticket(), { step, canned, typed: "Hi" })),
    ...everybody.flatMap((recipients) => [
      composerModal(t, ticket(), { step: "reply", canned: [], recipients, round: "1a2b3c4d" }),
      previewModal(t, ticket(), { outgoing, recipients, repeated: undefined }),
      previewModal(t, ticket(), { outgoing, recipients, repeated }),
    ]),
    sendingModal(t, ticket(), outgoing, 10),
    sentModal(t, ticket()),
    notSentModal(t),
    sorryModal(t, t.problem(new Problem("ticket-not-found", {}))),
  ];
}
