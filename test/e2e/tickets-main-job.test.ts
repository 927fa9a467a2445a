import { expect, it } from "vitest";
import type { MessageView } from "#simulator/page/contract.ts";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { AGENTS, HELP, startTestApp } from "../support/app.ts";
import { buttonsOf, says, textOf, walk } from "../support/ticket-walk.ts";

it.each(["socket", "http"] as const)(
  "goes from a modal to an answered thread over %s",
  async (mode) => {
    await using app = await startTestApp({ mode });
    const { as, until, shows, inThread, card, triage } = walk(app);
    const [hana, aki] = [as("U0HANA"), as("U0AKI")];
    const both = async (forHana: string, forAki: string) => {
      await shows(hana, hers, forHana);
      return shows(aki, theirs, forAki);
    };

    const opened = await hana.command(HELP, "/ticket", "ログインできない");
    const form = await until(() => hana.modals().find(({ title }) => title.startsWith("サポート")));
    expect(form.id).toBe(opened?.id);
    await hana.choose(form, "priority", "urgent");
    await until(() => hana.modals().find(({ blocks }) => textOf(blocks).includes("連絡担当者")));
    const needed = { why: "出荷が止まっています。", contact: "U0TOM" };
    const facts = { who: "all", workaround: "none", priority: "urgent" };
    const asked = { description: "全員です。", ...facts, ...needed };
    const refused = await hana.submit(form, { ...asked, what: "function" });
    expect(refused.errors).toEqual({
      priority:
        "「緊急」は、全員がまったく使えず、回避策もないときの優先度です。いまの内容では「普通」までです。優先度を「普通」にするか、影響の内容を直してください。",
    });
    const { modal } = await hana.submit(form, { ...asked, what: "nothing-works" });
    const number = /DL-\d+/.exec(textOf(modal?.blocks))?.[0] ?? "";
    expect(textOf(modal?.blocks)).toContain(`${number}を受け付けました。\n<#${HELP}>`);
    await hana.close(modal);

    const hers = await card(hana, HELP, number);
    const theirs = await triage(number);
    expect(textOf(hers.blocks)).toContain(
      `${number}を受け付けました。この後のやり取りは、このスレッドで続けます。`,
    );
    expect(buttonsOf(hers)).toEqual(["情報を追加", "影響の内容を訂正"]);
    expect(says(theirs, "Acme")).toBe(true);
    expect(buttonsOf(theirs)).toEqual([
      ...["担当する", "返信する", "お客様に質問する", "回避策を伝える"],
      ...["解決にする", "影響の内容を訂正"],
    ]);

    await aki.press(theirs, "ticket.take");
    const taken = await both("Aki", "<@U0AKI>");
    expect(buttonsOf(taken)).toEqual([
      ...["返信する", "お客様に質問する", "回避策を伝える"],
      ...["解決にする", "影響の内容を訂正"],
    ]);

    const question = await aki.pressForModal(theirs, "ticket.ask");
    await sayToCustomer(aki, question, { body: "画面には何と出ていますか?" });
    expect(await inThread(hana, hers, "画面には何と出ていますか?")).toMatchObject({
      text: expect.stringContaining("<@U0HANA> さんへの質問"),
    });
    await both("お客様の返答待ち", "お客様の返答待ち");

    const information = await hana.pressForModal(hers, "ticket.inform");
    await hana.submit(information, { body: "「503」です。" });
    await inThread(aki, theirs, "「503」です。");
    await inThread(hana, hers, "「503」です。");
    await both("対応中", "対応中");

    const reply = await aki.pressForModal(theirs, "ticket.reply");
    await sayToCustomer(aki, reply, { body: "復旧しました。" });
    await inThread(hana, hers, "復旧しました。");

    await aki.press(theirs, "ticket.solve");
    await inThread(hana, hers, "解決にしました");
    expect(buttonsOf(await both("まだ困っているとき", "再開する"))).toEqual(["再開する"]);

    await aki.press(theirs, "ticket.reopen");
    await inThread(hana, hers, "再開しました");
    expect(buttonsOf(await both("対応中", "対応中"))).toEqual(buttonsOf(taken));

    await hana.send(HELP, "ありがとう &amp; <さようなら>", hers.ts);
    await inThread(aki, theirs, "ありがとう");

    expect(linesOf(hana.thread(HELP, hers.ts))).toEqual([
      "への質問",
      "情報を追加しました",
      "復旧しました。",
      "解決にしました",
      "再開しました",
      "ありがとう",
    ]);
    expect(linesOf(aki.thread(AGENTS, theirs.ts))).toEqual([
      "お客様に質問しました",
      "情報を追加しました",
      "お客様に返信しました",
      "情報を追加しました",
    ]);
    for (const message of app.simulator.world.messages()) expect(message.text.trim()).not.toBe("");
    await expect
      .poll(() => deskKnows(app.db))
      .toEqual([
        ...["open", "画面には何と出ていますか?", "pending", "「503」です。", "open"],
        ...["復旧しました。", "solved", "open", "ありがとう &amp; <さようなら>"],
      ]);
  },
);

const LINES = [
  ...["への質問", "お客様に質問しました", "情報を追加しました", "お客様に返信しました"],
  ...["復旧しました。", "解決にしました", "再開しました", "ありがとう"],
];

/** Which sentence each message of a thread is, in order. */
function linesOf(thread: MessageView[]): string[] {
  return thread
    .slice(1)
    .map((message) => LINES.find((line) => says(message, line)) ?? message.text);
}

/** What our own desk holds of the only ticket, in order. */
async function deskKnows(db: Awaited<ReturnType<typeof startTestApp>>["db"]): Promise<unknown[]> {
  const rows = await db.selectFrom("desk_change").select("change").orderBy("seq").execute();
  return rows.map(({ change }) => change.body ?? change.status);
}
