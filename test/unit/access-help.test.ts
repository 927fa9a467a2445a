import { expect, it } from "vitest";
import { type AccessNeeds, registerAccess } from "#access/slack.ts";
import type { Message } from "#slack/blocks.ts";
import type { CommandCall, Door } from "#slack/replies.ts";
import { textsOf } from "#text/texts.ts";

it.each([
  ["en", "end it now"],
  ["ja", "すぐにオフにする"],
] as const)(
  "explains itself in %s without a database and without asking Slack",
  async (language, words) => {
    const said = await answerTo("help", language);

    expect(said.text).toContain("/support-access grant 30d");
    expect(said.text).toContain(words);
  },
);

it("refuses what it does not know without a database and without asking Slack", async () => {
  await expect(answerTo("sudo", "en")).rejects.toMatchObject({ code: "access-words" });
});

async function answerTo(text: string, language: "en" | "ja"): Promise<Message> {
  const untouched = new Proxy({}, { get: (_, name) => expect.unreachable(String(name)) });
  const needs = { db: untouched, people: untouched, findInstallation: untouched } as AccessNeeds;
  const { promise, resolve } = Promise.withResolvers<Message>();
  const handlers: ((call: CommandCall) => Promise<void>)[] = [];
  const door = {
    command: (_name: string, run: (typeof handlers)[0]) => handlers.push(run),
    press() {},
  };
  registerAccess(door as unknown as Door, needs); // it hears nothing else that matters here

  await handlers[0]?.({
    text,
    caller: { texts: textsOf(language) },
    answer: async (message: Message) => resolve(message),
  } as CommandCall); // all that help may read
  return promise;
}
