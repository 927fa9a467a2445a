/** What people read of the app in Slack itself, in Japanese: by the words of the manifest and of its step. */
export const MANIFEST_JA: Readonly<Record<string, string>> = {
  "Technical support inside Slack": "Slackの中で使えるテクニカルサポート",
  "Submit a ticket": "お問い合わせを送信",
  "Submit a ticket to support": "サポートにお問い合わせを送信します",
  "File a ticket about this": "このメッセージで問い合わせる",
  "Submit a ticket with the words of this message and a link to it":
    "このメッセージの内容とリンクを入れて、お問い合わせを送信します",
  "Submit a ticket, see yours, look at support's access":
    "お問い合わせの送信と一覧、サポートアクセスの確認",
  "[help | button]": "[help | button]",
  "[subject]": "[件名]",
  "List and search tickets": "お問い合わせの一覧と検索",
  "[words] [status:open] [priority:high] [by:me] [page:2]":
    "[検索する言葉] [status:open] [priority:high] [by:me] [page:2]",
  "See, grant or end support's access to your account":
    "サポートアクセスの確認、許可、オフへの切り替え",
  "[grant 30d | reset 30d | off]": "[grant 30d | reset 30d | off]",

  "File a support ticket": "サポートに問い合わせる",
  "Files a ticket at support for a person, with the same rules as the form":
    "フォームと同じ決まりで、お問い合わせを送信します",
  Requester: "お問い合わせした人",
  "Whose ticket it is": "お問い合わせの送信者になる人",
  Channel: "チャンネル",
  "Where the ticket is answered. Without one, in the requester's messages with the app":
    "回答するチャンネル。指定しないときは、送信者とこのアプリとのメッセージで回答します",
  Subject: "件名",
  "At most 150 characters": "150文字まで",
  Description: "内容",
  "At most 3,000 characters": "3,000文字まで",
  Topic: "種類",
  "The id of a topic of the policy. Needed when that has topics":
    "ポリシーにある種類のid。種類があるときは必須",
  "What is broken": "起きていること",
  "nothing-works, essential-function, function, minor-bug or question":
    "nothing-works、essential-function、function、minor-bug、questionのどれか",
  "Who is affected": "影響を受けている人",
  "all, many or some": "all、many、someのどれか",
  Workaround: "回避策",
  "none, limited or yes": "none、limited、yesのどれか",
  Priority: "優先度",
  "urgent, high, normal or low": "urgent、high、normal、lowのどれか",
  "Why it cannot wait": "急ぐ理由",
  "Needed for urgent and high": "urgentとhighでは必須",
  Contact: "連絡担当者",
  "Who works on it with support. Needed for urgent":
    "サポートと続けてやり取りできる人。urgentでは必須",
  "Ticket number": "お問い合わせの番号",
  "For example DL-1042": "例：DL-1042",
};
