import { type Message, section } from "#slack/blocks.ts";
import type { Texts } from "#text/texts.ts";

const HELP = /^(help|ヘルプ|使い方|\?)$/i;

/** Whether this alone stands after a command, in whatever width. */
export function asksForHelp(text: string): boolean {
  return HELP.test(text.normalize("NFKC").trim());
}

export function helpMessage(t: Texts): Message {
  return { text: t.home.usage, blocks: [section(t.home.usage)] };
}
