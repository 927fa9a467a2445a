/** One conversation, from the form to the solution, as a customer and an agent who read this language. */
export type Story = {
  language: "en" | "ja";
  requester: string;
  agent: string;
  subject: string;
  description: string;
  why: string;
  question: string;
  information: string;
  reply: string;
  thanks: string;
};

export const stories: readonly Story[] = [
  {
    language: "en",
    requester: "U0TOM",
    agent: "U0BEN",
    subject: "Invoices cannot be downloaded",
    description:
      "Since nine this morning, “Download” on the invoice page ends with a 503. Everyone in sales has it.",
    why: "Sales cannot send any invoice today, and the month ends tonight.",
    question:
      "Is it the same in every browser? Please send the number at the bottom right of the page, too.",
    information: "Chrome and Safari alike. The number is 4821.",
    reply: "We found the cause and repaired it. Please try the download again.",
    thanks: "It works again. Thank you!",
  },
  {
    language: "ja",
    requester: "U0HANA",
    agent: "U0AKI",
    subject: "請求書をダウンロードできません",
    description:
      "今朝9時ごろから、請求書の画面で「ダウンロード」を押すと「503」と表示されます。営業部の全員が同じ状態です。",
    why: "営業部の全員が、今日中に送る請求書を出せません。",
    question: "どのブラウザーでも同じでしょうか。画面の右下に表示される番号も教えてください。",
    information: "ChromeでもSafariでも同じです。番号は「4821」です。",
    reply: "原因が分かり、修正しました。もう一度ダウンロードを試してください。",
    thanks: "ダウンロードできました。ありがとうございました。",
  },
];
