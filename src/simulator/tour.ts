import type { Block, MessageView } from "./page/contract.ts";
import { sayToCustomer } from "./say-to-customer.ts";
import type { Simulator } from "./simulator.ts";

const HELP = "C0ACMEHELP";
const AGENTS = "C0AGENTS";
const WAIT_MS = 15_000;

/**
 * Walks the main job against the running app, as the people of the seeded workspaces would,
 * and says what each of them sees. Answers the exit code: 0 only if all of it happened.
 */
export async function tour(simulator: Simulator, say: (line: string) => void): Promise<number> {
  let failed = 0;
  for (const [title, step] of steps(simulator)) {
    try {
      const seen = await step();
      say(`✓ ${title}`);
      for (const line of seen) say(`    ${line}`);
    } catch (error) {
      failed += 1;
      say(`✗ ${title}`);
      say(`    ${error instanceof Error ? error.message : String(error)}`);
      break; // each step builds on the one before
    }
  }
  say(failed === 0 ? "\nAll of it happened." : "\nThe tour stopped here.");
  return failed === 0 ? 0 : 1;
}

type Step = [title: string, () => Promise<string[]>];

function steps(simulator: Simulator): Step[] {
  const [hana, aki, ben, eva, dana] = (
    ["U0HANA", "U0AKI", "U0BEN", "U0EVA", "U0DANA"] as const
  ).map((id) => simulator.as(id)) as [Actor, Actor, Actor, Actor, Actor];
  const subject = `ログインできません ${Date.now()}`;
  let number = "";
  const card = () => latest(hana.messages(HELP), number);
  const triage = () => latest(aki.messages(AGENTS), number);
  const until = <T>(probe: () => T | undefined | false) => simulator.until(probe, WAIT_MS);
  const inThread = (words: string) =>
    until(() => hana.thread(HELP, card()?.ts ?? "").find((message) => says(message, words)));
  const refused = (who: Actor, channel: string, before: number) =>
    until(() => who.ephemerals(channel).length > before && who.ephemerals(channel).at(-1));

  return [
    [
      "Hana types /ticket in #help, and the form opens",
      async () => {
        if (!(await hana.command(HELP, "/ticket", subject))) throw new Error("No form opened.");
        const modal = await until(() =>
          hana.modals().find((view) => view.title.includes("お問い")),
        );
        return [modal.title, ...modal.blocks.map(labelOf).filter((label) => label !== "")];
      },
    ],
    [
      "She chooses a topic and Urgent: the form shows an article, what Urgent means, and what it needs",
      async () => {
        const form = hana.modals().at(-1);
        await hana.choose(form, "topic", "sign-in");
        await until(() => hana.modals().at(-1)?.hash !== form?.hash);
        await hana.choose(form, "priority", "urgent");
        const modal = await until(() =>
          hana.modals().find((view) => view.blocks.some((block) => block.block_id === "contact")),
        );
        return modal.blocks.filter(({ type }) => type !== "input").map((block) => textOf([block]));
      },
    ],
    [
      "She asks for more than the facts support, and reads why not",
      async () => {
        const { errors } = await hana.submit(hana.modals().at(-1), {
          description: "今朝から、全員がログインできません。",
          what: "function",
          who: "all",
          workaround: "none",
          priority: "urgent",
          why: "社内の全員が、今日の出荷を登録できません。",
          contact: "U0DANA",
        });
        if (!errors?.priority) throw new Error("The form took a priority without its facts.");
        return [errors.priority];
      },
    ],
    [
      "She corrects the facts, submits, and reads the number",
      async () => {
        const { modal, errors } = await hana.submit(hana.modals().at(-1), {
          what: "nothing-works",
        });
        const text = textOf(modal?.blocks ?? []);
        number = /DL-\d+/.exec(text)?.[0] ?? "";
        if (!number) throw new Error(`No number. ${JSON.stringify(errors ?? text)}`);
        await hana.close(modal);
        return [text];
      },
    ],
    [
      "The card appears in #help",
      async () => [await until(() => card() && textOf(card()?.blocks ?? []))],
    ],
    [
      "The triage card appears in the agents' channel of the vendor's workspace",
      async () => [await until(() => triage() && textOf(triage()?.blocks ?? []))],
    ],
    [
      "Eva, who is no agent, presses nothing: she is not in the channel",
      async () => {
        await eva.press({ ts: triage()?.ts ?? "" }, "ticket.take").then(
          () => Promise.reject(new Error("Eva could press an agent's button.")),
          () => {},
        );
        return ["She cannot see the card."];
      },
    ],
    [
      "Aki takes it; Ben, a moment later, is told who was first",
      async () => {
        const { ts } = triage() ?? { ts: "" };
        const before = ben.ephemerals(AGENTS).length;
        await Promise.all([aki.press({ ts }, "ticket.take"), ben.press({ ts }, "ticket.take")]);
        const one = until(
          () => ben.ephemerals(AGENTS).length > before && ben.ephemerals(AGENTS).at(-1),
        );
        const two = until(() => aki.ephemerals(AGENTS).at(-1));
        return [textOf((await Promise.race([one, two])).blocks)];
      },
    ],
    [
      "Aki asks a question; Hana reads it in her thread",
      async () => {
        const { ts } = triage() ?? { ts: "" };
        const modal = await aki.pressForModal({ ts }, "ticket.ask");
        await sayToCustomer(aki, modal, { body: "エラーの画面には何と出ていますか?" });
        return [textOf((await inThread("エラーの画面には何と出ていますか")).blocks)];
      },
    ],
    [
      "Hana adds information; the agents read it under the triage card",
      async () => {
        const modal = await hana.pressForModal({ ts: card()?.ts ?? "" }, "ticket.inform");
        await hana.submit(modal, { body: "「503」と出ています。" });
        const told = await until(() =>
          aki.thread(AGENTS, triage()?.ts ?? "").find((message) => says(message, "「503」")),
        );
        return [textOf(told.blocks)];
      },
    ],
    [
      "Aki replies; Hana reads the answer in her thread",
      async () => {
        const modal = await aki.pressForModal({ ts: triage()?.ts ?? "" }, "ticket.reply");
        await sayToCustomer(aki, modal, { body: "復旧しました。もう一度お試しください。" });
        return [textOf((await inThread("復旧しました")).blocks)];
      },
    ],
    [
      "Aki solves it; both cards say so",
      async () => {
        await aki.press({ ts: triage()?.ts ?? "" }, "ticket.solve");
        await inThread("解決にしました");
        return [await until(() => says(card(), "解決") && textOf(card()?.blocks ?? []))];
      },
    ],
    [
      "Hana finds it with /tickets",
      async () => {
        const before = hana.ephemerals(HELP).length;
        await hana.command(HELP, "/tickets", "status:solved ログイン");
        const answer = await refused(hana, HELP, before);
        if (!says(answer, number)) throw new Error("The list does not name the ticket.");
        return [textOf(answer.blocks)];
      },
    ],
    [
      "Hana may not open the account to support; Dana, an admin, does, and ends it",
      async () => {
        const lines: string[] = [];
        for (const [who, words] of [
          [hana, "grant 30d"],
          [dana, "grant 30d"],
          [hana, ""],
          [dana, "off"],
        ] as const) {
          const before = who.ephemerals(HELP).length;
          await who.command(HELP, "/support-access", words);
          lines.push(textOf((await refused(who, HELP, before)).blocks));
        }
        return lines;
      },
    ],
  ];
}

type Actor = ReturnType<Simulator["as"]>;

function latest(messages: MessageView[], number: string): MessageView | undefined {
  return number ? messages.findLast((message) => says(message, number)) : undefined;
}

function says(message: MessageView | undefined, words: string): boolean {
  return Boolean(message && `${message.text}\n${textOf(message.blocks)}`.includes(words));
}

/** Every text of the blocks, one line each, as a person reads them from top to bottom. */
function textOf(value: unknown): string {
  return textsIn(value)
    .map((text) => text.replaceAll("\n", " "))
    .join("\n    ");
}

function textsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "text" && typeof inner === "string" ? [inner] : textsIn(inner),
  );
}

function labelOf(block: Block): string {
  return textOf(block.label);
}
