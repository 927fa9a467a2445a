import type { Priority, Status, What, Who, Workaround } from "#db/tables.ts";
import type { FileFault, LinkFault } from "#errors.ts";
import { link } from "#slack/mrkdwn.ts";
import { inParts } from "./duration.ts";
import type { ProblemWords } from "./texts.ts";

const priorities: Record<Priority, string> = {
  urgent: "緊急",
  high: "高",
  normal: "普通",
  low: "低",
};
const statuses: Record<Status, string> = {
  new: "受付",
  open: "対応中",
  pending: "お客様の返答待ち",
  on_hold: "保留",
  solved: "解決",
  closed: "終了",
};
const rules: Record<Priority, string> = {
  urgent: "全員がまったく使えず、回避策もないとき",
  high: "主要な機能に大きな支障があり、多数の人が困っていて、回避策もないとき",
  normal: "一部の機能に支障があるとき（回避策があっても、全員には使えないときを含む）",
  low: "質問や相談、または影響の小さい不具合のとき",
};
const what: Record<What, string> = {
  "nothing-works": "まったく使えない",
  "essential-function": "主要な機能に大きな支障がある",
  function: "一部の機能に支障がある",
  "minor-bug": "軽い不具合がある",
  question: "質問・相談",
};
const who: Record<Who, string> = { all: "全員", many: "多数", some: "一部" };
const workaround: Record<Workaround, string> = {
  none: "ない",
  limited: "あるが、全員には使えない",
  yes: "ある",
};

const fileFaults: Record<FileFault, string> = {
  empty: "中身が空です",
  "too-large": "10MBを超えています",
  "too-many": "一度に送れるファイルは10個までです。別の返信で送ってください",
  "forbidden-type": "プログラム、スクリプト、Webページは受け付けていません",
  unreadable: "このアプリでは、Slackからファイルを開けませんでした",
  "wrong-length": "Slackから最後まで受け取れませんでした。もう一度、このスレッドに添付してください",
  gone: "削除されたか、このアプリから見られない場所にあります",
  elsewhere: "Slackの外か、別のワークスペースに保存されています",
  interrupted: "途中で送信が止まりました。もう一度送ってください",
  "desk-refused": "サポートの窓口で受け付けられませんでした",
  undelivered: "届けられませんでした。サポートの担当者が確認します",
};

const linkFaults: Record<LinkFault, string> = {
  unknown: "同じお客様のお問い合わせに、この番号はありません。",
  self: "このお問い合わせ自身の番号です。別の番号を入力してください。",
  known: "すでに関連付けています。",
  full: "1つのお問い合わせに関連付けられるのは10件までです。",
};

/** 「22分」「1時間40分」「3日」 */
function duration(minutes: number): string {
  const { days, hours, rest } = inParts(minutes);
  if (days > 0) return `${days}日`;
  if (hours === 0) return `${rest}分`;
  return rest > 0 ? `${hours}時間${rest}分` : `${hours}時間`;
}

