import { describe, expect, it } from "vitest";
import { parsePolicy } from "#accounts/policy-yaml.ts";
import { textsOf } from "#text/texts.ts";
import { readWebContract, readWebDraft } from "#tickets/web-draft.ts";
import { html } from "#web/html.ts";
import { networkOf, visitorAddress } from "#web/networks.ts";
import { createNonces, isFromElsewhere } from "#web/request-guard.ts";
import { languageOf } from "#web/request-http.ts";
import { FILLED } from "../support/web-form.ts";

const t = textsOf("en");
const policy = policyOf(`
topics:
  - { id: sign-in, name: { en: Sign in, ja: ログイン } }
  - { id: badges, name: { en: Badges, ja: バッジ }, redirect: { en: Write to them., ja: 連絡してください。 } }`);

const URGENT = { what: "nothing-works", who: "all", priority: "urgent" };
const NOTHING_NEEDED = {
  why: t.fields.whyBlank,
  contactName: t.contactMissing("urgent"),
  contactEmail: t.fields.contactEmailBlank,
};

describe("a draft of the web form", () => {
  it("is taken as it was typed", () => {
    const read = readWebDraft(t, policy, { ...FILLED, email: " Mika@Acme.Example " });

    expect(read).toEqual({ draft: { ...FILLED, email: "mika@acme.example" } });
  });

  it.each([
    ["an unknown topic", { topic: "nothing" }, { topic: t.fields.choose }],
    ["a topic of another team", { topic: "badges" }, { topic: t.fields.topicRedirected }],
    ["an option that was not offered", { what: "everything" }, { what: t.fields.choose }],
    [
      "a choice that is called as what every object has",
      { who: "constructor" },
      { who: t.fields.choose },
    ],
    [
      "3,001 characters",
      { description: "あ".repeat(3001) },
      { description: t.fields.descriptionLong },
    ],
    ["only blanks", { subject: " \u3000\u200b" }, { subject: t.fields.subjectBlank }],
    ["a NUL", { description: "a\0b" }, { description: t.fields.control }],
    ["half a character", { name: "a\ud800" }, { name: t.fields.control }],
    ["no address", { email: "" }, { email: t.fields.emailBlank }],
    ["two addresses", { email: "a@a.example, b@b.example" }, { email: t.fields.emailWrong }],
    [
      "a header in the address",
      { email: "a@a.example\nBcc: b@b.example" },
      { email: t.fields.emailWrong },
    ],
    [
      "too high a priority",
      { priority: "high", why: "x" },
      { priority: t.priorityTooHigh("high", "normal") },
    ],
    [
      "an urgent one without reason",
      { what: "nothing-works", who: "all", priority: "urgent" },
      {
        why: t.fields.whyBlank,
        contactName: t.contactMissing("urgent"),
        contactEmail: t.fields.contactEmailBlank,
      },
    ],
    [
      "an urgent one without contact, and without a name",
      { what: "nothing-works", who: "all", priority: "urgent", why: "x", name: "" },
      {
        contactName: t.contactMissing("urgent"),
        contactEmail: t.fields.contactEmailBlank,
        name: t.fields.nameBlank,
      },
    ],
    [
      "an urgent one with blanks for a reason, no name of the contact and half an address",
      { ...URGENT, why: "  ", contactEmail: "x" },
      {
        why: t.fields.whyBlank,
        contactName: t.fields.contactNameBlank,
        contactEmail: t.fields.emailWrong,
      },
    ],
    [
      "too high a priority, blanks for a reason and half an address of the contact",
      { priority: "urgent", why: " ", contactEmail: "zz" },
      {
        priority: t.priorityTooHigh("urgent", "normal"),
        why: t.fields.whyBlank,
        contactName: t.fields.contactNameBlank,
        contactEmail: t.fields.emailWrong,
      },
    ],
    [
      "too high a priority, and nothing of what it needs",
      { priority: "urgent" },
      { priority: t.priorityTooHigh("urgent", "normal"), ...NOTHING_NEEDED },
    ],
    [
      "a priority that needs more, and an answer missing",
      { what: "", priority: "urgent" },
      { what: t.fields.choose, ...NOTHING_NEEDED },
    ],
    [
      "an urgent one with blanks for the contact's name",
      { ...URGENT, why: "x", contactName: "\u3000 ", contactEmail: "tom@acme.example" },
      { contactName: t.fields.contactNameBlank },
    ],
    [
      "an urgent one with blanks for the contact's name and address",
      { ...URGENT, why: "x", contactName: " ", contactEmail: " " },
      { contactName: t.fields.contactNameBlank, contactEmail: t.fields.contactEmailBlank },
    ],
  ])("with %s gets a sentence", (_what, typed, faults) => {
    expect(readWebDraft(t, policy, { ...FILLED, ...typed })).toEqual({ faults });
  });

  it("says at once all that is missing of a form without a choice", () => {
    const read = readWebDraft(t, policy, { ...FILLED, topic: "", what: "", who: "", priority: "" });

    expect("faults" in read && Object.keys(read.faults).sort()).toEqual([
      ...["priority", "topic", "what", "who"],
    ]);
  });

  it("does not keep, or hold against it, what an earlier choice of the priority asked for", () => {
    const left = { why: "All of us.", contactName: "Tom", contactEmail: "no address" };

    expect(readWebDraft(t, policy, { ...FILLED, ...left })).toEqual({ draft: FILLED });
  });

  it("keeps no topic where none is asked for", () => {
    const read = readWebDraft(t, policyOf("{}"), { ...FILLED, topic: "a\0" });

    expect(read).toEqual({ draft: { ...FILLED, topic: undefined } });
  });
});

