import { expect, it } from "vitest";
import { asRead } from "#slack/as-read.ts";

const nameOf = (userId: string) => ({ U0HANA: "Hana" })[userId];

it.each([
  ["<@U0HANA> and <@U0TOM|tom> and <@U0GUS>", "@Hana and @tom and @U0GUS"],
  ["<#C0ACMEHELP|help> <#C0ACMEGEN>", "#help #C0ACMEGEN"],
  ["<!here> <!subteam^S012|@on-call> <!subteam^S012>", "@here @on-call @S012"],
  ["<!date^1800000000^{date}|15 January 2027>", "15 January 2027"],
  ["<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"],
  ["<https://example.com|our page>", "our page (https://example.com)"],
  ["<http://example.com|example.com>", "http://example.com"],
  ["<mailto:tom@example.com|tom@example.com>", "tom@example.com"],
  ["a &lt;b&gt; &amp;amp; `x_y` *z*", "a <b> &amp; `x_y` *z*"],
  ["one\ntwo\u0000\u0007", "one\ntwo"],
  ["&lt;@U0HANA&gt;", "<@U0HANA>"],
])("reads %s as a person does", (mrkdwn, read) => {
  expect(asRead(mrkdwn, nameOf)).toBe(read);
});