export const ja = {
  duration,
  priorities,
  statuses,
  rules,
  what,
  who,
  workaround,
  fileFaults,

  labels: {
    subject: "件名",
    description: "内容",
    what: "起きていること",
    who: "影響を受けている人",
    workaround: "回避策",
    priority: "優先度",
    topic: "種類",
    why: "急ぐ理由と、困っている人",
    contact: "連絡担当者",
    status: "状況",
    requester: "お問い合わせした人",
    assignee: "担当",
    account: "ご契約",
    attachments: "添付ファイル",
    deletedFile: "削除済み",
    unassigned: "まだ決まっていません",
    choose: "選んでください",
    close: "閉じる",
    cancel: "キャンセル",
    separator: " ・ ",
  },

  newTicket: {
    title: "サポートへのお問い合わせ",
    submit: "送信",
    subjectPlaceholder: "例：ログインするとエラーになる",
    descriptionHint: "いつから、どの画面で、何をするとどうなるかを書いてください。",
    priorityHint: "起きていること、影響を受けている人、回避策の3つから、選べる優先度が決まります。",
    priorityRules: (lines: string) => `*優先度の基準*\n${lines}`,
    ruleLine: (priority: string, rule: string) => `• *${priority}* ：${rule}`,
    supports: (most: string) => `いまの内容で選べる優先度は「${most}」までです。`,
    supportsAll: "いまの内容では、どの優先度も選べます。",
    whyHint: "何ができなくて、誰がどのくらい困っているかを書いてください。",
    contactPlaceholder: "メンバーを選択",
    contactHint: "解決するまで、サポートと続けてやり取りできる人を選んでください。",
    attachmentsHint:
      "10個まで、1つ10MBまで添付できます（画面の画像、ログなど）。プログラム、スクリプト、Webページは添付できません。",
    articles: "*参考になりそうなヘルプ記事*",
    offer: (person: string) =>
      `${person} さん、このメッセージについて問い合わせるときは、下のボタンを押してください。`,
    fromThis: "このメッセージから問い合わせる",
    reading: "メッセージを読み込んでいます。少しお待ちください。",
    fromMessage:
      "選んだメッセージへのリンクも一緒に送ります。回答は、そのスレッドに届きます。アプリが投稿できないときは、このアプリとのメッセージに届きます。",
  },
  article: {
    question: "役に立ちましたか？",
    yes: "はい",
    no: "いいえ",
    score: (helpful: number, votes: number) =>
      `${votes}人中${helpful}人が役に立ったと答えています。`,
  },
  freePlan: {
    intro:
      "無料プランでは、お問い合わせを送信できません。次のヘルプ記事とコミュニティを利用できます。",
    chooseTopic: "種類を選ぶ",
    community: "コミュニティで質問する",
    paidAdds: "*有料プランでできること*",
  },
  fields: {
    subjectBlank: "件名を入力してください。",
    subjectLong: "件名は150文字までにしてください。",
    descriptionBlank: "内容を入力してください。",
    descriptionLong: "内容は3,000文字までにしてください。残りは、送信した後に追加できます。",
    textBlank: "内容を入力してください。",
    textLong: "3,000文字までにしてください。残りは、分けて送ってください。",
    control:
      "保存できない特殊な文字（制御文字）が含まれています。文字だけを貼り付け直してください。",
    whyBlank: "急ぐ理由と、誰がどのくらい困っているかを書いてください。",
    whyLong: "1,000文字までにしてください。残りは、送信した後に追加できます。",
    topicRedirected:
      "この種類のお問い合わせは、別の窓口で受け付けています。下の案内を見てください。",
    repeatsNote:
      "社内メモと同じ内容が含まれています。この内容はお客様に表示されるので、書き直してください。",
    topicNotFiled:
      "この種類のお問い合わせは、別の窓口で受け付けています。ほかの種類を選んでください。",
    contactUnfit:
      "同じ会社のメンバーを選んでください。ボット、ゲスト、ワークスペースを離れた人は選べません。",
    contactUnknown:
      "選んだ人を、いまSlackに確認できませんでした。少し待って、もう一度送信してください。",
    contactByRequester:
      "この優先度には連絡担当者が必要です。お問い合わせした人に、「影響の内容を訂正」から連絡担当者を選んでもらってください。",
    choose: "1つ選んでください。",
    noAgent: "サポート担当者（担当者のチャンネルのメンバー）を選んでください。",
    noNumber: "お問い合わせの番号を「DL-1042」の形で入力してください。",
    filesUnfit: "添付ファイルは10個までにしてください。",
    nameBlank: "お名前を入力してください。",
    contactNameBlank: "連絡担当者のお名前を入力してください。",
    nameLong: "お名前は100文字までにしてください。",
    emailBlank: "メールアドレスを入力してください。",
    contactEmailBlank: "連絡担当者のメールアドレスを入力してください。",
    emailWrong: "メールアドレスを「name@example.com」の形で入力してください。",
  },
  contactMissing: (priority: Priority) =>
    `「${priorities[priority]}」には、サポートと続けてやり取りできる連絡担当者が必要です。`,
  priorityTooHigh: (asked: Priority, most: Priority) =>
    `「${priorities[asked]}」は、${rules[asked]}の優先度です。いまの内容では「${priorities[most]}」までです。優先度を「${priorities[most]}」にするか、影響の内容を直してください。`,

  filed: {
    title: "送信しました",
    /** In the modal, at once: whether the app may post in the channel shows later. */
    inChannel: (number: string, channel: string) =>
      `${number}を受け付けました。\n${channel}でお知らせします。投稿できないときは、このアプリとのメッセージでお知らせします。この後のやり取りは、そのスレッドで続けます。`,
    inMessages: (number: string) =>
      `${number}を受け付けました。\nこのアプリとのメッセージでお知らせします。この後のやり取りは、そのスレッドで続けます。`,
    /** First line of the card. */
    card: (number: string) =>
      `${number}を受け付けました。この後のやり取りは、このスレッドで続けます。`,
    inDm: (channel: string) => `${channel}にはこのアプリが投稿できないため、ここでお知らせします。`,
    /** The link to what was said there. */
    before: "これまでのスレッド",
    thisConversation: "送信した会話",
    slow: "内容は保存しました。サポートへの登録に時間がかかっています。自動で続けますので、もう一度送る必要はありません。",
  },

  card: {
    summary: (number: string, subject: string, status: string) =>
      `${number} ${subject}（${status}）`,
    impact: (what: string, who: string, workaround: string) =>
      `${what} ・ 影響を受けている人：${who} ・ 回避策：${workaround}`,
    about: (topic: string, facts: string) => `種類：${topic} ・ ${facts}`,
    contact: (name: string, email = "") => `連絡担当者：${name} さん${email ? `（${email}）` : ""}`,
    /** Beside the contact: whether they are there. */
    contactStates: {
      asking: (until: string) => `${until}まで返事を待っています`,
      present: () => "対応できます",
      falling: (until: string) => `返事がありません。${until}に優先度を見直します`,
      held: (until: string) => `返事がありません。優先度の見直しを${until}まで保留しています`,
      absent: () => "連絡が取れていません",
    },
    /** Once they have said that they are not available. */
    contactDeclined: {
      falling: (until: string) => `いまは対応できません。${until}に優先度を見直します`,
      held: (until: string) => `いまは対応できません。優先度の見直しを${until}まで保留しています`,
      absent: () => "いまは対応できません",
    },
    correctFacts: "影響の内容を訂正",
    message: "元のメッセージ",
    attachments: (count: number) => `添付ファイル：${count}個`,
    addInformation: "情報を追加",
    seen: "👀 サポートが確認しました",
    target: (within: string) => `サポートは、営業時間内で${within}以内の回答を目標にしています。`,
    targetAnyTime: (within: string) =>
      `サポートは、曜日や時間帯によらず、${within}以内の回答を目標にしています。`,
    measured: (half: string, ninety: string, count: number) =>
      `同じようなお問い合わせの最初の回答は、半数が${half}以内、9割が${ninety}以内でした（過去90日、${count}件）。`,
    follows: (number: string) =>
      `終了した${number}の続きです。最初の優先度は「普通」か「低」です。もっと高い優先度が必要なときは、「影響の内容を訂正」を押してください。`,
    followsByAgent: (number: string, agent: string) =>
      `${number}の続きとして、サポート担当 *${agent}* が作成しました。最初の優先度は「普通」か「低」です。もっと高い優先度が必要なときは、「影響の内容を訂正」を押してください。`,
    pendingHint: (userId: string) => `<@${userId}> さんの返答を待っています。`,
    solvedHint: "まだ困っているときは、「情報を追加」から知らせてください。再開します。",
  },
  triage: {
    summary: (number: string, subject: string, account: string) =>
      `${number} ${subject}（${account}）`,
    take: "担当する",
    reply: "返信する",
    ask: "お客様に質問する",
    offer: "回避策を伝える",
    hold: "見直しを保留する",
    solve: "解決にする",
    reopen: "再開する",
    /** Of their own where the customers' say "you". */
    statuses,
    assign: "担当を決める…",
    assignTitle: "担当を決める",
    assignPlaceholder: "担当者を選択",
    assignHint: "サポート担当者のチャンネルのメンバーから選びます。",
    history: "履歴",
    topic: "種類を変える…",
    topicTitle: "種類を変える",
    topicHint: "お客様にも表示されます。",
    filed: "お問い合わせを受け付けました",
    openedByAgent: (agent: string) => `*${agent}* さんが、お客様の代わりに作成しました`,
    olderSteps: "これより前の履歴は表示していません。",
    filedAt: "受付日時",
    plans: { paid: "有料プラン", free: "無料プラン" },
    firstDue: "最初の回答の期限",
    nextDue: "次の回答の期限",
    notesHint: "このスレッドに書いた内容は社内メモです。お客様には届きません。",
    openThread: "お客様のスレッド",
    openDesk: "デスクで開く",
    rule: (priority: string, rule: string) => `*${priority}* ：${rule}`,
    attachments: (lines: string) => `*添付ファイル*\n${lines}`,
    attachment: (name: string, size: string, state: string) =>
      `• ${[name, size, state].filter(Boolean).join(" ・ ")}`,
    fileStates: { waiting: "処理中", delivered: "受け取り済み" },
    fileRefused: (why: FileFault) => `受け取れません：${fileFaults[why]}`,
    moreAttachments: (count: number) => `ほか${count}個`,
  },
  compose: {
    title: "お客様への連絡",
    preview: "内容を確認する",
    check: "送信前の確認",
    edit: "書き直す",
    canned: "定型文を入れる",
    steps: {
      reply: {
        title: "お客様に返信",
        label: "返信の内容",
        hint: "お客様のスレッドに投稿されます。送る前に確認できます。",
        hintByMail: "お客様にメールで届き、お客様のページにも表示されます。送る前に確認できます。",
      },
      ask: {
        title: "お客様に質問",
        label: "質問の内容",
        hint: "お客様のスレッドに投稿され、状況が「お客様の返答待ち」になります。送る前に確認できます。",
        hintByMail:
          "お客様にメールで届き、状況が「お客様の返答待ち」になります。送る前に確認できます。",
      },
      offer: {
        title: "回避策を伝える",
        label: "回避策",
        hint: "お客様に届きます。お客様は「続けられる」か「まだ困っている」を選びます。送る前に確認できます。",
        hintByMail:
          "お客様に届きます。お客様は「続けられる」か「まだ困っている」を選びます。送る前に確認できます。",
      },
    },
    inChannel: (account: string, channel: string, who: string) =>
      `送り先： *${account}* の ${channel} にあるスレッド。${who}`,
    inUnknown: (account: string) =>
      `送り先： *${account}* のチャンネルにあるスレッド。チャンネルの全員が読めます。`,
    openly: (members: number) =>
      `参加している${members}人のほか、同じワークスペースの人も読めます。`,
    privately: (members: number) => `参加している${members}人が読めます。`,
    shared: (who: string) => `${who}ほかの会社の人も参加しています。`,
    inDm: (name: string) => `送り先： *${name}* さんだけ（このアプリとのメッセージ）`,
    byMail: (name: string, email: string) =>
      `送り先： *${name}* さん（${email}）。メールで届き、お客様のページにも表示されます。`,
    reads: { ja: "お客様の言語：日本語", en: "お客様の言語：英語" },
    helps: (who: string) => `この回避策を使える人：${who}`,
    repeats: (author: string, note: string) =>
      `社内メモと同じ内容が含まれています。*${author}* のメモ：${note}\nお客様が読んでよい内容かどうか、確認してください。まだ何も送っていません。`,
    filesHint:
      "10個まで、1つ10MBまで添付できます。送信を取り消せる間は、お客様に届きません。プログラム、スクリプト、Webページは送れません。",
    noFiles: "このお客様にはメールで届くため、ファイルは送れません。",
    attached: (names: string) => `添付ファイル：${names}`,
    keptFiles: (names: string) => `添付ファイル：${names}\n下で選び直すと、置き換わります。`,
    removeFiles: "添付を取りやめる",
    fileRefused: (name: string, why: string) => `ファイル「${name}」は送れません。理由：${why}。`,
    filesUnsure:
      "選んだファイルを、いまSlackに確認できませんでした。少し待って、もう一度試してください。",
    sendAllTheSame: "このまま送る",
    sending: (number: string, seconds: number) =>
      `${number} のお客様に${seconds}秒後に送ります。いまなら取り消せます。`,
    undo: "取り消す",
    sendNow: "いますぐ送る",
    unsure:
      "いまは処理できませんでした。お客様に送られたかどうかは、サポート側のスレッドで確認してください。",
    notSent:
      "お客様に送れませんでした。理由と書いた内容は、サポート側のスレッドで確認してください。",
    sent: (number: string) => `${number} のお客様に送りました。もう取り消せません。`,
  },
  digest: {
    title: (count: number) => `${count}件のお問い合わせが届いています`,
    summary: (count: number, counts: string) =>
      `${count}件のお問い合わせが届いています（${counts}）`,
    count: (priority: string, count: number) => `優先度「${priority}」：${count}件`,
    why: "短い間に多く届いたため、カードの代わりに一覧でお知らせします。優先度の高い順です。番号を押すと、お客様のスレッドが開きます（参加しているワークスペースの場合）。対応するお問い合わせを下のメニューで選ぶと、カードがこのチャンネルに投稿されます。",
    choose: "カードを表示するお問い合わせを選ぶ",
    cardComes: (number: string) => `${number}のカードを、まもなくこのチャンネルに投稿します。`,
    cardStands: (number: string) =>
      `${number}のカードは、すでにこのチャンネルにあります。チャンネルで「${number}」を検索してください。`,
  },
  /** Opened by an agent for the requester of a ticket that has ended. */
  followUp: {
    open: "続きを作成…",
    title: "続きを作成",
    submit: "作成",
    about: (name: string, where: string) =>
      `*${name}* さんの新しいお問い合わせとして作成します。${where}`,
    places: {
      inThread: "カードは、お客様の同じスレッドに投稿されます。",
      anew: "お客様には新しいカードが届きます。元のお問い合わせも、これまでどおり再開できます。",
      byMail: "お客様には、新しいページのアドレスがメールで届きます。",
    },
    hint: "お客様に表示されます。種類と影響の内容は、元のお問い合わせと同じです。",
    opened: (number: string, before: string) => `${before}の続きとして、${number}を作成しました。`,
  },
  /** Between tickets of one customer, for agents alone. */
  links: {
    open: "関連付ける…",
    title: "お問い合わせの関連付け",
    number: "関連付けるお問い合わせの番号",
    numberPlaceholder: "例：DL-1042",
    numberHint: "同じお客様のお問い合わせだけを関連付けられます。お客様には表示されません。",
    unlink: "関連付けを外すお問い合わせ",
    unlinkPlaceholder: "選択しない",
    more: (count: number) => `ほか${count}件`,
    related: (lines: string) => `*関連するお問い合わせ*\n${lines}`,
    line: (number: string, subject: string, status: string) =>
      `• ${number} ${subject}（${status}）`,
  },
  linkFaults: {
    number: "「DL-1042」のような番号を入力してください。",
    nothing: "番号を入力するか、関連付けを外すお問い合わせを選んでください。",
    ...linkFaults,
  },
  /** Of an agent who is none any more. */
  left: {
    title: (name: string, count: number) =>
      `*${name}* さんはサポート担当者ではなくなりました。担当していた次の${count}件には、いま担当者がいません。`,
    more: (count: number) => `ほか${count}件`,
  },
  modals: {
    information: "情報を追加",
    informationLabel: "追加する内容",
    informationHint: "サポートに届き、このスレッドにも表示されます。",
    facts: "影響の内容を訂正",
    save: "保存",
    send: "送信",
    about: (number: string, subject: string) => `${number} ${subject}`,
  },
  thread: {
    readWhole: "全文を読む",
    wholeTitle: "メッセージの全文",
    replied: (agent: string) => `サポート担当 *${agent}* からの返信`,
    asked: (agent: string, userId: string) =>
      `サポート担当 *${agent}* から <@${userId}> さんへの質問`,
    offered: (agent: string, userId: string) =>
      `サポート担当 *${agent}* が回避策をお伝えしました。<@${userId}> さん、これで作業を続けられますか？`,
    /** As whose an agent's words stand there, in a line without marks. */
    sender: {
      shown: (agent: string) => `${agent}（サポート）`,
      nobody: "サポート",
    },
    /** Before the words, where the sender is named already. */
    signed: {
      asked: (userId: string) => `<@${userId}> さんへの質問です。`,
      offered: (userId: string) =>
        `<@${userId}> さん、次の回避策で作業を続けられるかどうか、知らせてください。`,
    },
    sentFile: (agent: string) => `サポート担当 *${agent}* からの添付ファイル`,
    accepted: (name: string) => `*${name}* さんは、回避策で作業を続けられます。`,
    disputed: (name: string) => `*${name}* さんは、この回避策では解決していません。`,
    informed: (name: string) => `*${name}* さんが情報を追加しました。`,
    informedAndReopened: (name: string) =>
      `*${name}* さんが情報を追加しました。サポートが対応を再開します。`,
    solved: (agent: string) => `サポート担当 *${agent}* が解決にしました。問題は解消しましたか？`,
    closed: (name: string) =>
      `*${name}* さんが解決を確認し、お問い合わせを終了しました。サポートの対応はいかがでしたか？`,
    closedBySilence:
      "その後ご連絡がなかったため、お問い合わせを終了しました。サポートの対応はいかがでしたか？",
    reopened: (name: string) => `*${name}* さんが再開しました。サポートが対応を続けます。`,
    reopenedByAgent: (agent: string) => `サポート担当 *${agent}* が再開しました。対応を続けます。`,
    followedUp: (agent: string, number: string) =>
      `サポート担当 *${agent}* が、このお問い合わせの続きとして${number}を作成しました。続きは、そのスレッドでお知らせします。`,
    deskRefused: (number: string, reference: string) =>
      `${number}をサポートの窓口に登録できませんでした。サポートの担当者が確認します。（参照番号 ${reference}）`,
    tryAgain: "もう一度試す",
    triesAgain: "もう一度試しています。",
    wasTriedAgain: "すでにもう一度試しました。ほかに必要な操作はありません。",
    catchUp: "お伝えが遅くなりました。この間の更新を、順番にまとめてお届けします。",
    gaveUp: (reference: string) =>
      `更新の1つを届けられませんでした。サポートの担当者が確認します。（参照番号 ${reference}）`,
  },
  agents: {
    informed: (name: string) => `*${name}* さんが情報を追加しました`,
    informedAndReopened: (name: string, assignee: string) =>
      `*${name}* さんが情報を追加し、お問い合わせを再開しました ${assignee}`.trim(),
    took: (agent: string) => `*${agent}* さんが担当します`,
    assigned: (by: string, to: string) => `*${by}* さんが ${to} さんを担当にしました`,
    replied: (agent: string) => `*${agent}* さんがお客様に返信しました`,
    asked: (agent: string) => `*${agent}* さんがお客様に質問しました`,
    offered: (agent: string) => `*${agent}* さんがお客様に回避策を伝えました`,
    accepted: (name: string) => `*${name}* さんは、回避策で作業を続けられます`,
    disputed: (name: string) => `*${name}* さんは、この回避策では解決していません`,
    solved: (agent: string) => `*${agent}* さんが解決にしました`,
    closed: (name: string) => `*${name}* さんが解決を確認し、終了しました`,
    closedBySilence: "その後ご連絡がなかったため、終了しました",
    rated: (name: string, score: string) => `*${name}* さんの評価：${score}`,
    reopened: (name: string) => `*${name}* さんが再開しました`,
    edited: (name: string, times: number) =>
      `*${name}* さんがメッセージを編集しました（編集${times}回）`,
    deleted: (name: string) => `*${name}* さんのメッセージが削除されました`,
    fileUnsent: (agent: string, name: string, why: string, reference?: string) =>
      `*${agent}* さんのファイル「${name}」は、お客様に届いていません。理由：${why}。${reference ? `（参照番号 ${reference}）` : ""}`,
    fileDeleted: (name: string) => `*${name}* さんの添付ファイルが削除されました`,
    undeleted: (reference: string) =>
      `削除された添付ファイルを、サポート側から消せませんでした。残っていれば、このスレッドかデスクで削除してください。（参照番号 ${reference}）`,
    followedUp: (name: string, number: string) =>
      `*${name}* さんから、終了したこのお問い合わせに連絡がありました。お客様の同じスレッドで、${number}として続けます`,
    linked: (agent: string, number: string) => `*${agent}* さんが${number}と関連付けました`,
    unlinked: (agent: string, number: string) =>
      `*${agent}* さんが${number}との関連付けを外しました`,
    moved:
      "お客様のチャンネルにアプリが投稿できなくなったため、この後のやり取りは、お客様とアプリとのメッセージで続けます",
    left: (name: string) => `*${name}* さんがサポート担当者ではなくなったため、担当を外しました`,
    topicChanged: (agent: string, to: string, from: string) =>
      from
        ? `*${agent}* さんが種類を「${from}」から「${to}」に変えました`
        : `*${agent}* さんが種類を「${to}」にしました`,
    followedUpOnPage: (name: string, number: string) =>
      `*${name}* さんから、終了したこのお問い合わせのページで連絡がありました。${number}として続けます`,
    followedUpByAgent: (agent: string, number: string) =>
      `*${agent}* さんが、このお問い合わせの続きとして${number}を作成しました`,
    answerDue: {
      first: (due: string) => `⏰ 最初の回答の期限は ${due} です`,
      next: (due: string) => `⏰ お客様が回答を待っています。期限は ${due} です`,
    },
    answerLate: {
      first: (due: string) => `🔴 最初の回答が期限を過ぎました。期限は ${due} でした`,
      next: (due: string) => `🔴 回答が期限を過ぎました。期限は ${due} でした`,
    },
    wasEdited: (times: number) => `編集${times}回`,
    wasDeleted: "削除済み",
    since: (line: string, fate: string) => `${line}（${fate}）`,
    files: (names: string) => `添付ファイル：${names}`,
    sentFile: (name: string) => `お客様の添付ファイル *${name}*`,
    sentFileToCustomer: (agent: string, name: string) =>
      `*${agent}* さんがお客様に送ったファイル *${name}*`,
    unsent: (author: string, reference: string) =>
      `*${author}* さんの文章はお客様に送れませんでした。お問い合わせの状況を確認して、もう一度送ってください。（参照番号 ${reference}）`,
    unreachable: (reference: string) =>
      `お客様にSlackでお知らせできません。別の方法で連絡してください。（参照番号 ${reference}）`,
    unreachableByMail: (reference: string) =>
      `お客様にメールを送れません。内容はお客様のページには表示されています。急ぐときは、別の方法で連絡してください。（参照番号 ${reference}）`,
    mailUncertain: (reference: string) =>
      `お客様へのメールが届いたか分かりません。内容はお客様のページには表示されています。（参照番号 ${reference}）`,
  },

  web: {
    title: "サポートへのお問い合わせ",
    intro:
      "Slackを使えない方や、ログインできない方のためのお問い合わせフォームです。送信すると、メールアドレスを確認するメールが届きます。メールの中のリンクを開き、その画面からお問い合わせを送信してください。",
    skip: "本文へ移動",
    language: "表示する言語",
    required: "（必須）",
    optional: "（任意）",
    byPriority: "（優先度によって必須）",
    you: "お客様について",
    request: "お問い合わせの内容",
    impact: "影響と優先度",
    urgent: "急ぐとき",
    urgentHint: (whyFor: string, contactFor: string) =>
      `理由は優先度が${whyFor}のとき、連絡担当者は${contactFor}のときに必要です。`,
    name: "お名前",
    email: "メールアドレス",
    emailHint: "回答をお送りするアドレスです。会社のメールアドレスを入力してください。",
    subjectHint: "例：ログインするとエラーになる",
    contactName: "連絡担当者のお名前",
    contactEmail: "連絡担当者のメールアドレス",
    contactHint: "解決するまで、サポートと続けてやり取りできる人です。",
    supports: (most: string) => `いまの内容で選べる優先度は「${most}」までです。`,
    supportsAll: "いまの内容では、どの優先度も選べます。",
    elsewhere: "この種類のお問い合わせは、別の窓口で受け付けています",
    articles: "参考になりそうなヘルプ記事",
    submit: "確認のメールを受け取る",
    working: "送信しています…",
    faultsTitle: (count: number) => `入力した内容を${count}か所直してください`,
    faultTitle: "入力エラー：",
    faultLine: (field: string, fault: string) => `${field}：${fault}`,
    kept: "まだ送信していません。入力した内容は、このページに残っています。",
    trap: "この欄には何も入力しないでください",
    sent: {
      title: "メールを確認してください",
      body: "入力したアドレスに、確認のメールを送ります。メールの中のリンクを開いて、お問い合わせを送信してください。",
      until: "まだ受け付けていません。24時間以内に確認されないと、入力した内容は削除されます。",
      missing:
        "数分待っても届かないときは、迷惑メールのフォルダーを見て、アドレスに間違いがないかも確かめてください。",
      again: "もう一度入力する",
    },
    confirm: {
      title: "お問い合わせを送信しますか？",
      intro: "メールアドレスを確認しました。この内容でよければ、送信してください。",
      send: "サポートに送信",
      sentTitle: "送信しました",
      sent: (number: string) =>
        `${number}を受け付けました。状況の確認と返信は、お問い合わせのページでできます。`,
      open: "お問い合わせのページを開く",
      not: "心当たりがないときは、このページを閉じてください。何も送信されません。",
      elsewhere:
        "サポートには送信していません。入力した後に、この種類のお問い合わせの窓口が変わりました。次の案内を確認してください。入力した内容は下に残っています。",
      goneTitle: "このリンクは使えません",
      gone: "リンクの期限（24時間）が過ぎたか、アドレスが途中で切れています。お手数ですが、もう一度入力してください。",
    },
    contact: {
      title: "連絡担当者のお願い",
      details: "お問い合わせの内容",
      thanks:
        "ありがとうございます。連絡担当者になりました。サポートから、このメールアドレスに連絡します。",
    },
    facts: {
      title: "影響の内容を訂正",
      intro: "状況が変わったときは、いまの内容に直し、その内容に合う優先度を選んでください。",
      save: "保存する",
      back: "お問い合わせに戻る",
      link: "影響の内容を訂正",
    },
    page: {
      status: "状況：",
      priority: "優先度：",
      title: (number: string, subject: string) => `${number} ${subject}`,
      keep: "このページのアドレスは、お問い合わせした人だけのものです。転送したり公開したりしないでください。",
      details: "お問い合わせの内容",
      history: "やり取り",
      nothing: "サポートからの回答は、ここに表示されます。メールでもお知らせします。",
      by: (name: string) => `${name} さん`,
      bySupport: (name: string) => `サポート担当 ${name}`,
      filed: "お問い合わせを受け付けました。",
      openedByAgent: (before: string, agent: string) =>
        `${before}の続きとして、サポート担当 ${agent} が作成しました。`,
      goesOn: (next: string) => `続きは、${next}で対応しています。`,
      solved: (name: string) => `${before(name, "が")}解決にしました。`,
      reopened: (name: string) => `${before(name, "が")}再開しました。`,
      followedUp: (name: string, next: string) =>
        `${before(name, "が")}、このお問い合わせの続きとして${next}を作成しました。`,
      closedBy: (name: string) => `${name}が解決を確認し、お問い合わせを終了しました。`,
      offered: (name: string) => `${name} からの回避策：`,
      accepted: (name: string) => `${name}は、回避策で作業を続けられます。`,
      disputed: (name: string) => `${name}は、この回避策では解決していません：`,
      offer: "この回避策で作業を続けられますか？",
      offerAnswered:
        "この回避策には、すでに返事があるか、新しい回避策が届いています。まだ困っているときは、このページからサポートに返信してください。",
      /** Above words that were typed, where nothing can be sent any more. */
      unsent: "次の内容は、送信していません。",
      reply: "返信する",
      replyLabel: "サポートへの返信",
      send: "返信を送信",
      files: "添付ファイル",
      filesLabel: "ファイルを添付",
      filesHint: "1つ10MBまでのファイルを、10個まで送れます。ファイルだけでも送れます。",
      filesSent: (names: string) => `添付ファイル：${names}`,
      fileStates: { waiting: "送信中", delivered: "サポートに届きました" },
      fileRefused: (name: string, why: string, reference?: string) =>
        `ファイル「${name}」は、サポートに届いていません。理由：${why}。${reference ? `（参照番号 ${reference}）` : ""}`,
      fileUnsent: (why: string) => `届いていません：${why}`,
      isSolved: "解決しましたか？",
      solve: "解決した",
      settled: "解決したとうかがいました。ありがとうございます。",
      stillStuck: "まだ困っている",
      reopen: "再開する",
      rate: "サポートの対応はいかがでしたか？",
      rateAgain: "選び直すこともできます。",
      sendRating: "評価を送信",
      rated: (score: string) => `対応の評価：${score}`,
      closed: "このお問い合わせは終了しています。続きは新しいお問い合わせとして送信してください。",
      closedAndFollowed: (next: string) =>
        `このお問い合わせは終了しています。続きは、${next}のページから送ってください。`,
      goOn: "新しいお問い合わせとして続ける",
      goOnLabel: "いま困っていること",
      sendGoOn: "新しいお問い合わせとして送信",
      wentOn: (before: string) => `お問い合わせを受け付けました。${before}の続きです。`,
      notPaid: "無料プランでは、お問い合わせを送信できません。入力した内容はこのまま残っています。",
      newRequest: "別の件を問い合わせる",
      refresh: "最新の状況を表示",
    },
    freePlan: {
      title: "無料プランをご利用中です",
      intro:
        "無料プランでは、お問い合わせを送信できません。次のヘルプ記事とコミュニティを利用できます。",
      paidAdds: "有料プランでできること",
    },
    refused: {
      tooFast:
        "送信が早すぎたため、受け付けませんでした。入力した内容を確かめて、もう一度送信してください。",
      tooOld:
        "ページを開いてから時間がたちました。入力した内容は残っています。もう一度送信してください。",
      otherSite:
        "別のサイトから送信されたため、受け付けませんでした。このページから送信してください。",
      tooMany: (minutes: number) =>
        `短い間に多くの送信がありました。約${minutes}分待って、もう一度送信してください。`,
      tooManyPlain: (minutes: number) =>
        `短い間に多くの送信がありました。約${minutes}分待つか、ブラウザーのJavaScriptを有効にして、もう一度送信してください。`,
      filesTooMuch:
        "ファイルの合計が大きすぎます。入力した内容は残っています。ファイルを減らして、もう一度送信してください。",
      filesBroken:
        "最後まで受け取れませんでした。入力した内容は残っています。ファイルを選び直して、もう一度送信してください。",
      filesBusy:
        "いま、ほかのファイルの送信で混み合っています。入力した内容は残っています。1分ほど待ってからファイルを選び直し、もう一度送信してください。",
      filesNotYet:
        "お問い合わせを窓口に登録している途中のため、ファイルをまだ受け取れません。入力した内容は残っています。1分ほど待ってからファイルを選び直し、もう一度送信してください。",
      filesLater:
        "いまはファイルを届けられませんでした。入力した内容は残っています。1分ほど待ってからファイルを選び直し、もう一度送信してください。同じファイルが二重に届くことはありません。",
      tooBig: "送信された内容が大きすぎます。",
      notSaved:
        "いまは保存できませんでした。入力した内容はこのまま残っています。少し待って、もう一度送信してください。",
    },
    offTitle: "お問い合わせフォームはありません",
    off: "ここではお問い合わせフォームを使えません。サポートの窓口に連絡してください。",
    lostTitle: "ページが見つかりません",
    lost: "アドレスが途中で切れていないか、確かめてください。",
    failedTitle: "処理を完了できませんでした",
    unverified: "未確認のお客様",
    /** Who asked for help by the form, for agents. */
    requester: (name: string, email: string) => `${name}、${email}（フォームから）`,
  },
  mail: {
    verify: {
      subject: "メールアドレスの確認（サポートへのお問い合わせ）",
      text: (url: string) =>
        `サポートへのお問い合わせフォームに、このメールアドレスが入力されました。\n\n次のページを開いて、お問い合わせを送信してください。リンクは24時間使えます。\n${url}\n\n心当たりがないときは、何もする必要はありません。このアドレスに、これ以上メールは届きません。\n`,
    },
    filed: {
      subject: (number: string) => `${number}を受け付けました`,
      text: (number: string, url: string) =>
        `${number}を受け付けました。\n\n状況の確認と返信は、次のページでできます。\n${url}\n\nこのアドレスは、お問い合わせした人だけのものです。転送しないでください。\n`,
    },
    followUp: {
      subject: (number: string, before: string) => `${number}を作成しました（${before}の続き）`,
      text: (agent: string, at: { number: string; before: string; words: string; url: string }) =>
        `サポート担当 ${agent} が、${at.before}の続きとして${at.number}を作成しました。\n\n${at.words}\n\n----\n状況の確認と返信は、次のページでできます。\n${at.url}\n\nこのアドレスは、お問い合わせした人だけのものです。転送しないでください。\n`,
    },
    step: {
      subject: {
        reply: (number: string) => `${number} サポートからの返信`,
        ask: (number: string) => `${number} サポートからの質問`,
        offer: (number: string) => `${number} 回避策のお知らせ`,
        solve: (number: string) => `${number} 解決のお知らせ`,
        close: (number: string) => `${number} お問い合わせの終了`,
        reopen: (number: string) => `${number} 対応を再開します`,
      },
      line: {
        reply: (agent: string) => `サポート担当 ${agent} からの返信です。`,
        ask: (agent: string) => `サポート担当 ${agent} からの質問です。回答をお待ちしています。`,
        offer: (agent: string) =>
          `サポート担当 ${agent} からの回避策です。これで作業を続けられるかどうか、次のページで知らせてください。`,
        solve: (agent: string) =>
          `サポート担当 ${agent} が解決にしました。解決したかどうか、次のページで知らせてください。まだ困っているときは、そこから再開できます。`,
        close: () => "その後ご連絡がなかったため、お問い合わせを終了しました。",
        reopen: (agent: string) => `サポート担当 ${agent} が再開しました。対応を続けます。`,
      },
      text: (line: string, body: string, url: string) =>
        `${line}\n\n${body ? `${body}\n\n` : ""}----\n状況の確認と返信は、次のページでできます。このメールに返信しても、サポートには届きません。\n${url}\n`,
    },
    failure: (number: string) => `${number} サポートからのお知らせ`,
    contact: {
      subject: (number: string) => `${number} 連絡担当者のお願い`,
      text: (number: string, priority: string, until: string, url: string) =>
        `お問い合わせ ${number}（${priority}）の連絡担当者に、このメールアドレスが指定されました。\n\nサポートとのやり取りに対応できるかどうか、${until}までに次のページで知らせてください。\n${url}\n\n返事がないときは、ほかの人に確認します。確認できなければ、お問い合わせの優先度を見直します。\n心当たりがないときは、ページで「いまは対応できません」を選んでください。\n`,
    },
  },

  /** Asked of the contact, in their own messages with the app. */
  contact: {
    named: (ticket: string, priority: string, requester: string) =>
      `*${requester}* さんが、お問い合わせ「${ticket}」（${priority}）の連絡担当者にあなたを選びました。サポートとのやり取りに対応できますか？`,
    again: (ticket: string, priority: string) =>
      `お問い合わせ「${ticket}」（${priority}）はまだ解決していません。引き続き、サポートとのやり取りに対応できますか？`,
    instead: (ticket: string, priority: string, requester: string) =>
      `お問い合わせ「${ticket}」（${priority}、*${requester}* さんから）には、代わりの連絡担当者が必要です。サポートとのやり取りに対応できますか？`,
    own: {
      named: (ticket: string, priority: string) =>
        `あなたのお問い合わせ「${ticket}」（${priority}）では、あなたが連絡担当者です。いま、サポートとのやり取りに対応できますか？`,
      again: (ticket: string, priority: string) =>
        `あなたのお問い合わせ「${ticket}」（${priority}）はまだ解決していません。引き続き、サポートとのやり取りに対応できますか？`,
      instead: (ticket: string, priority: string) =>
        `あなたのお問い合わせ「${ticket}」（${priority}）には、代わりの連絡担当者が必要です。サポートとのやり取りに対応できますか？`,
    },
    answerBy: (until: string) => `${until}までに返事をお願いします。`,
    here: "対応できます",
    unavailable: "いまは対応できません",
    noLonger: "対応できなくなりました",
    thanks: (ticket: string) =>
      `ありがとうございます。お問い合わせ「${ticket}」の連絡担当者になりました。サポートとのやり取りは、お問い合わせのスレッドで続けてください。`,
    already: (ticket: string, contact: string) =>
      `ありがとうございます。お問い合わせ「${ticket}」には、*${contact}* さんが連絡担当者として対応しています。`,
    understood: {
      next: (ticket: string) =>
        `わかりました。お問い合わせ「${ticket}」は、ほかの人に確認します。対応できるようになったら、下のボタンで知らせてください。`,
      other: (ticket: string, contact: string) =>
        `わかりました。お問い合わせ「${ticket}」には、*${contact}* さんが連絡担当者として対応しています。`,
      alone: (ticket: string, until: string) =>
        `わかりました。お問い合わせ「${ticket}」には、ほかに確認できる人がいません。${until}に優先度を見直します。対応できるようになったら、下のボタンで知らせてください。`,
      nobody: (ticket: string) =>
        `わかりました。お問い合わせ「${ticket}」には、ほかに確認できる人がいません。対応できるようになったら、下のボタンで知らせてください。`,
    },
    openThread: "お問い合わせのスレッドを開く",
  },
  /** The priority contract, in both threads. */
  contract: {
    reviewed: (from: string, to: string, reason: string) =>
      `優先度を「${from}」から「${to}」に見直しました。理由：${reason}`,
    reasons: {
      facts: "影響の内容が変わったため。",
      asked: "希望する優先度が変わったため。",
      workaround: "回避策で作業を続けられるため。",
      "contact-absent": "連絡担当者と連絡が取れないため。",
      "contact-declined": "連絡担当者として対応できる人がいないため。",
      "contact-back": "連絡担当者と連絡が取れたため。",
      policy: "優先度の基準に合わせるため。",
    },
    factsCorrected: {
      by: (name: string, facts: string) => `*${name}* さんが影響の内容を訂正しました：${facts}`,
      byAgent: (agent: string, facts: string) =>
        `サポート担当 *${agent}* が影響の内容を訂正しました：${facts}`,
    },
    asked: (next: string) => `*${next}* さんに連絡担当者をお願いしています。`,
    silent: (missed: string, next: string) =>
      `*${missed}* さんから返事がないため、*${next}* さんに連絡担当者をお願いしています。`,
    unavailable: (missed: string, next: string) =>
      `*${missed}* さんが対応できないため、*${next}* さんに連絡担当者をお願いしています。`,
    here: (name: string) => `*${name}* さんが連絡担当者として対応します。`,
    fallAnnounced: (until: string, priority: string) =>
      `連絡担当者の確認がまだ取れていません。${until}までに確認できなければ、優先度を「${priority}」に見直します。`,
    fallDeclined: (declined: string, until: string, priority: string) =>
      `*${declined}* さんは対応できず、ほかに確認できる人がいません。${until}までに対応できる人がいなければ、優先度を「${priority}」に見直します。`,
    alreadyHeld,
    fallHeld: {
      customer: (agent: string, until: string) =>
        `サポート担当 *${agent}* が、優先度の見直しを${until}まで保留しました。`,
      agents: (agent: string, until: string) =>
        `*${agent}* さんが、優先度の見直しを${until}まで保留しました。`,
    },
  },
  workaroundOffer: {
    helps: "この回避策を使える人",
    helping: { yes: "全員", limited: "一部の人だけ" },
    helpsHint: "お客様が「続けられる」を選ぶと、優先度を見直します。",
    accept: "続けられる",
    dispute: "まだ困っている",
    disputeTitle: "まだ困っている",
    disputeLabel: "困っていること",
  },

  /** Two tickets about the same: the work on one goes on in the other. */
  merge: {
    open: "統合する…",
    undo: "統合を取り消す",
    title: "ほかのお問い合わせに統合",
    submit: "統合する",
    number: "統合先の番号",
    numberHint: "対応を続けるお問い合わせの番号です。ご契約が同じものに限ります。",
    numberPlaceholder: "例：DL-1042",
    explained:
      "このお問い合わせは終了になり、対応は統合先で続きます。\n• どちらのお問い合わせでも、お客様と担当者のスレッドでお知らせします。\n• この後お客様がこのお問い合わせのスレッドに書いた内容は、統合先に届きます。\n• 24時間以内なら、カードのメニューの「統合を取り消す」で元に戻せます。その間にお客様が書いた内容は、統合先に残ります。",
    into: (number: string) => `${number}に統合しました。対応は${number}で続きます。`,
    listed: (status: string, number: string) => `${status}（${number}に統合）`,
    named: (number: string, subject: string) => `${number}「${subject}」`,
    customer: {
      merged: (agent: string, other: string) =>
        `サポート担当 *${agent}* が、このお問い合わせを${other}に統合しました。対応はそちらで続きます。`,
      unmerged: (agent: string, other: string) =>
        `サポート担当 *${agent}* が、${other}への統合を取り消しました。このお問い合わせの対応は、ここで続きます。`,
      absorbed: (agent: string, other: string) =>
        `サポート担当 *${agent}* が、${other}をこのお問い合わせに統合しました。どちらの対応も、ここで続きます。`,
      released: (agent: string, other: string) =>
        `サポート担当 *${agent}* が、${other}の統合を取り消しました。別々のお問い合わせとして対応します。`,
    },
    inThread: {
      merged: (line: string, number: string) =>
        `${line}このスレッドに書いた内容も、${number}に届きます。`,
      unmerged: (line: string, number: string) =>
        `${line}統合していた間にここに書いた内容は、${number}に残ります。`,
    },
    onPage: (number: string) =>
      `このお問い合わせは${number}に統合しました。続きは${number}のページに書いてください。ページのアドレスは、メールでお知らせしています。`,
    agents: {
      merged: (agent: string, other: string) =>
        `*${agent}* さんが、このお問い合わせを${other}に統合しました。対応はそちらで続きます`,
      unmerged: (agent: string, other: string) =>
        `*${agent}* さんが、${other}への統合を取り消しました。統合していた間にお客様が書いた内容は、そちらに残っています`,
      absorbed: (agent: string, other: string) =>
        `*${agent}* さんが、${other}をこのお問い合わせに統合しました`,
      released: (agent: string, other: string) =>
        `*${agent}* さんが、${other}の統合を取り消しました`,
    },
    desk: {
      merged: (other: string) =>
        `このお問い合わせは、${other}に統合しました。対応はそちらで続きます。`,
      unmerged: (other: string) =>
        `${other}への統合を取り消しました。統合していた間にお客様が書いた内容は、そちらに残っています。`,
      absorbed: (other: string, description: string) =>
        `${other}をこのお問い合わせに統合しました。その内容：\n\n${description}`,
      released: (other: string) => `${other}の統合を取り消しました。`,
    },
  },

  ending: {
    yes: "はい、解決しました",
    notYet: "まだです",
    notYetTitle: "まだ解決していない",
    notYetLabel: "まだ困っていること",
    announced: (when: string) =>
      `このお問い合わせは解決になっています。問題は解消しましたか？ご連絡がなければ、${when} に終了します。`,
    good: "👍 よかった",
    bad: "👎 よくなかった",
    thanks: (score: string) => `ありがとうございます。サポートに伝えました：${score}`,
    addWords: "ひとこと添える",
    wordsTitle: "対応はいかがでしたか",
    wordsLabel: "サポートへのひとこと",
  },

  list: {
    title: "お問い合わせ一覧",
    teamTitle: "閲覧できるお問い合わせ",
    allTitle: "すべてのご契約のお問い合わせ",
    mine: "自分のお問い合わせ",
    queue: "対応待ち",
    none: "お問い合わせはまだありません。`/ticket` で送信できます。",
    noneFound: (words: string) => `「${words}」に当てはまるお問い合わせはありません。`,
    noneOwn: "自分のお問い合わせはまだありません。`/ticket` で送信できます。",
    noneSuch: "条件に当てはまるお問い合わせはありません。",
    noneOpen: "未解決のお問い合わせは、自分の分にはありません。",
    noneQueued: "対応待ちのお問い合わせはありません。",
    noPage: "そのページはありません。",
    columns: { number: "番号", subject: "件名", due: "回答の期限", changed: "最終更新" },
    inZone: (column: string, zone: string) => `${column}（${zone}）`,
    searched: (words: string) => `「${words}」`,
    page: (page: string) => `${page}ページ目`,
    next: "次へ",
    first: "最初へ",
    onlyOpen: "未解決のみ",
    onlySolved: "解決済みのみ",
    anyStatus: "すべての状況",
    copyLink: "リンクをコピー",
    links: "次のリンクをコピーして使えます。",
    noLinks: "Slackのスレッドがあるお問い合わせは、まだありません。",
    cut: "検索する語が多いため、最初の10語（300文字まで）だけで探しました。",
    unsure:
      "表示してよい範囲をSlackに確認できなかったため、一部だけの表示かもしれません。少し待って、もう一度試してください。",
    unknown: {
      status: (given: string) =>
        `「status:${given}」という状況はありません。未解決、${Object.values(statuses).join("、")}のどれかを指定してください。`,
      priority: (given: string) =>
        `「priority:${given}」という優先度はありません。${Object.values(priorities).join("、")}のどれかを指定してください。`,
      by: (given: string) =>
        `「by:${given}」は指定できません。自分のものは \`by:me\` 、チームのものは \`by:team\` と指定してください。`,
      page: (given: string) =>
        `「page:${given}」というページはありません。1から1000までの数字を指定してください。`,
    },
  },

  home: {
    greeting: "サポート",
    intro: "お問い合わせの送信、お問い合わせ一覧とサポートアクセスの確認ができます。",
    menu: "ご用件を選んでください。",
    submit: "お問い合わせを送信",
    tickets: "お問い合わせ一覧",
    access: "サポートアクセス",
    help: "使い方",
    status: "稼働状況を見る",
    button: "サポートへのお問い合わせは、下のボタンから送信できます。",
    buttonComes:
      "まもなく、このチャンネルにボタンを投稿します。他社のメンバーも含めて、チャンネルの全員がお問い合わせを送信できます。",
    usage: `*どのチャンネルでも使えるコマンド*
• \`/support\` お問い合わせの送信、一覧、サポートアクセスから選ぶ
• \`/ticket [件名]\` お問い合わせを送信する
• \`/tickets [検索する語] [status:open] [priority:high] [by:me]\` お問い合わせを探す
• \`/support-access\` サポートアクセスを確認する
• \`/support button\` コマンドを使えない人のために、お問い合わせのボタンをチャンネルに投稿する（サポート担当者と管理者のみ）
お問い合わせのスレッドに書いた内容は、サポートに届きます。スレッドの中ではコマンドを使えません。`,
    disconnected: (workspace: string) =>
      `ワークスペース「${workspace}」のトークンが無効になりました。アプリを入れ直してください。送信待ちのメッセージは、その後に送られます。`,
    policyFaulty: (faults: string) =>
      `変更されたポリシーファイルに誤りがあるため、変更前のポリシーを使い続けています。ファイルを直すと、自動で読み直します。\n${faults}`,
    notices: "運用担当者へのお知らせ",
    workflowWaits: (reference: string) =>
      `ワークフロービルダーの実行が1件、止まったまま待っています。ステップの終了をSlackが受け付けませんでした。「jobs show ${reference}」で理由を確認し、直してから「jobs retry ${reference}」を実行してください。`,
    reactionsNotAllowed: (teamId: string) =>
      `ワークスペース ${teamId} では、届いたメッセージに印を付ける権限がアプリにありません。いまのマニフェストで、もう一度インストールしてください。`,
    namesNotAllowed: (teamId: string) =>
      `ワークスペース ${teamId} では、サポート担当者の名前と画像で投稿する権限がアプリにありません。返信には、担当者の名前を文章で添えています。いまのマニフェストで、もう一度インストールしてください。`,
    channelClosed: (channelId: string, teamId: string, reason: string) =>
      `ワークスペース ${teamId} のチャンネル ${channelId} に、アプリが投稿できなくなりました（${reason}）。お問い合わせの続きは、アプリとのメッセージでお知らせしています。チャンネルのアーカイブを解除するか、\`/invite\` でアプリを招待するように、お客様に頼んでください。直ると、新しいお問い合わせはチャンネルに届きます。`,
    agentsChannel:
      "サポート担当者のチャンネルに投稿できません。アプリをチャンネルに招待するか、設定「SLACK_AGENTS_CHANNEL」を確認してください。お問い合わせは保存されていて、直ると自動で投稿されます。",
  },

  access: {
    on: (until: string, by: string) =>
      `サポートアクセスはオンです。${until}に自動でオフになります。許可した人：${by} さん。`,
    off: "サポートアクセスはオフです。サポート担当者への許可は出ていません。",
    begun: {
      grant: (until: string) =>
        `サポートアクセスを許可しました。${until}に自動でオフになります。早く終えるときは \`/support-access off\` を使ってください。`,
      reset: (until: string) =>
        `サポートアクセスの期間を設定し直しました。${until}に自動でオフになります。`,
    },
    turnedOff: "サポートアクセスをオフにしました。",
    alreadyOn: accessAlreadyOn,
    ranOut: (endedAt: string) =>
      `サポートアクセスは、期間が終わったため${endedAt}にオフになりました。もう一度許可するときは \`/support-access grant 30d\` を使ってください。`,
    usage: `*使い方*
• \`/support-access\` オンかオフか、誰がいつまで許可したかを見る
• \`/support-access grant 30d\` 30日間許可する（1日から90日まで。\`30日\` や \`2週間\` とも書けます）
• \`/support-access reset 30d\` いまから30日間に、期間を設定し直す
• \`/support-access off\` すぐにオフにする
許可、設定し直し、オフは管理者だけができます。`,
  },

  problems: {
    "not-an-agent": () =>
      "これができるのは、サポート担当者（担当者用チャンネルのメンバー）だけです。必要なときは、担当者にチャンネルへの招待を頼んでください。",
    "not-an-admin": ({ admins }) =>
      admins.length > 0
        ? `サポートアクセスを変えられるのは管理者だけです。${admins.map((id) => `<@${id}> さん`).join("、")}に頼んでください。`
        : "サポートアクセスを変えられるのは管理者だけです。自社のワークスペースの管理者に頼むか、誰が管理者かをサポートに確認してください。",
    "not-agent-nor-admin": ({ admins }) =>
      admins.length > 0
        ? `ボタンを投稿できるのは、サポート担当者と管理者だけです。${admins.map((id) => `<@${id}> さん`).join("、")}に頼んでください。`
        : "ボタンを投稿できるのは、サポート担当者と管理者だけです。自社のワークスペースの管理者か、サポートの窓口に頼んでください。",
    "app-not-in-channel": () =>
      "ここにはこのアプリが投稿できません。チャンネルでは、`/invite` でアプリを招待してから、もう一度実行してください。",
    "requester-unfit": () =>
      "お問い合わせする人には、このワークスペースのメンバーを指定してください。ボットや、ワークスペースを離れた人は指定できません。",
    "not-closed": ({ number }: { number: string }) =>
      `${number}はまだ終了していません。対応の評価は、終了したあとにできます。`,
    "not-the-requester": () =>
      "このボタンを使えるのは、このお問い合わせを送信した人だけです。代わりにスレッドに書いてください。サポートに届きます。",
    "ticket-not-found": () => "このお問い合わせは見つかりませんでした。",
    "not-the-contact": () => "このボタンを使えるのは、このメッセージを受け取った人だけです。",
    "contact-not-needed": ({ number }) =>
      `${number}には、いまは連絡担当者の返事は必要ありません。ありがとうございます。`,
    "nothing-to-hold": ({ number }) => `${number}には、保留できる優先度の見直しはありません。`,
    "already-held": ({ number, by, until }) => alreadyHeld(number, by, inUtc(until)),
    "offer-answered": ({ number }) =>
      `${number}のこの回避策には、すでに返事があるか、新しい回避策が届いています。まだ困っているときは、お問い合わせのスレッドに返信してください。影響が変わったときは、「影響の内容を訂正」を押してください。`,
    "not-ended": ({ number }) =>
      `${number}はまだ解決していません。続きは、このお問い合わせでやり取りしてください。`,
    "has-follow-up": ({ number, next, url }) =>
      `${number}には、すでに続きのお問い合わせがあります。${url ? link(url.href, next) : next}でやり取りしてください。`,
    "account-not-paid": ({ number }) =>
      `${number}のお客様は、いまは有料プランではありません。新しいお問い合わせは作成できません。`,
    "not-linked": ({ fault }) => linkFaults[fault],
    "no-topics": () => "選べる種類が、いまはありません。運用担当者に確認してください。",
    "already-taken": ({ number, by }) => `${number}は、先に <@${by}> さんが担当になりました。`,
    "already-solved": ({ number }) =>
      `${number}はすでに解決になっています。続けるときは、再開してください。`,
    "already-closed": ({ number }) =>
      `${number}は終了しています。続きは、スレッドに書くか、新しいお問い合わせとして送信してください。`,
    "not-solved": ({ number }) => `${number}は、いまは解決になっていません。対応を続けています。`,
    "is-merged": ({ number, into }) =>
      `${number}は${into}に統合しました。対応は${into}で続いています。`,
    "not-merged": ({ number }) => `${number}は、いまはほかのお問い合わせに統合されていません。`,
    "merge-final": ({ number }) =>
      `${number}の統合は、24時間を過ぎたため取り消せません。続きは統合先で対応してください。`,
    "merge-followed": ({ number }) =>
      `${number}のスレッドでは、すでに次のお問い合わせが始まっているため、統合を取り消せません。`,
    "merge-unknown": () =>
      "このご契約に、その番号のお問い合わせはありません。番号を確かめてください。",
    "merge-itself": ({ number }) =>
      `${number}は、このお問い合わせの番号です。統合先の番号を入力してください。`,
    "merge-closed": ({ number }) => `${number}は終了しているため、統合できません。`,
    "merge-into-closed": ({ number }) =>
      `${number}は終了しているため、統合先にできません。終了していないお問い合わせの番号を入力してください。`,
    "merge-into-merged": ({ number, into }) =>
      `${number}は${into}に統合されています。統合先には${into}を入力してください。`,
    "merge-of-many": ({ number }) =>
      `${number}には、ほかのお問い合わせが統合されています。もう一方のお問い合わせを、${number}に統合してください。`,
    "merge-unseen": ({ number, into }) =>
      `${number}を送信した人は${into}を見られません。回答が届かなくなるため、統合できません。`,
    "merge-unsure": ({ number, into }) =>
      `${number}を送信した人が${into}を見られるかどうかを、Slackで確認できませんでした。少し待って、もう一度試してください。`,
    "no-account": () =>
      "このチャンネルはまだサポートのご契約に結び付いていません。サポートの窓口に連絡してください。",
    "free-plan": () =>
      "無料プランでは、お問い合わせを送信できません。`/ticket` で、利用できるヘルプ記事とコミュニティを見られます。",
    "workspace-unknown": () =>
      "このワークスペースはサポートに接続されていません。アプリを入れ直すよう、管理者に頼んでください。",
    "desk-refused": ({ number, reference }) =>
      `${number}をサポートの窓口に登録できませんでした。サポートの担当者が確認します。（参照番号 ${reference}）`,
    "file-refused": ({ name, why, reference }) =>
      `ファイル「${name}」は、サポートに届いていません。理由：${fileFaults[why]}。お問い合わせの受け付けには影響ありません。${reference ? `（参照番号 ${reference}）` : ""}`,
    "grant-length": () =>
      "期間は1日から90日までです。`/support-access grant 30d` のように指定してください。",
    "access-already-on": ({ until }) => accessAlreadyOn(inUtc(until)),
    "access-already-off": () =>
      "サポートアクセスはすでにオフです。許可するときは `/support-access grant 30d` を使ってください。",
    "access-words": () =>
      "その指定は使えません。`/support-access` の後に、`grant 30d`、`reset 30d`、`off` のどれかを続けてください。`/support-access help` で使い方を見られます。",
    "roles-unknown": () =>
      "あなたの権限をSlackで確認できませんでした。少し待って、もう一度試してください。",
    "trigger-expired": () => "画面を開くのに時間がかかりすぎました。もう一度実行してください。",
    "form-unanswered": () =>
      "Slackから返事がありませんでした。画面が開いていないときは、もう一度実行してください。",
    "not-saved": () =>
      "いまは保存できませんでした。入力した内容はこのまま残っています。少し待って、もう一度送信してください。",
  } satisfies ProblemWords,

  unexpected: (reference: string) =>
    `処理を完了できませんでした。少し待って、もう一度試してください。続くときは、参照番号 ${reference} をサポートの窓口に伝えてください。`,
};

/** 「サポート担当 Aki が」「Hana さんが」 */
function before(name: string, particle: string): string {
  return name.endsWith("さん") ? `${name}${particle}` : `${name} ${particle}`;
}

function alreadyHeld(number: string, by: string, until: string): string {
  return `${number}の優先度の見直しは、すでに <@${by}> さんが${until}まで保留しています。`;
}

function accessAlreadyOn(until: string): string {
  return `サポートアクセスはすでにオンです（${until}まで）。期間を変えるときは \`/support-access reset 30d\` を使ってください。`;
}

/** For a reader whose time zone is not known. */
function inUtc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")}（UTC）`;
}
