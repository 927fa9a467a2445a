import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "#db/connect.ts";
import { textsOf } from "#text/texts.ts";
import { type ListAfter, PAGE, readListQuery } from "#tickets/list.ts";
import type { Sight } from "#tickets/list-sight.ts";
import { findTickets } from "#tickets/store-list.ts";
import { insertNote } from "#tickets/store-notes.ts";
import { SEARCHED, type SearchedTicket } from "../fixtures/searched-tickets.ts";
import type { TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";
import { type Filed, fileTicket, seedAccounts } from "../support/tickets.ts";

const HANA = { teamId: "T0ACME", userId: "U0HANA" };
const AGENT: Sight = { who: { teamId: "T0KUMO", userId: "U0AKI" }, sees: "all" };
const CUSTOMERS: Sight[] = [
  { who: HANA, sees: "account", accountId: "acme" },
  { who: HANA, sees: "own", accountId: "acme", channels: [], isUnsure: false },
];
/** As usual; by the index after a look at the newest; by the index alone. */
const WAYS: { newest?: number }[] = [{}, { newest: 100 }, { newest: 0 }];
const LABELS = [textsOf("ja"), textsOf("en")];

/** What a person expects, and everybody finds. */
const EXACT: Record<string, string> = {
  // not within "rapid", "lesson" or "associated"
  API: `api-429 api-token api-docs api-cors api-slow api-upload api-encoding api-key-leak zone-iso`,
  sso: "sso-setup sso-loop sso-bypass sso-test",
  // within a long word, and within one that has digits
  pointer: "log-stacktrace",
  "421": "print-label",
  ログイン: "login-all login-kana login-halfwidth login-loop login-name-change app-login",
  ろぐいん: "login-all login-kana login-halfwidth login-loop login-name-change app-login",
  ﾛｸﾞｲﾝ: "login-all login-kana login-halfwidth login-loop login-name-change app-login",
  ログ出力: "log-output",
  ログイン画面: "login-halfwidth",
  請求: `bill-invoice-missing bill-address bill-invoice-system bill-currency bill-stamp
    bill-campaign bill-denchoho`,
  請求書: "bill-invoice-missing bill-invoice-system bill-stamp bill-denchoho",
  領収書: "bill-receipt",
  メール: `login-password login-name-change bill-bank perm-admin notice-digest mail-spam mail-delay
    mail-from mail-template`,
  ファイル: `api-upload api-encoding log-program perm-guest mail-attachment file-deleted file-sync
    file-name-long`,
  添付: `login-newhire bill-address bill-campaign app-android mail-attachment mail-ppap move-old
    move-kintone`,
  だうんろーど: "log-download export-zip mail-ppap cert-isms",
  権限: "sso-group perm-folder perm-admin perm-delete",
  監査: "login-history log-audit log-siem flow-number",
  印刷: "print-blank print-margin",
  移行: "move-old move-stuck move-dates",
  文字化け: "api-encoding csv-mojibake mail-garbled",
  通知: "hook-late app-push notice-too-many notice-language notice-teams",
  証明書: "sso-cert cert-expired cert-client cert-wildcard",
  電帳法: "bill-denchoho",
  ｲﾝﾎﾞｲｽ: "bill-invoice-system",
  ｴﾗｰ: "sso-e4021 csv-import cert-expired",
  ブラウザ: "login-halfwidth notice-sound",
  フリガナ: "other-halfwidth-name",
  ぷりんたー: "print-blank",
  すまほ: "login-old-phone app-login",
  くもスキャン: "print-scan",
  フォルダ: "csv-schedule perm-folder perm-denied perm-audit",
  申込: "bill-campaign bill-debit flow-form",
  大阪支社: "app-gps file-name-long",
  管理者に連絡してください: "perm-denied",

  税: "bill-tax",
  印: "bill-stamp print-blank print-margin print-envelope flow-stamp other-accessible-form",
  令: "zone-wareki",
  ヅ: "app-version flow-return",
  Ｚ: "export-zip notice-quiet mail-ppap zone-iso print-label en-umlaut",
  "🙏": "login-all file-deleted",
  "□": "web-emoji",
  "〓": "move-gaiji",

  csv: `csv-mojibake csv-import csv-leading-zero csv-large csv-header csv-semicolon
    export-filename`,
  ＣＳＶ: `csv-mojibake csv-import csv-leading-zero csv-large csv-header csv-semicolon
    export-filename`,
  WebHook: `hook-signature hook-retry hook-ip hook-tls hook-payload other-webhook-mixed
    en-webhook-secret`,
  ｉＰｈｏｎｅ: "login-otp-app app-battery en-curly",
  EXCEL: "csv-mojibake csv-semicolon export-excel cert-checksheet en-excel-addin",
  saml: "sso-cert sso-loop",
  invoice: "bill-invoice-po bill-vat",
  scan: "cert-root en-barcode",
  password: "login-english login-reset-link login-passkey sso-bypass",
  MÜLLER: "en-umlaut",

  "504": "slow-timeout",
  "429": "api-429",
  "4021": "sso-nameid sso-e4021",
  "e-4021": "sso-nameid sso-e4021",
  "Ｅ－４０２１": "sso-nameid sso-e4021",
  "10,000": "csv-large",
  "3.8.2": "en-proxy",
  "2024": "api-date export-date-range zone-iso zone-wareki file-tag file-name-long",
  議事録1: "api-encoding",
  "９時～": "other-inquiry",

  "webhook 署名": "hook-signature",
  "503　webhook": "hook-retry",
  "承認 月末": "flow-mass",
  "月末 承認": "flow-mass",
  "障害　報告書": "down-report",
  "メール 届": "login-password mail-spam mail-delay",
  "time zone": "notice-quiet zone-iso",
  "slack 通知": "notice-teams",
  "kumo box": "login-all log-program",
  "Kumo Flow 申請": "down-partial",

  "(株)": "bill-name move-account",
  "㈱": "bill-name move-account",
  "㍿": "bill-receipt bill-name",
  "%": `bill-vat bill-refund bill-campaign export-filename app-battery move-stuck web-layout
    other-rate en-sql`,
  "100%": "en-sql",
  "％オフ": "bill-campaign",
  file_name: "export-filename",
  __: "file-underscore",
  "'": "api-cors cert-root en-quote en-cant en-chat en-curly",
  "o'brien": "en-quote",
  '"Save"': "web-adblock",
  "\\": "file-path en-backslash",
  "C:\\Users": "file-path",
  "c#": "log-program",
  "？？": "api-encoding en-nothing",
  "！！": "perm-folder en-nothing",
  "#sales": "hook-slack",
  "takahashi@acme.example": "perm-admin",
  "https://app.kumo.example/w/home": "web-404",
  "java.lang.Thread": "log-stacktrace",

  ありがとう: "login-loop bill-invoice-missing file-deleted other-thanks",
  ろーらー: "print-scan",
  クッキー: "login-loop",
  capslock: "login-capslock",
  "ad blocker": "web-adblock",
  "署名 改行": "hook-signature",
  "名前解決 再起動": "down-dns",

  量子: "",
  鍵: "",
  ゐ: "",
  blockchain: "",
  "ログイン 量子": "",
  e_4021: "",
  "1%%": "",
  "kumo%flow": "",
  "' or 1=1 --": "",
  "3ヶ月": "bill-campaign",
  "can't": "en-cant en-curly",
  "it’s": "en-quote en-curly",
  "9時〜18時": "other-inquiry",
  "Ｅ−４０２１": "sso-nameid sso-e4021",
};

/** What everybody finds, and what agents find besides: only a note says it. */
const NOTED: Record<string, [everybody: string, agents: string]> = {
  "E-7710": ["", "login-retired"],
  そふとばんく: ["", "login-otp"],
  フィッシング: ["", "bill-bank"],
  "kp-88213": ["", "bill-double"],
  NotOnOrAfter: ["", "sso-loop"],
  OSLO: ["", "api-key-leak"],
  三浦: ["", "sso-subsidiary"],
  "→": ["", "app-push"],
  "okta clock": ["", "sso-loop"],
  "二重 決済代行": ["", "bill-double"],
  不具合: ["", "perm-folder app-crash"],
  clock: ["zone-dst", "sso-loop"],
  DNS: ["down-dns", "mail-spam"],
  サーバ: ["slow-afternoon down-partial down-dns other-rate", "bill-bank"],
  契約: ["bill-seats file-tag flow-contract", "sso-subsidiary"],
  タイムアウト: ["api-idempotency", "bill-double"],
  lawsuit: ["en-legal-hold", ""],
  _: [
    `api-docs api-pagination api-date api-scope hook-duplicate csv-header export-filename
      cert-expired zone-iso file-underscore file-name-long`,
    "api-key-leak",
  ],
};

/** Where a person expects something else: `noise` is found beyond that, `missed` is not. */
const INEXACT: Record<string, { hits: string; noise?: string; missed?: string }> = {
  // katakana is looked for as hiragana, of which words and their endings are made
  サイト: { hits: "log-catalog", noise: "perm-denied" },
  セル: {
    hits: "export-excel",
    noise: `login-history perm-guest notice-deadline move-kintone file-search-inside other-thanks`,
  },
  カナ: {
    hits: "other-halfwidth-name",
    noise: `login-otp login-remember sso-logout notice-mention mail-spam web-popup down-partial`,
  },
  // the word is a part of another
  ログ: {
    hits: `login-all login-kana login-halfwidth login-loop login-auto-logout login-name-change
      sso-logout log-output log-audit log-download log-timestamp app-login`,
    noise: "log-program log-catalog log-dialog",
  },
  コード: { hits: "login-otp app-barcode print-qr", noise: "move-kintone" },
  Mac: { hits: "print-cups web-japanese-input file-sync", noise: "web-adblock" },
  "503": { hits: "login-all login-english hook-retry down-503", noise: "down-partial" },
  // the same word in other letters
  ブラウザー: { hits: "login-halfwidth notice-sound", missed: "login-halfwidth notice-sound" },
  申し込み: { hits: "bill-campaign bill-debit flow-form", missed: "flow-form" },
  取り消し: { hits: "mail-typo flow-cancel-mail flow-cancel", missed: "flow-cancel" },
  問い合わせ: {
    hits: "mail-holiday other-accessible-form other-inquiry",
    missed: "other-inquiry",
  },
  締め切り: { hits: "flow-expense notice-deadline", missed: "notice-deadline" },
  高橋: { hits: "perm-admin other-training", missed: "other-training" },
  muller: { hits: "en-umlaut", missed: "en-umlaut" },
};

/** More than one page of them. */
const COMMON: Record<string, string> = {
  ください: `login-all login-retired login-newhire sso-subsidiary bill-invoice-missing bill-currency
    bill-campaign bill-denchoho bill-usage api-date hook-ip log-catalog perm-folder perm-admin
    perm-approval perm-denied app-login cert-client cert-pmark cert-vuln down-503`,
  ません: `login-all login-locked login-kana login-otp login-otp-app login-auto-logout login-shared
    login-captcha sso-e4021 bill-invoice-missing bill-tax bill-stamp bill-refund-name api-slow
    api-upload api-idempotency hook-signature hook-slack log-empty csv-mojibake csv-import
    export-zip export-excel perm-denied app-crash app-offline app-font app-tablet app-store
    notice-mention notice-sound notice-badge mail-attachment mail-list mail-quote cert-expired
    move-stuck move-dates move-access zone-report zone-profile print-ocr web-ie web-cache web-popup
    web-404 slow-afternoon slow-report down-503 down-partial down-dns flow-return flow-mass
    other-survey other-halfwidth-name`,
  DL: SEARCHED.map(({ key }) => key).join(" "), // all have a number
};

describe.each(databases)("a search among 300 tickets on %s", (_kind, create) => {
  let test: TestDatabase;
  const keys = new Map<string, string>();
  const numbers = new Map<string, string>();
  beforeAll(async () => {
    test = await create();
    await seedAccounts(test.db);
    for (const searched of SEARCHED) {
      const filed = await file(searched);
      keys.set(filed.ticketId, searched.key);
      numbers.set(searched.key, filed.number);
    }
    expect(keys.size).toBe(300);
    await sql`analyze`.execute(test.db); // without it one search by the index takes half a second
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it.each(Object.entries(EXACT))("finds what a person expects of %j", async (text, hits) => {
    await expectFound(text, listOf(hits));
  });

  it.each(Object.entries(COMMON))("finds all that say %j, page by page", async (text, hits) => {
    await expectFound(text, listOf(hits));

    const { tickets, next } = await findTickets(test.db, AGENT, queryOf(text));
    expect(tickets).toHaveLength(PAGE);
    expect(next).toBeDefined();
  });

  it.each(Object.entries(NOTED))("finds the notes with %j for agents alone", async (text, hits) => {
    const [everybody, agents] = hits;

    await expectFound(text, listOf(everybody), listOf(agents));
  });

  it.each(Object.entries(INEXACT))(
    "finds for %j more or less than a person expects",
    async (text, { hits, noise, missed }) => {
      const found = listOf(hits).filter((key) => !listOf(missed).includes(key));

      await expectFound(text, [...found, ...listOf(noise)]);
    },
  );

  it("finds a ticket by its number, however it is typed", async () => {
    const number = numbers.get("print-cups") ?? "";
    const digits = number.slice("DL-".length);
    const wide = digits.replaceAll(/\d/g, (digit) => "０１２３４５６７８９"[Number(digit)] ?? "");

    for (const text of [number, number.toLowerCase(), digits, `ＤＬ－${wide}`, `${digits} linux`])
      await expectFound(text, ["print-cups"]);
  });

  async function file({ subject, description, comments, notes }: SearchedTicket): Promise<Filed> {
    const filed = await fileTicket(test.db, { subject, description });
    const ref = { accountId: filed.accountId, ticketId: filed.ticketId };
    for (const body of comments ?? []) await say(filed, body);
    for (const body of notes ?? []) {
      const at = { teamId: "T0KUMO", channelId: "C0AGENTS", ts: crypto.randomUUID() };
      await insertNote(test.db, at, { ref, author: { userId: "U0AKI", name: "Aki" }, body });
    }
    return filed;
  }

  async function say({ accountId, ticketId }: Filed, body: string): Promise<void> {
    await test.db
      .insertInto("comment")
      .values({
        account_id: accountId,
        ticket_id: ticketId,
        kind: "information",
        author_kind: "requester",
        author_user_id: "U0HANA",
        author_name: "Hana",
        body,
      })
      .execute();
  }

  async function expectFound(text: string, everybody: string[], agents: string[] = []) {
    for (const way of WAYS) {
      for (const sight of CUSTOMERS)
        expect(await keysOf(sight, text, way)).toEqual(everybody.toSorted());
      expect(await keysOf(AGENT, text, way)).toEqual([...everybody, ...agents].toSorted());
    }
  }

  /** So few rows are read one by one, unless it is forbidden. */
  async function keysOf(sight: Sight, text: string, way: { newest?: number }): Promise<string[]> {
    return test.db.transaction().execute(async (tx) => {
      if (way.newest === 0) await sql`set local enable_seqscan = off`.execute(tx);
      const found = await findAll(tx, sight, text, way);
      return found.map((id) => keys.get(id) ?? id).toSorted();
    });
  }
});

/** On all pages. */
async function findAll(db: Db, sight: Sight, text: string, way: { newest?: number }) {
  const query = queryOf(text);
  const found: string[] = [];
  let after: ListAfter | undefined;
  do {
    const { tickets, next } = await findTickets(
      db,
      sight,
      { ...query, ...(after && { after }) },
      way,
    );
    found.push(...tickets.map(({ id }) => id));
    after = next;
  } while (after);
  return found;
}

function queryOf(text: string) {
  const asked = readListQuery(text, LABELS);
  if ("fault" in asked) throw new Error(JSON.stringify(asked.fault));
  return asked.query;
}

function listOf(written = ""): string[] {
  return written.split(/\s+/).filter(Boolean);
}