describe("corrected facts on a page", () => {
  const { what, who, workaround } = FILLED;
  const asked = { what, who, workaround, priority: "urgent" };
  const empty = { why: "", contactName: "", contactEmail: "" };

  it.each([
    [
      "nothing of what too high a priority needs",
      empty,
      undefined,
      { priority: t.priorityTooHigh("urgent", "normal"), ...NOTHING_NEEDED },
    ],
    [
      "blanks for a reason and half an address",
      { why: " ", contactName: "", contactEmail: "zz" },
      "U0TOM",
      {
        priority: t.priorityTooHigh("urgent", "normal"),
        ...NOTHING_NEEDED,
        contactName: t.fields.contactNameBlank,
        contactEmail: t.fields.emailWrong,
      },
    ],
    [
      "no reason, beside the contact that the ticket has",
      empty,
      "U0TOM",
      { priority: t.priorityTooHigh("urgent", "normal"), why: t.fields.whyBlank },
    ],
  ])("with %s get every sentence at once", (_what, typed, known, faults) => {
    const read = readWebContract(t, policy, { values: { ...asked, ...typed }, known });

    expect(read).toEqual({ faults });
  });
});

describe("a page", () => {
  it("has no markup but its own", () => {
    const typed = `<script>"'&`;

    expect(
      html`<p title="${typed}">${[html`<b>${typed}</b>`]}${false}${undefined}</p>`.markup,
    ).toBe(`<p title="&lt;script&gt;&quot;&#39;&amp;"><b>&lt;script&gt;&quot;&#39;&amp;</b></p>`);
  });

  it.each([
    ["ja", undefined, "en-US", "ja"],
    [null, "ja", "", "ja"],
    [null, "fr, ja;q=0.5, en;q=0.9", "", "en"],
    [null, "fr-CA,ja-JP;q=0.8", "", "ja"],
    [null, "en;q=0, ja;q=0.1", "", "ja"],
    [null, "xx", "", "en"],
    ["xx", "", "", "en"],
  ])("chosen as %s, for a browser that asks for %s", (chosen, accept, other, language) => {
    expect(languageOf(chosen, accept ?? other)).toBe(language);
  });
});

describe("a visitor", () => {
  it.each([
    ["192.0.2.77", "192.0.2.0/24"],
    ["::ffff:192.0.2.77", "192.0.2.0/24"],
    ["2001:DB8:1:2:3::9", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["unknown", "unknown"],
  ])("at %s belongs to %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each([
    [0, "203.0.113.9", "10.0.0.1"],
    [1, "1.1.1.1, 203.0.113.9", "203.0.113.9"],
    [2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"],
    [2, "203.0.113.9", "10.0.0.1"],
    [1, undefined, "10.0.0.1"],
  ])("behind %i proxies, with %s, is at %s", (proxies, forwarded, address) => {
    expect(visitorAddress("10.0.0.1", forwarded, proxies)).toBe(address);
  });

  it.each([
    [{ "sec-fetch-site": "same-origin", origin: "null" }, false],
    [{ "sec-fetch-site": "cross-site", origin: "https://desk.example" }, true],
    [{ "sec-fetch-site": "same-site" }, true],
    [{ origin: "https://desk.example" }, false],
    [{ origin: "https://evil.example" }, true],
    [{}, false],
  ])("whose browser says %j comes from elsewhere: %s", (headers, isElsewhere) => {
    expect(isFromElsewhere(headers, "https://desk.example")).toBe(isElsewhere);
  });
});

describe("a nonce", () => {
  const nonces = createNonces(Buffer.alloc(32));

  it("is ours as it was issued, and not when a letter of it is another", () => {
    const nonce = nonces.issue();

    expect(nonces.read(nonce)?.age).toBe("too-fast");
    for (const at of [0, 5, 20, nonce.length - 3]) {
      const other = nonce[at] === "1" ? "2" : "1";
      expect(nonces.read(nonce.slice(0, at) + other + nonce.slice(at + 1))).toBeUndefined();
    }
    expect(createNonces(Buffer.alloc(32, 1)).read(nonce)).toBeUndefined();
    expect(nonces.read("")).toBeUndefined();
  });
});

function policyOf(text: string) {
  const read = parsePolicy(text);
  if ("faults" in read) throw new Error(JSON.stringify(read.faults));
  return read.policy;
}
