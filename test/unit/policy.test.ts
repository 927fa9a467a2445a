import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { faultLine, parsePolicy } from "#accounts/policy-yaml.ts";
import { linked } from "#slack/mrkdwn.ts";

/** As an editor shows them. */
function faultsOf(text: string): string[] {
  const read = parsePolicy(text);
  return "faults" in read ? read.faults.map((fault) => faultLine("policy.yaml", fault)) : [];
}

describe("a policy file", () => {
  it("is sound as the example has it, and says something in every part", async () => {
    const read = parsePolicy(await readFile("policy.example.yaml", "utf8"));

    if ("faults" in read) throw new Error(JSON.stringify(read.faults));
    for (const part of Object.values(read.policy)) expect(part).not.toEqual([]);
    expect(read.policy.topics.some(({ redirect }) => redirect)).toBe(true);
  });

  it("may be empty: then everybody files, and no topic is asked", () => {
    expect(parsePolicy("{} # nothing yet")).toMatchObject({
      policy: { default_plan: "paid", accounts: [], topics: [] },
    });
  });

  it.each(["", "\n", "# cut short"])("is not empty by mistake: %j", (text) => {
    const message = "The file says nothing. Write {} for a policy without settings.";
    expect(parsePolicy(text)).toEqual({ faults: [{ line: 1, column: 1, message }] });
  });

  it("has all of its faults told at once, each where it stands", () => {
    const text = `default_plan: gold
accounts:
  - id: acme
    name: ""
    channels: [C0NOWHERE]
  - id: Acme Two
    name: Two
    plann: free
topics:
  - id: api
    name: { en: API }
    articles: [nowhere]
`;

    expect(faultsOf(text)).toEqual([
      "policy.yaml:1:15: Must be free or paid.",
      "policy.yaml:4:11: Must not be empty.",
      "policy.yaml:5:16: Must look like T0123ABCD/C0123ABCD.",
      "policy.yaml:6:9: Must be small letters, digits, - and _, at most 63, not beginning with - or _.",
      'policy.yaml:8:12: "plann" is nothing that can be set here.',
      'policy.yaml:11:11: "ja" is missing.',
      'policy.yaml:12:16: There is no article "nowhere".',
    ]);
  });

  it.each([
    [
      "an id twice",
      "accounts:\n  - { id: a, name: A }\n  - { id: a, name: B }",
      '3:11: "a" stands here for the second time.',
    ],
    [
      "a channel of two accounts",
      "accounts:\n  - { id: a, name: A, channels: [T1/C1] }\n  - { id: b, name: B, channels: [T1/C1] }",
      '3:34: "T1/C1" stands here for the second time.',
    ],
    [
      "an admin twice",
      "accounts:\n  - { id: a, name: A, admins: [T1/U1, T1/U1] }",
      '2:39: "T1/U1" stands here for the second time.',
    ],
    [
      "an address that is missing",
      "articles:\n  - { id: a, title: { en: A, ja: A }, url: { en: https://a.example } }",
      '2:44: "ja" is missing.',
    ],
    ["a NUL", 'accounts:\n  - { id: a, name: "A\\0" }', "2:20: Must not have a NUL character."],
    ["yes for true", "priority:\n  contact_for_high: yes", "2:21: Must be true or false."],
    [
      "too many addresses for one message",
      `topics:\n  - { id: a, name: { en: A, ja: A }, redirect: { ja: x, en: "${"https://a.example/?a&b&c&d ".repeat(70)}" } }`,
      "2:61: Has too many addresses for one message of Slack.",
    ],
    [
      "an article that there is not",
      "topics:\n  - id: a\n    name: { en: A, ja: A }\n    articles: [gone]",
      '4:16: There is no article "gone".',
    ],
    [
      "a list where a group belongs",
      "free_plan: []",
      '1:12: "free_plan" must be a group of settings.',
    ],
    ["a text where a list belongs", "topics: none", '1:9: "topics" must be a list.'],
    ["a text alone", "hello", '1:1: "The file" must be a group of settings.'],
    [
      "a script's address",
      "free_plan:\n  community: javascript:alert(1)",
      "2:14: Must be a web address.",
    ],
  ])("does not take %s", (_what, text, fault) => {
    expect(faultsOf(text)).toEqual([`policy.yaml:${fault}`]);
  });

  it("does not take what is no YAML, and says where", () => {
    const [fault = ""] = faultsOf("topics:\n  - id: [a\n");

    expect(fault).toMatch(/^policy\.yaml:\d+:\d+: /);
    expect(faultsOf("a: 1\na: 2")[0]).toMatch(/^policy\.yaml:2:1: .*unique/);
  });

  it("does not follow an alias bomb", () => {
    const lol = Array.from(
      { length: 12 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(", ")}]`,
    );

    expect(() => faultsOf(["l0: &l0 [lol]", ...lol].join("\n"))).not.toThrow();
    expect(faultsOf(["l0: &l0 [lol]", ...lol].join("\n")).length).toBeGreaterThan(0);
  });
});

describe("the operator's own text", () => {
  it("has its addresses as links, and nothing else that is live", () => {
    expect(
      linked(
        "See https://a.example/x?y=1&z=2, or write to help@a.example. <!channel> <@U1> *bold*",
      ),
    ).toBe(
      "See <https://a.example/x?y=1&z=2|https://a.example/x?y=1&amp;z=2>, or write to <mailto:help@a.example|help@a.example>. &lt;!channel&gt; &lt;@U1&gt; *bold*",
    );
  });

  it("ends an address where a Japanese sentence goes on", () => {
    expect(linked("https://a.example/xにログインしてください。")).toBe(
      "<https://a.example/x|https://a.example/x>にログインしてください。",
    );
  });
});
