import type { Channel } from "./records.ts";
import type { World } from "./world.ts";

/** What a person typed, as Slack stores it: `&<>` escaped, links and mentions in angle brackets. */
export function asSlackText(world: World, channel: Channel, typed: string): string {
  const escaped = escapeText(typed);
  const linked = escaped.replaceAll(/https?:\/\/[^\s<>]+/g, (url) => `<${url}>`);
  return linked.replaceAll(/(^|[\s(])@([\p{L}\d_]+)/gu, (whole, before, name) => {
    if (/^(here|channel|everyone)$/.test(name)) return `${before}<!${name}>`;
    const named = channel.memberIds
      .map((id) => world.people.get(id))
      .find((person) => person?.name.toLowerCase() === String(name).toLowerCase());
    return named ? `${before}<@${named.id}>` : whole;
  });
}

export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
