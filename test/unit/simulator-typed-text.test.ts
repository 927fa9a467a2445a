import { expect, it } from "vitest";
import { asSlackText } from "#simulator/typed-text.ts";
import { openWorld } from "#simulator/world.ts";

it.each([
  ["a < b & c > d", "a &lt; b &amp; c &gt; d"],
  ["<!channel> <@U0HANA>", "&lt;!channel&gt; &lt;@U0HANA&gt;"],
  ["see https://example.com/?a=1&b=2 now", "see <https://example.com/?a=1&amp;b=2> now"],
  ["@hana and @Nobody", "<@U0HANA> and @Nobody"],
  ["@channel", "<!channel>"],
  ["mail me@example.com", "mail me@example.com"],
])("stores %s as Slack does", (typed, stored) => {
  const world = openWorld();
  const help = world.channels.get("C0ACMEHELP");
  if (!help) throw new Error("The seed has no #help.");

  expect(asSlackText(world, help, typed)).toBe(stored);
});
