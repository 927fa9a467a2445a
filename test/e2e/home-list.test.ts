import { afterAll, beforeAll, expect, it } from "vitest";
import type { Actor } from "#simulator/actor.ts";
import { HELP, startTestApp, type TestApp } from "../support/app.ts";
import { buttonsOf, textOf, type Walk, walk } from "../support/ticket-walk.ts";
import { fileTicket } from "../support/tickets.ts";

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ mode: "http", paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("shows a person their open tickets, and by its buttons the others", async () => {
  const [hana, tom, aki] = [w.as("U0HANA"), w.as("U0TOM"), w.as("U0AKI")];
  await hana.openHome();
  await expect.poll(() => home(hana)).toContain("未解決のお問い合わせは、自分の分にはありません。");
  const own = await w.filed("花の未解決");
  const done = await w.filed("花の解決済み");
  await w.card(tom, HELP, await w.file(tom, HELP, "トムの相談"));
  await aki.press(done.triage, "ticket.solve");
  await w.shows(hana, done.card, "解決済み");

  await hana.openHome();
  await expect.poll(() => home(hana)).toContain("花の未解決");
  expect(home(hana)).toContain(own.number);
  expect(home(hana)).not.toContain("花の解決済み");
  expect(home(hana)).not.toContain("トムの相談");

  await hana.press("home", "解決済みのみ");
  await expect.poll(() => home(hana)).toContain("花の解決済み");
  expect(home(hana)).not.toContain("花の未解決");
  await hana.press("home", "未解決のみ");
  await expect.poll(() => home(hana)).toContain("花の未解決");
  await hana.press("home", "閲覧できるお問い合わせ");
  await expect.poll(() => home(hana)).toContain("トムの相談");
  await hana.press("home", "自分のお問い合わせ");
  await expect.poll(() => home(hana)).not.toContain("トムの相談");
});

it("shows agents what waits for them, the most urgent first", async () => {
  const [aki, ben] = [w.as("U0AKI"), w.as("U0BEN")];
  const taken = await w.filed("ベンの担当");
  await ben.press(taken.triage, "ticket.take");
  await w.shows(ben, taken.triage, "U0BEN");
  const high = await w.filed("至急でない高");
  await app.db
    .updateTable("ticket")
    .set({ priority: "high" })
    .where("number", "=", Number(high.number.slice(3)))
    .execute();

  await aki.openHome();
  await expect.poll(() => home(aki)).toContain("対応待ち");
  const shown = home(aki);
  expect(shown).not.toContain("ベンの担当");
  expect(shown).not.toContain("花の解決済み");
  expect(shown.indexOf("至急でない高")).toBeLessThan(shown.indexOf("花の未解決"));
  expect(shown.indexOf("至急でない高")).toBeGreaterThan(0);

  await aki.press("home", "すべてのご契約のお問い合わせ");
  await expect.poll(() => home(aki)).toContain("ベンの担当");
  await aki.press("home", "対応待ち");
  await expect.poll(() => home(aki)).not.toContain("ベンの担当");
});

it("turns the pages of what waits for agents", async () => {
  const aki = w.as("U0AKI");
  for (let n = 0; n < 22; n += 1) await fileTicket(app.db, { subject: `列 ${n} 番` });
  await aki.openHome();
  await expect.poll(() => home(aki)).toContain("列 0 番");
  expect(home(aki)).not.toContain("列 21 番");

  await aki.press("home", "次へ");
  await expect.poll(() => home(aki)).toContain("列 21 番");
  expect(home(aki)).not.toContain("列 0 番");
  await aki.press("home", "最初へ");
  await expect.poll(() => home(aki)).toContain("列 0 番");
});

it("turns its pages", async () => {
  const dana = w.as("U0DANA");
  for (let n = 0; n < 22; n += 1) await w.file(dana, HELP, `ページ ${n}`);
  await dana.openHome();
  await expect.poll(() => home(dana)).toContain("ページ 21");
  expect(home(dana)).not.toContain("ページ 0\n");

  await dana.press("home", "Next");
  await expect.poll(() => home(dana)).toContain("ページ 0");
  expect(buttonsOf({ blocks: dana.home()?.blocks ?? [] })).not.toContain("Next");
  await dana.press("home", "First page");
  await expect.poll(() => home(dana)).toContain("ページ 21");
}, 60_000);

function home(who: Actor): string {
  return textOf(who.home()?.blocks);
}
