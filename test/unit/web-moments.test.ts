import { expect, it } from "vitest";
import { date } from "#slack/mrkdwn.ts";
import { textsOf } from "#text/texts.ts";
import { plainly } from "../../src/web/moments.ts";

const READER = { t: textsOf("en"), timeZone: "Asia/Tokyo" };
const AT = new Date("2027-01-15T09:00:00Z");

it("says each moment so that the reader's own time zone can take its place", () => {
  const until = date(AT, "15 January 2027, 09:00 (UTC)");

  expect(plainly(READER, `*Answer* until ${until}, please. Else ${until}.`).markup).toBe(
    'Answer until <time datetime="2027-01-15T09:00:00.000Z">15 January 2027, 18:00 (JST)</time>, please. ' +
      'Else <time datetime="2027-01-15T09:00:00.000Z">15 January 2027, 18:00 (JST)</time>.',
  );
});

it("lets nothing that was typed become markup or a moment", () => {
  expect(plainly(READER, "by &lt;b&gt;x&lt;/b&gt; &lt;!date^1^{time}|now&gt;").markup).toBe(
    "by &lt;b&gt;x&lt;/b&gt; &lt;!date^1^{time}|now&gt;",
  );
});
