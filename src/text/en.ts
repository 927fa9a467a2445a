import type { Priority, Status, What, Who, Workaround } from "#db/tables.ts";
import type { FileFault, LinkFault } from "#errors.ts";
import { link } from "#slack/mrkdwn.ts";
import { inParts } from "./duration.ts";
import type { ProblemWords, Words } from "./texts.ts";

const priorities: Record<Priority, string> = {
  urgent: "Urgent",
  high: "High",
  normal: "Normal",
  low: "Low",
};
const statuses: Record<Status, string> = {
  new: "New",
  open: "Open",
  pending: "Waiting for you",
  on_hold: "On hold",
  solved: "Solved",
  closed: "Closed",
};
const rules: Record<Priority, string> = {
  urgent: "nothing works for anyone and there is no workaround",
  high: "an essential function is badly impaired for many people and there is no workaround",
  normal: "a function is impaired; a workaround may exist, but not for everyone",
  low: "a question, or a bug that affects few people",
};
const what: Record<What, string> = {
  "nothing-works": "Nothing works",
  "essential-function": "An essential function is badly impaired",
  function: "A function is impaired",
  "minor-bug": "A minor bug",
  question: "A question",
};
const who: Record<Who, string> = { all: "Everyone", many: "Many people", some: "Some people" };
const workaround: Record<Workaround, string> = {
  none: "None",
  limited: "There is one, but not for everyone",
  yes: "Yes",
};

const fileFaults: Record<FileFault, string> = {
  empty: "it is empty",
  "too-large": "it is larger than 10 MB",
  "too-many": "only 10 files can be sent at a time. Send it with another reply",
  "forbidden-type": "programs, scripts and web pages are not accepted",
  unreadable: "Slack does not let this app open it",
  "wrong-length": "it came from Slack incomplete. Attach it again in this thread",
  gone: "it was deleted, or this app cannot see it where it is",
  elsewhere: "it is kept outside Slack or in another workspace",
  interrupted: "it did not arrive whole. Send it again",
  "desk-refused": "the help desk does not accept it",
  undelivered: "it could not be delivered. Somebody at support will look at it",
};

const linkFaults: Record<LinkFault, string> = {
  unknown: "This customer has no ticket with that number.",
  self: "That is this very ticket. Give another number.",
  known: "They are linked already.",
  full: "A ticket can be linked with ten others at most.",
};

/** "22 minutes", "1 h 40", "3 days" */
function duration(minutes: number): string {
  const { days, hours, rest } = inParts(minutes);
  if (days > 0) return days === 1 ? "1 day" : `${days} days`;
  if (hours === 0) return rest === 1 ? "1 minute" : `${rest} minutes`;
  return rest > 0 ? `${hours} h ${rest}` : hours === 1 ? "1 hour" : `${hours} hours`;
}

export const en = {
  duration,
  priorities,
  statuses,
  rules,
  what,
  who,
  workaround,
  fileFaults,

  labels: {
    subject: "Subject",
    description: "Description",
    what: "What is broken",
    who: "Who is affected",
    workaround: "Workaround",
    priority: "Priority",
    topic: "Topic",
    why: "Why it cannot wait, and for whom",
    contact: "Contact",
    status: "Status",
    requester: "Requester",
    assignee: "Assignee",
    account: "Account",
    attachments: "Attachments",
    deletedFile: "(deleted)",
    unassigned: "Nobody yet",
    choose: "Choose one",
    close: "Close",
    cancel: "Cancel",
    separator: " · ",
  },

  newTicket: {
    title: "Submit a ticket",
    submit: "Submit",
    subjectPlaceholder: "For example: Signing in ends with an error",
    descriptionHint: "Since when, on which page, what you do and what happens then.",
    priorityHint: "What is broken, who is affected and the workaround decide how high it can be.",
    priorityRules: (lines) => `*What each priority means*\n${lines}`,
    ruleLine: (priority, rule) => `• *${priority}*: ${rule}`,
    supports: (most) => `Your answers support *${most}* at most.`,
    supportsAll: "Your answers support any priority.",
    whyHint: "What cannot be done, and who is held up by it.",
    contactPlaceholder: "Choose a person",
    contactHint: "Somebody who can work with support until it is solved.",
    attachmentsHint:
      "Up to 10 files of 10 MB each, for example screenshots and logs. Programs, scripts and web pages are not accepted.",
    articles: "*Articles that may help*",
    offer: (person) => `${person}: press the button to file a ticket from this message.`,
    fromThis: "File a ticket from this message",
    reading: "One moment: reading the message…",
    fromMessage:
      "The ticket links to the message you chose. Answers come in its thread or, where the app cannot post, in your messages with the app.",
  },
  article: {
    question: "Was this helpful?",
    yes: "Yes",
    no: "No",
    score: (helpful, votes) =>
      votes === 1
        ? `${helpful} of 1 person found this helpful`
        : `${helpful} of ${votes} people found this helpful`,
  },
  freePlan: {
    intro: "Tickets are part of paid plans. These articles and the community are open to you.",
    chooseTopic: "Choose a topic",
    community: "Ask the community",
    paidAdds: "*What a paid plan adds*",
  },
  fields: {
    subjectBlank: "Give the ticket a subject.",
    subjectLong: "Keep the subject within 150 characters.",
    descriptionBlank: "Describe what happens.",
    descriptionLong:
      "Keep the description within 3,000 characters. You can add the rest after submitting.",
    textBlank: "Write something first.",
    textLong: "Keep this within 3,000 characters. Send the rest separately.",
    control: "This has a control character that cannot be stored. Paste it again as plain text.",
    whyBlank: "Say why it cannot wait, and who is held up by it.",
    whyLong: "Keep this within 1,000 characters. You can add the rest after submitting.",
    topicRedirected: "Another team handles this topic. The text below says where to go.",
    repeatsNote: "This repeats an internal note, and the customer would read it. Write it anew.",
    topicNotFiled: "Another team handles this topic, and it has no tickets. Choose another.",
    contactUnfit:
      "Choose a member of your company: not a bot, a guest or somebody who has left the workspace.",
    contactUnknown: "Slack could not say just now who this is. Wait a moment and submit again.",
    contactByRequester:
      "This priority needs a contact. Ask the requester to choose one with “Correct the facts” on their card.",
    choose: "Choose one.",
    noAgent: "Choose a support agent: a member of the agents' channel.",
    noNumber: "Type the number of a ticket, like DL-1042.",
    filesUnfit: "Attach at most 10 files.",
    nameBlank: "Give your name.",
    contactNameBlank: "Give the contact's name.",
    nameLong: "Keep the name within 100 characters.",
    emailBlank: "Give an e-mail address.",
    contactEmailBlank: "Give the contact's e-mail address.",
    emailWrong: "Give the e-mail address in the form name@example.com.",
  },
  contactMissing: (priority) =>
    `${priorities[priority]} needs a contact who can work with support until it is solved.`,
  priorityTooHigh: (asked, most) =>
    `${priorities[asked]} means that ${rules[asked]}. Your answers support ${priorities[most]} at most. Choose ${priorities[most]}, or correct the answers.`,

  filed: {
    title: "Submitted",
    inChannel: (number, channel) =>
      `${number} is submitted.\nLook for it in ${channel}, or in your messages with this app if it cannot post there. Everything from here on happens in its thread.`,
    inMessages: (number) =>
      `${number} is submitted.\nLook for it in your messages with this app. Everything from here on happens in its thread.`,
    card: (number) => `${number} is filed. Everything from here on happens in this thread.`,
    inDm: (channel) => `The app cannot post in ${channel}, so you read about it here.`,
    before: "The thread so far",
    thisConversation: "the conversation you asked in",
    slow: "Saved. Filing it is taking longer than usual; it goes on by itself, no need to send it again.",
  },

  card: {
    summary: (number, subject, status) => `${number} ${subject} (${status})`,
    impact: (what, who, workaround) =>
      `${what} · Who is affected: ${who} · Workaround: ${workaround}`,
    about: (topic, facts) => `Topic: ${topic} · ${facts}`,
    contact: (name, email = "") => `Contact: ${name}${email ? ` (${email})` : ""}`,
    contactStates: {
      asking: (until) => `asked, waiting for an answer until ${until}`,
      present: () => "available",
      falling: (until) => `no answer; priority review: ${until}`,
      held: (until) => `no answer; the review of the priority is on hold until ${until}`,
      absent: () => "could not be reached",
    },
    contactDeclined: {
      falling: (until) => `not available; priority review: ${until}`,
      held: (until) => `not available; the review of the priority is on hold until ${until}`,
      absent: () => "not available",
    },
    correctFacts: "Correct the facts",
    message: "The message it was filed from",
    attachments: (count) => `Attachments: ${count}`,
    addInformation: "Add information",
    seen: "👀 Seen by support",
    target: (within) => `Support aims to answer within ${within} of its working time.`,
    targetAnyTime: (within) => `Support aims to answer within ${within}, at any hour.`,
    measured: (half, ninety, count) =>
      `Tickets like this: half were first answered within ${half}, nine of ten within ${ninety} (last 90 days, ${count} tickets).`,
    follows: (number) =>
      `Goes on with ${number}, which is closed. It begins with Normal or Low priority; if it needs a higher one, press *Correct the facts*.`,
    followsByAgent: (number, agent) =>
      `Goes on with ${number}: *${agent}* (support) opened it. It begins with Normal or Low priority; if it needs a higher one, press *Correct the facts*.`,
    pendingHint: (userId) => `Waiting for an answer from <@${userId}>.`,
    solvedHint: "Still stuck? Press *Add information* and the ticket opens again.",
  },
  triage: {
    summary: (number, subject, account) => `${number} ${subject} (${account})`,
    take: "Take",
    reply: "Reply to customer",
    ask: "Ask the customer",
    offer: "Offer workaround",
    hold: "Hold the review",
    solve: "Solve",
    reopen: "Reopen",
    statuses: { ...statuses, pending: "Waiting for the customer" },
    assign: "Assign…",
    assignTitle: "Assign the ticket",
    assignPlaceholder: "Choose an agent",
    assignHint: "Members of the agents' channel.",
    history: "History",
    topic: "Topic…",
    topicTitle: "Change the topic",
    topicHint: "The customer sees it, too.",
    filed: "The ticket was filed",
    openedByAgent: (agent) => `*${agent}* opened it for the customer`,
    olderSteps: "What happened before that is not shown.",
    filedAt: "Filed",
    plans: { paid: "paid plan", free: "free plan" },
    firstDue: "First answer due",
    nextDue: "Next answer due",
    notesHint: "What you write in this thread is a note: internal, never sent to the customer.",
    openThread: "Customer's thread",
    openDesk: "Open at the desk",
    rule: (priority, rule) => `*${priority}*: ${rule}`,
    attachments: (lines) => `*Attachments*\n${lines}`,
    attachment: (name, size, state) => `• ${[name, size, state].filter(Boolean).join(" · ")}`,
    fileStates: { waiting: "on its way", delivered: "delivered" },
    fileRefused: (why) => `not delivered: ${fileFaults[why]}`,
    moreAttachments: (count) => `… and ${count} more`,
  },
  compose: {
    title: "To the customer",
    preview: "Check",
    check: "Check before sending",
    edit: "Edit",
    canned: "Insert a canned reply",
    steps: {
      reply: {
        title: "Reply to customer",
        label: "Your reply",
        hint: "It is posted in the customer's thread. You see it once more before it is sent.",
        hintByMail:
          "It is mailed to the customer, and stands on their page. You see it once more before it is sent.",
      },
      ask: {
        title: "Ask the customer",
        label: "Your question",
        hint: "It is posted in the customer's thread, and the ticket waits for the customer. You see it once more before it is sent.",
        hintByMail:
          "It is mailed to the customer, and the ticket waits for them. You see it once more before it is sent.",
      },
      offer: {
        title: "Offer a workaround",
        label: "The workaround",
        hint: "The customer gets it, and answers whether they can go on with it. You see it once more before it is sent.",
        hintByMail:
          "The customer gets it, and answers whether they can go on with it. You see it once more before it is sent.",
      },
    },
    inChannel: (account, channel, who) => `To the thread in ${channel} of *${account}*. ${who}`,
    inUnknown: (account) =>
      `To the thread in a channel of *${account}*. Everybody in the channel can read it.`,
    openly: (members) => `Its ${members} members can read it, and everybody else in the workspace.`,
    privately: (members) => `Its ${members} members can read it.`,
    shared: (who) => `${who} People of another company are among them.`,
    inDm: (name) => `To *${name}* alone, in their messages with this app.`,
    byMail: (name, email) => `To *${name}* (${email}), by mail and on their page.`,
    reads: { ja: "The customer reads Japanese.", en: "The customer reads English." },
    helps: (who) => `Who can use it: ${who}`,
    repeats: (author, note) =>
      `This repeats an internal note. *${author}* noted: ${note}\nMake sure that the customer may read it. Nothing has been sent yet.`,
    filesHint:
      "Up to 10 files of 10 MB each. As long as you can undo, the customer does not get them. Programs, scripts and web pages cannot be sent.",
    noFiles: "This customer reads by mail, by which no files can be sent.",
    attached: (names) => `Attachments: ${names}`,
    keptFiles: (names) => `Attachments: ${names}\nWhat you choose below takes their place.`,
    removeFiles: "Remove attachments",
    fileRefused: (name, why) => `The file "${name}" cannot be sent: ${why}.`,
    filesUnsure: "Slack did not say what these files are. Wait a moment and try again.",
    sendAllTheSame: "Send all the same",
    sending: (number, seconds) =>
      `This goes to the customer of ${number} in ${seconds} seconds. Until then you can take it back.`,
    undo: "Undo",
    sendNow: "Send now",
    unsure:
      "That did not work just now. The thread of the triage card says whether it has been sent to the customer.",
    notSent:
      "This could not be sent to the customer. The thread of the triage card says why, with all of your text.",
    sent: (number) => `Sent to the customer of ${number}. It cannot be taken back any more.`,
  },
  digest: {
    title: (count) => `${count} tickets have come in`,
    summary: (count, counts) => `${count} tickets have come in (${counts})`,
    count: (priority, count) => `${priority} priority: ${count}`,
    why: "Many came within a short time, so they are listed here instead of one card each, the highest priority first. A number opens the customer's thread, where you are a member. To work on a ticket, choose it in the menu below: its card is then posted in this channel.",
    choose: "Show the card of …",
    cardComes: (number) => `The card of ${number} will be posted in this channel in a moment.`,
    cardStands: (number) =>
      `${number} has its card in this channel already. Search the channel for “${number}”.`,
  },
  followUp: {
    open: "Follow-up…",
    title: "Open a follow-up",
    submit: "Open",
    about: (name, where) => `A new ticket for *${name}*. ${where}`,
    places: {
      inThread: "Its card comes in the same thread of the customer's.",
      anew: "Its card is posted anew for the customer; the old ticket can still be reopened.",
      byMail: "The customer is mailed the address of a new page.",
    },
    hint: "The customer reads it. Topic and facts are those of the old ticket.",
    opened: (number, before) => `${number} is opened. It goes on with ${before}.`,
  },
  links: {
    open: "Link…",
    title: "Link tickets",
    number: "Number of the ticket to link with",
    numberPlaceholder: "For example: DL-1042",
    numberHint: "A ticket of the same customer, who sees nothing of it.",
    unlink: "Ticket to unlink",
    unlinkPlaceholder: "None",
    more: (count) => `… and ${count} more`,
    related: (lines) => `*Related*\n${lines}`,
    line: (number, subject, status) => `• ${number} ${subject} (${status})`,
  },
  linkFaults: {
    number: "Give a number like DL-1042.",
    nothing: "Give a number, or choose a ticket to unlink.",
    ...linkFaults,
  },
  left: {
    title: (name, count) =>
      count === 1
        ? `*${name}* is no agent any more. This ticket has nobody now:`
        : `*${name}* is no agent any more. These ${count} tickets have nobody now:`,
    more: (count) => `… and ${count} more`,
  },
  modals: {
    information: "Add information",
    informationLabel: "What support should know",
    informationHint: "It goes to support and is shown in the thread.",
    facts: "Correct the facts",
    save: "Save",
    send: "Send",
    about: (number, subject) => `${number} ${subject}`,
  },
  thread: {
    readWhole: "Read all of it",
    wholeTitle: "The whole message",
    replied: (agent) => `Reply from *${agent}* (support)`,
    asked: (agent, userId) => `Question from *${agent}* (support) for <@${userId}>`,
    offered: (agent, userId) =>
      `*${agent}* (support) offers a workaround. <@${userId}>, can you go on with it?`,
    sender: {
      shown: (agent) => `${agent} (Support)`,
      nobody: "Support",
    },
    signed: {
      asked: (userId) => `A question for <@${userId}>:`,
      offered: (userId) => `<@${userId}>, here is a workaround. Can you go on with it?`,
    },
    sentFile: (agent) => `Attachment from *${agent}* (support)`,
    accepted: (name) => `*${name}* can go on with the workaround.`,
    disputed: (name) => `*${name}* is still stuck with the workaround.`,
    informed: (name) => `*${name}* added information.`,
    informedAndReopened: (name) => `*${name}* added information. Support carries on with this.`,
    solved: (agent) => `*${agent}* (support) solved this. Is it fixed?`,
    closed: (name) =>
      `*${name}* says that it is fixed, and the ticket is closed. How was the help?`,
    closedBySilence:
      "Nobody said that anything is still wrong, so the ticket is closed. How was the help?",
    reopened: (name) => `*${name}* reopened this. Support carries on with it.`,
    reopenedByAgent: (agent) => `*${agent}* (support) reopened this and carries on with it.`,
    followedUp: (agent, number) =>
      `*${agent}* (support) opened ${number}, which goes on with this. You will read more in its thread.`,
    deskRefused: (number, reference) =>
      `${number} could not be filed at the help desk. Somebody at support will look at it. (Reference ${reference})`,
    tryAgain: "Try again",
    triesAgain: "It is being tried again.",
    wasTriedAgain: "It has been tried again already. Nothing more to do.",
    catchUp: "These updates were held up. Here they are, all at once and in order.",
    gaveUp: (reference) =>
      `One update could not be delivered. Somebody at support will look at it. (Reference ${reference})`,
  },
  agents: {
    informed: (name) => `*${name}* added information`,
    informedAndReopened: (name, assignee) =>
      `*${name}* added information, which reopened this ${assignee}`.trim(),
    took: (agent) => `*${agent}* took this ticket`,
    assigned: (by, to) => `*${by}* gave this ticket to ${to}`,
    replied: (agent) => `*${agent}* replied to the customer`,
    asked: (agent) => `*${agent}* asked the customer`,
    offered: (agent) => `*${agent}* offered the customer a workaround`,
    accepted: (name) => `*${name}* can go on with the workaround`,
    disputed: (name) => `*${name}* is still stuck with the workaround`,
    solved: (agent) => `*${agent}* solved this`,
    closed: (name) => `*${name}* says that it is fixed: closed`,
    closedBySilence: "Closed, as nobody said that anything is still wrong",
    rated: (name, score) => `*${name}* on the help: ${score}`,
    reopened: (name) => `*${name}* reopened this`,
    edited: (name, times) => `*${name}* edited a message (edited ${times}×)`,
    deleted: (name) => `A message of *${name}* was deleted`,
    fileUnsent: (agent, name, why, reference) =>
      `The customer did not get the file *${name}* of *${agent}*: ${why}.${reference ? ` (Reference ${reference})` : ""}`,
    fileDeleted: (name) => `An attachment of *${name}* was deleted`,
    undeleted: (reference) =>
      `An attachment that was deleted could not be removed on support's side. Delete it in this thread or at the desk if it is still there. (Reference ${reference})`,
    followedUp: (name, number) =>
      `*${name}* wrote to this closed ticket. It goes on as ${number}, in the same thread of the customer's`,
    linked: (agent, number) => `*${agent}* linked this with ${number}`,
    unlinked: (agent, number) => `*${agent}* unlinked this from ${number}`,
    moved:
      "The app can no longer post in the customer's channel, so the conversation goes on in their messages with it",
    left: (name) => `Nobody has this ticket any more: *${name}* is no agent now`,
    topicChanged: (agent, to, from) =>
      from
        ? `*${agent}* changed the topic from “${from}” to “${to}”`
        : `*${agent}* set the topic to “${to}”`,
    followedUpOnPage: (name, number) =>
      `*${name}* wrote on the page of this closed ticket. It goes on as ${number}`,
    followedUpByAgent: (agent, number) => `*${agent}* opened ${number}, which goes on with this`,
    answerDue: {
      first: (due) => `⏰ The first answer is due by ${due}`,
      next: (due) => `⏰ The customer waits for an answer, due by ${due}`,
    },
    answerLate: {
      first: (due) => `🔴 The first answer is late: it was due by ${due}`,
      next: (due) => `🔴 The answer is late: it was due by ${due}`,
    },
    wasEdited: (times) => `edited ${times}×`,
    wasDeleted: "deleted",
    since: (line, fate) => `${line} (${fate})`,
    files: (names) => `Files: ${names}`,
    sentFile: (name) => `File from the customer: *${name}*`,
    sentFileToCustomer: (agent, name) => `*${agent}* sent the customer a file: *${name}*`,
    unsent: (author, reference) =>
      `What *${author}* wrote could not be sent to the customer. Look at the ticket, and send it again. (reference ${reference})`,
    unreachable: (reference) =>
      `The customer cannot be reached in Slack. Get in touch another way. (Reference ${reference})`,
    unreachableByMail: (reference) =>
      `The customer could not be mailed. The customer's page shows it; if it is urgent, get in touch another way. (Reference ${reference})`,
    mailUncertain: (reference) =>
      `It is not certain that the customer got the mail. The customer's page shows it. (Reference ${reference})`,
  },

  web: {
    title: "Ask support",
    intro:
      "This form is for people who do not have Slack or cannot sign in. After you send it, you get a mail to confirm your address. Open the link in it and send your request from there.",
    skip: "Skip to the content",
    language: "Language",
    required: " (required)",
    optional: " (optional)",
    byPriority: " (needed with some priorities)",
    you: "About you",
    request: "Your request",
    impact: "Impact and priority",
    urgent: "When it cannot wait",
    urgentHint: (whyFor, contactFor) =>
      `A reason is needed when the priority is ${whyFor}, a contact when it is ${contactFor}.`,
    name: "Your name",
    email: "E-mail address",
    emailHint: "Answers go there. Use the address of your company.",
    subjectHint: "For example: Signing in ends with an error",
    contactName: "Name of the contact",
    contactEmail: "E-mail address of the contact",
    contactHint: "Somebody who can work with support until it is solved.",
    supports: (most) => `Your answers support ${most} at most.`,
    supportsAll: "Your answers support any priority.",
    elsewhere: "Another team handles this topic",
    articles: "Articles that may help",
    submit: "Send me the mail to confirm",
    working: "Sending…",
    faultsTitle: (count) =>
      count === 1 ? "One answer needs attention" : `${count} answers need attention`,
    faultTitle: "Error: ",
    faultLine: (field, fault) => `${field}: ${fault}`,
    kept: "Nothing has been sent yet. What you typed is still here.",
    trap: "Leave this field empty",
    sent: {
      title: "Check your mail",
      body: "A mail is on its way to the address you gave. Open the link in it and send your request from there.",
      until:
        "Nothing has reached support yet. Without that step within 24 hours, what you typed is deleted.",
      missing:
        "Nothing after some minutes? Look in your junk mail, and check the address for a typo.",
      again: "Fill in the form again",
    },
    confirm: {
      title: "Send this to support?",
      intro: "Your e-mail address is confirmed. If this is right, send it.",
      send: "Send to support",
      sentTitle: "This has been sent",
      sent: (number) =>
        `${number} has reached support. See how it stands, and reply, on the page of your request.`,
      open: "Open the page of your request",
      not: "You did not ask for this? Close the page, and nothing is sent.",
      elsewhere:
        "Nothing has been sent to support: this topic has moved to another team since you filled in the form. What you typed is below, to take along.",
      goneTitle: "This link does not work",
      gone: "Its 24 hours are over, or part of the address is missing. Please fill in the form again.",
    },
    contact: {
      title: "Can you be the contact?",
      details: "The request",
      thanks:
        "Thank you. You are the contact. Support will get in touch with you at this e-mail address.",
    },
    facts: {
      title: "Correct the facts",
      intro:
        "When things have changed, say here how they are now, and choose a priority that fits your answers.",
      save: "Save",
      back: "Back to your request",
      link: "Correct the facts",
    },
    page: {
      status: "Status: ",
      priority: "Priority: ",
      title: (number, subject) => `${number} ${subject}`,
      keep: "The address of this page is for you alone. Do not pass it on or publish it.",
      details: "Your request",
      history: "Conversation",
      nothing: "Answers from support appear here. You also get them by mail.",
      by: (name) => name,
      bySupport: (name) => `${name} (support)`,
      filed: "Your request has reached support.",
      openedByAgent: (before, agent) => `${agent} (support) opened this to go on with ${before}.`,
      goesOn: (next) => `The work goes on in ${next}.`,
      solved: (name) => `${name} solved this.`,
      reopened: (name) => `${name} reopened this.`,
      followedUp: (name, next) => `${name} opened ${next}, which goes on with this.`,
      closedBy: (name) => `${name} said that it is fixed. The request is closed.`,
      offered: (name) => `A workaround from ${name}:`,
      accepted: (name) => `${name} can go on with the workaround.`,
      disputed: (name) => `${name} is still stuck with the workaround:`,
      offer: "Can you go on with this workaround?",
      offerAnswered:
        "This workaround was answered already, or a newer one has been offered. If you are still stuck, reply to support on this page.",
      unsent: "These words have not been sent:",
      reply: "Reply",
      replyLabel: "Your reply to support",
      send: "Send reply",
      files: "Attachments",
      filesLabel: "Attach files",
      filesHint: "Up to 10 files, 10 MB each. You can send files without a reply, too.",
      filesSent: (names) => `Files: ${names}`,
      fileStates: { waiting: "on its way to support", delivered: "has reached support" },
      fileRefused: (name, why, reference) =>
        `The file “${name}” did not reach support: ${why}.${reference ? ` (Reference ${reference})` : ""}`,
      fileUnsent: (why) => `not delivered: ${why}`,
      isSolved: "Is it solved?",
      solve: "Yes, it is solved",
      settled: "You said that it is solved. Thank you.",
      stillStuck: "Still stuck",
      reopen: "Reopen",
      rate: "How was the help?",
      rateAgain: "You can change your answer.",
      sendRating: "Send rating",
      rated: (score) => `How the help was: ${score}`,
      closed: "This request is closed. Send a new one to go on with it.",
      closedAndFollowed: (next) =>
        `This request is closed. Please continue on the page of ${next}.`,
      goOn: "Go on with it in a new request",
      goOnLabel: "What is wrong now",
      sendGoOn: "Send as a new request",
      wentOn: (before) => `Your request has reached support. It goes on with ${before}.`,
      notPaid:
        "Tickets are part of paid plans, so this was not sent. What you typed is still here.",
      newRequest: "Ask about something else",
      refresh: "Show the latest",
    },
    freePlan: {
      title: "You are on the free plan",
      intro: "Tickets are part of paid plans. These articles and the community are open to you.",
      paidAdds: "What a paid plan adds",
    },
    refused: {
      tooFast:
        "That was faster than people type, so it was not taken. Look it over and send it again.",
      tooOld: "This page was open for very long. What you typed is still here: send it again.",
      otherSite: "This came from another site, so it was not taken. Send it from this page.",
      tooMany: (minutes) =>
        `Too much was sent in a short time. Wait about ${minutes} minutes and send it again.`,
      tooManyPlain: (minutes) =>
        `Too much was sent in a short time. Wait about ${minutes} minutes, or switch on JavaScript in your browser, and send it again.`,
      filesTooMuch:
        "Together these files are too large. What you typed is still here: choose fewer files and send it again.",
      filesBroken:
        "What was sent did not arrive whole. What you typed is still here: choose the files again and send it again.",
      filesBusy:
        "Too many files are being sent just now. What you typed is still here: choose the files again and send it in a minute.",
      filesNotYet:
        "Your request is still on its way to the help desk, so files cannot be taken yet. What you typed is still here: choose the files again and send it in a minute.",
      filesLater:
        "The files could not be passed on just now. What you typed is still here: choose the files again and send it in a minute. None of them arrives twice.",
      tooBig: "What was sent is too big.",
      notSaved:
        "This could not be saved just now. What you typed is still here. Wait a moment and send it again.",
    },
    offTitle: "There is no request form here",
    off: "The request form is not in use here. Get in touch with your support team.",
    lostTitle: "This page does not exist",
    lost: "Check that no part of the address is missing.",
    failedTitle: "This did not work",
    unverified: "Unverified customer",
    requester: (name, email) => `${name}, ${email} (web form)`,
  },
  mail: {
    verify: {
      subject: "Confirm your e-mail address (support request)",
      text: (url) =>
        `Somebody gave this e-mail address in our support form.\n\nIf that was you, open this page and send your request from there. The link works for 24 hours.\n${url}\n\nIf it was not you, there is nothing to do: no further mail comes to this address.\n`,
    },
    filed: {
      subject: (number) => `${number} has reached support`,
      text: (number, url) =>
        `${number} has reached support.\n\nSee how it stands, and reply, on this page:\n${url}\n\nThe address is for you alone. Do not pass it on.\n`,
    },
    followUp: {
      subject: (number, before) => `${number} is opened (goes on with ${before})`,
      text: (agent, { number, before, words, url }) =>
        `${agent} (support) opened ${number}, which goes on with ${before}.\n\n${words}\n\n----\nSee how it stands, and reply, on this page:\n${url}\n\nThe address is for you alone. Do not pass it on.\n`,
    },
    step: {
      subject: {
        reply: (number) => `${number}: reply from support`,
        ask: (number) => `${number}: question from support`,
        offer: (number) => `${number}: a workaround from support`,
        solve: (number) => `${number} is solved`,
        close: (number) => `${number} is closed`,
        reopen: (number) => `${number} is open again`,
      },
      line: {
        reply: (agent) => `Reply from ${agent} (support):`,
        ask: (agent) => `Question from ${agent} (support), who waits for your answer:`,
        offer: (agent) =>
          `A workaround from ${agent} (support). Please say on the page below whether you can go on with it.`,
        solve: (agent) =>
          `${agent} (support) solved this. Is it fixed? Say so on the page below; if you are still stuck, you can reopen it there.`,
        close: () => "Nobody said that anything is still wrong, so the ticket is closed.",
        reopen: (agent) => `${agent} (support) reopened this and carries on with it.`,
      },
      text: (line, body, url) =>
        `${line}\n\n${body ? `${body}\n\n` : ""}----\nSee how it stands, and reply, on this page. Replies to this mail do not reach support.\n${url}\n`,
    },
    failure: (number) => `${number}: news from support`,
    contact: {
      subject: (number) => `${number}: can you be the contact?`,
      text: (number, priority, until, url) =>
        `This e-mail address was given as the contact for the support request ${number} (${priority}).\n\nCan you work on it with support? Please say so on this page by ${until}:\n${url}\n\nWithout an answer somebody else is asked, and if nobody is there, the priority is reviewed.\nIf you know nothing of this, choose “I'm not available” there.\n`,
    },
  },

  contact: {
    named: (ticket, priority, requester) =>
      `*${requester}* named you as the contact for “${ticket}” (${priority}). Can you work on it with support now?`,
    again: (ticket, priority) =>
      `“${ticket}” (${priority}) is not solved yet. Can you go on working on it with support?`,
    instead: (ticket, priority, requester) =>
      `“${ticket}” (${priority}, from *${requester}*) needs another contact. Can you work on it with support?`,
    own: {
      named: (ticket, priority) =>
        `You are the contact for your ticket “${ticket}” (${priority}). Can you work on it with support now?`,
      again: (ticket, priority) =>
        `Your ticket “${ticket}” (${priority}) is not solved yet. Can you go on working on it with support?`,
      instead: (ticket, priority) =>
        `Your ticket “${ticket}” (${priority}) needs another contact. Can you work on it with support?`,
    },
    answerBy: (until) => `Please answer by ${until}.`,
    here: "I'm here",
    unavailable: "I'm not available",
    noLonger: "I'm no longer available",
    thanks: (ticket) =>
      `Thank you. You are the contact for “${ticket}”. Everything about it goes on in the ticket's thread.`,
    already: (ticket, contact) =>
      `Thank you. *${contact}* is the contact for “${ticket}” at the moment.`,
    understood: {
      next: (ticket) =>
        `All right. Somebody else will be asked about “${ticket}”. If you can help later, press the button below.`,
      other: (ticket, contact) =>
        `All right. *${contact}* is the contact for “${ticket}” at the moment.`,
      alone: (ticket, until) =>
        `All right. Nobody else is left to ask about “${ticket}”: the priority will be reviewed ${until}. If you can help after all, press the button below.`,
      nobody: (ticket) =>
        `All right. Nobody else is left to ask about “${ticket}”. If you can help later, press the button below.`,
    },
    openThread: "Open the ticket's thread",
  },
  contract: {
    reviewed: (from, to, reason) => `The priority is now *${to}* instead of ${from}, ${reason}`,
    reasons: {
      facts: "because what it affects has changed.",
      asked: "because another priority was asked for.",
      workaround: "because the work can go on with the workaround.",
      "contact-absent": "because the contact could not be reached.",
      "contact-declined": "because nobody is available as the contact.",
      "contact-back": "because the contact was reached.",
      policy: "to follow the rules for priorities.",
    },
    factsCorrected: {
      by: (name, facts) => `*${name}* corrected the facts: ${facts}`,
      byAgent: (agent, facts) => `*${agent}* (support) corrected the facts: ${facts}`,
    },
    asked: (next) => `*${next}* was asked to be the contact.`,
    silent: (missed, next) =>
      `*${missed}* did not answer, so *${next}* was asked to be the contact.`,
    unavailable: (missed, next) =>
      `*${missed}* is not available, so *${next}* was asked to be the contact.`,
    here: (name) => `*${name}* is available as the contact.`,
    fallAnnounced: (until, priority) =>
      `The contact has not answered yet. Without an answer by ${until} the priority will be reviewed to *${priority}*.`,
    fallDeclined: (declined, until, priority) =>
      `*${declined}* is not available, and nobody else is left to ask. Unless somebody is there by ${until}, the priority will be reviewed to *${priority}*.`,
    alreadyHeld,
    fallHeld: {
      customer: (agent, until) =>
        `*${agent}* (support) holds the review of the priority until ${until}.`,
      agents: (agent, until) => `*${agent}* holds the review of the priority until ${until}.`,
    },
  },
  workaroundOffer: {
    helps: "Who can use it",
    helping: { yes: "Everyone", limited: "Only some people" },
    helpsHint: "When the customer can go on with it, the priority is reviewed.",
    accept: "Yes, I can go on",
    dispute: "Still stuck",
    disputeTitle: "Still stuck",
    disputeLabel: "What you are stuck with",
  },

  merge: {
    open: "Merge…",
    undo: "Undo merge",
    title: "Merge the ticket",
    submit: "Merge",
    number: "Merge into",
    numberHint:
      "The number of the ticket in which the work goes on. It must be of the same account.",
    numberPlaceholder: "For example: DL-1042",
    explained:
      "This ticket is closed, and the work goes on in the other one.\n• The threads of both tickets say so, to the customer and to the agents.\n• What the customer writes in this ticket's thread from now on reaches the other ticket.\n• For 24 hours *Undo merge*, in the card's menu, takes it back. What the customer wrote in between stays with the other ticket.",
    into: (number) => `Merged into ${number}, where the work goes on.`,
    listed: (status, number) => `${status} (merged into ${number})`,
    named: (number, subject) => `${number} “${subject}”`,
    customer: {
      merged: (agent, other) =>
        `*${agent}* (support) merged this ticket into ${other}. The work goes on there.`,
      unmerged: (agent, other) =>
        `*${agent}* (support) undid the merge into ${other}. The work on this ticket goes on here.`,
      absorbed: (agent, other) =>
        `*${agent}* (support) merged ${other} into this ticket. The work on both goes on here.`,
      released: (agent, other) =>
        `*${agent}* (support) undid the merge of ${other}. They are two tickets again.`,
    },
    inThread: {
      merged: (line, number) => `${line} What you write in this thread reaches ${number}, too.`,
      unmerged: (line, number) => `${line} What was written here in between stays with ${number}.`,
    },
    onPage: (number) =>
      `This request was merged into ${number}. Go on with it on the page of ${number}, whose address was mailed to you.`,
    agents: {
      merged: (agent, other) =>
        `*${agent}* merged this ticket into ${other}. The work goes on there`,
      unmerged: (agent, other) =>
        `*${agent}* undid the merge into ${other}. What the customer wrote in between stays there`,
      absorbed: (agent, other) => `*${agent}* merged ${other} into this ticket`,
      released: (agent, other) => `*${agent}* undid the merge of ${other}`,
    },
    desk: {
      merged: (other) => `This ticket was merged into ${other}. The work goes on there.`,
      unmerged: (other) =>
        `The merge into ${other} was undone. What the customer wrote in between stays there.`,
      absorbed: (other, description) =>
        `${other} was merged into this ticket. What it says:\n\n${description}`,
      released: (other) => `The merge of ${other} was undone.`,
    },
  },

  ending: {
    yes: "Yes, it is fixed",
    notYet: "Not yet",
    notYetTitle: "Not fixed yet",
    notYetLabel: "What is still wrong",
    announced: (when) =>
      `This ticket is solved. Is it fixed? Without an answer it is closed on ${when}.`,
    good: "👍 Good",
    bad: "👎 Not good",
    thanks: (score) => `Thank you. Support reads it: ${score}`,
    addWords: "Add a word",
    wordsTitle: "How was the help?",
    wordsLabel: "What support should know",
  },

  list: {
    title: "My tickets",
    teamTitle: "Tickets that you may see",
    allTitle: "Tickets of all accounts",
    mine: "Only mine",
    queue: "Your queue",
    none: "There are no tickets yet. `/ticket` submits one.",
    noneFound: (words) => `No ticket matches “${words}”.`,
    noneOwn: "You have not submitted a ticket yet. `/ticket` submits one.",
    noneSuch: "No ticket matches that.",
    noneOpen: "You have no open tickets.",
    noneQueued: "Nothing waits for you.",
    noPage: "There is no such page.",
    columns: { number: "Number", subject: "Subject", due: "Answer due", changed: "Last change" },
    inZone: (column, zone) => `${column} (${zone})`,
    searched: (words) => `“${words}”`,
    page: (page) => `page ${page}`,
    next: "Next",
    first: "First page",
    onlyOpen: "Only open",
    onlySolved: "Only solved",
    anyStatus: "Any status",
    copyLink: "Copy link",
    links: "The links to copy:",
    noLinks: "None of these tickets has a thread in Slack yet.",
    cut: "That was a lot: only the first 10 words, 300 characters at most, were searched for.",
    unsure:
      "Slack did not say just now what you may see, so this may not be all of it. Try again in a moment.",
    unknown: {
      status: (given) =>
        `There is no “status:${given}”. Use open, solved, new, pending, on_hold or closed.`,
      priority: (given) => `There is no “priority:${given}”. Use urgent, high, normal or low.`,
      by: (given) => `There is no “by:${given}”. Use by:me or by:team.`,
      page: (given) => `There is no “page:${given}”. Pages are counted from 1 to 1000.`,
    },
  },

  home: {
    greeting: "Support",
    intro: "Submit a ticket, see how yours stand, or look at support's access to your account.",
    menu: "What can support do for you?",
    submit: "Submit a ticket",
    tickets: "My tickets",
    access: "Support access",
    help: "Help",
    status: "See the status page",
    button: "Do you need help from support? Press the button to submit a ticket.",
    buttonComes:
      "The button will be posted in this channel in a moment. Everybody here can submit a ticket with it, people of another company as well.",
    usage: `*What you can type in any channel*
• \`/support\`: submit a ticket, see yours, look at support's access
• \`/ticket [subject]\`: submit a ticket
• \`/tickets [words] [status:open] [priority:high] [by:me]\`: find tickets
• \`/support-access\`: see whether support may enter your account
• \`/support button\`: post a *Submit a ticket* button in the channel, for people who have no commands (agents and admins only)
What you write in the thread of a ticket reaches support. Commands do not work inside threads.`,
    disconnected: (workspace) =>
      `The token of the workspace “${workspace}” has ended. Install the app again; messages that wait are sent then.`,
    policyFaulty: (faults) =>
      `The policy file was changed and has faults, so the policy before it stays in force. Correct it: it is read again by itself.\n${faults}`,
    notices: "For whoever runs Deskline",
    workflowWaits: (reference) =>
      `A run of Workflow Builder waits for ever: Slack did not take the end of its step. “jobs show ${reference}” has the reason; mend it, then “jobs retry ${reference}”.`,
    reactionsNotAllowed: (teamId) =>
      `In the workspace ${teamId} the app may not mark messages that have arrived. Install it there again with the present manifest.`,
    namesNotAllowed: (teamId) =>
      `In the workspace ${teamId} the app may not post with the name and picture of an agent: what they say names them in its words instead. Install it there again with the present manifest.`,
    channelClosed: (channelId, teamId, reason) =>
      `The app can no longer post in the channel ${channelId} of the workspace ${teamId} (${reason}): tickets go on in people's messages with it. Have the channel unarchived there, or the app invited to it with /invite; new tickets come there again.`,
    agentsChannel:
      "The agents' channel cannot be posted to. Invite the app to it, or check SLACK_AGENTS_CHANNEL. Tickets are kept and will be posted as soon as this is mended.",
  },

  access: {
    on: (until, by) =>
      `Support access is on until ${until}, then it turns itself off. Granted by ${by}.`,
    off: "Support access is off. Support has no permission to enter this account.",
    begun: {
      grant: (until) =>
        `Support access is on until ${until}, then it turns itself off. To end it earlier: \`/support-access off\`.`,
      reset: (until) => `Support access now runs until ${until}, then it turns itself off.`,
    },
    turnedOff: "Support access is off now.",
    alreadyOn: accessAlreadyOn,
    ranOut: (endedAt) =>
      `Support access ended on ${endedAt}, at the end of its period. \`/support-access grant 30d\` grants it again.`,
    usage: `*How to use it*
• \`/support-access\`: see whether it is on, who granted it and until when
• \`/support-access grant 30d\`: grant it for 30 days (1 to 90 days; \`2w\` is two weeks)
• \`/support-access reset 30d\`: set a new period, 30 days from now
• \`/support-access off\`: end it now
Only admins can grant, reset or end it.`,
  },

  problems: {
    "not-an-agent": () =>
      "Only support agents, the members of the agents' channel, can do this. Ask one of them to invite you.",
    "not-an-admin": ({ admins }) =>
      admins.length > 0
        ? `Only an admin can change support access. Ask ${admins.map((id) => `<@${id}>`).join(" or ")}.`
        : "Only an admin can change support access. Ask an admin of your workspace, or ask support who that is.",
    "not-agent-nor-admin": ({ admins }) =>
      admins.length > 0
        ? `Only support agents and this account's admins can post the button. Ask ${admins.map((id) => `<@${id}>`).join(" or ")}.`
        : "Only support agents and this account's admins can post the button. Ask an admin of your workspace, or support.",
    "app-not-in-channel": () =>
      "The app cannot post here. In a channel, invite it with `/invite`, then try again.",
    "requester-unfit": () =>
      "The requester must be a person of this workspace: not a bot, and not somebody who has left it.",
    "not-closed": ({ number }) => `${number} is not closed. The help can be rated when it is.`,
    "not-the-requester": () =>
      "Only the person who submitted this ticket can use this button. Write in the thread instead: support reads it there.",
    "ticket-not-found": () => "This ticket could not be found.",
    "not-the-contact": () => "Only the person who got this message can use its buttons.",
    "contact-not-needed": ({ number }) =>
      `${number} needs no answer from its contact at the moment. Thank you.`,
    "nothing-to-hold": ({ number }) => `${number} has no review of its priority to hold.`,
    "already-held": ({ number, by, until }) => alreadyHeld(number, by, inUtc(until)),
    "offer-answered": ({ number }) =>
      `This workaround for ${number} was answered already, or a newer one has been offered. If you are still stuck, reply in the ticket's thread; if the facts have changed, press “Correct the facts”.`,
    "not-ended": ({ number }) => `${number} has not ended: go on in that ticket.`,
    "has-follow-up": ({ number, next, url }) =>
      `${number} has a follow-up already. Go on in ${url ? link(url.href, next) : next}.`,
    "account-not-paid": ({ number }) =>
      `The customer of ${number} has no paid plan now, so no ticket can be opened for them.`,
    "not-linked": ({ fault }) => linkFaults[fault],
    "no-topics": () => "There is no topic to choose from just now. Ask the operator.",
    "already-taken": ({ number, by }) => `<@${by}> took ${number} before you.`,
    "already-solved": ({ number }) => `${number} is solved already. Reopen it to go on with it.`,
    "already-closed": ({ number }) =>
      `${number} is closed. Write in its thread, or submit a new ticket, to go on with it.`,
    "not-solved": ({ number }) => `${number} is not solved at the moment. Work on it goes on.`,
    "is-merged": ({ number, into }) => `${number} was merged into ${into}. The work goes on there.`,
    "not-merged": ({ number }) => `${number} is not merged into another ticket.`,
    "merge-final": ({ number }) =>
      `${number} was merged more than 24 hours ago, which cannot be undone any more. Go on with it in the other ticket.`,
    "merge-followed": ({ number }) =>
      `A new ticket has begun in the thread of ${number} since, so the merge cannot be undone any more.`,
    "merge-unknown": () => "This account has no ticket with that number. Check the number.",
    "merge-itself": ({ number }) =>
      `${number} is this ticket itself. Type the number of the other one.`,
    "merge-closed": ({ number }) => `${number} is closed, so it cannot be merged.`,
    "merge-into-closed": ({ number }) =>
      `${number} is closed, so no work goes on in it. Type the number of a ticket that is not.`,
    "merge-into-merged": ({ number, into }) =>
      `${number} was merged into ${into} itself. Type ${into}.`,
    "merge-of-many": ({ number }) =>
      `Another ticket was merged into ${number}. Merge the other way round: that ticket into ${number}.`,
    "merge-unseen": ({ number, into }) =>
      `Whoever submitted ${number} cannot see ${into} and would never read the answer, so it cannot be merged.`,
    "merge-unsure": ({ number, into }) =>
      `Slack could not say just now whether whoever submitted ${number} can see ${into}. Wait a moment and try again.`,
    "no-account": () =>
      "This channel is not connected to a support account yet. Get in touch with your support team.",
    "free-plan": () =>
      "Tickets are part of paid plans. Articles and the community are open to you: `/ticket` shows them.",
    "workspace-unknown": () =>
      "This workspace is not connected to support. Ask an admin to install the app again.",
    "desk-refused": ({ number, reference }) =>
      `${number} could not be filed at the help desk. Somebody at support will look at it. (Reference ${reference})`,
    "file-refused": ({ name, why, reference }) =>
      `The file *${name}* did not reach support: ${fileFaults[why]}. Your ticket is not affected.${reference ? ` (Reference ${reference})` : ""}`,
    "grant-length": () => "Between 1 and 90 days, for example `/support-access grant 30d`.",
    "access-already-on": ({ until }) => accessAlreadyOn(inUtc(until)),
    "access-already-off": () =>
      "Support access is off already. `/support-access grant 30d` turns it on.",
    "access-words": () =>
      "`/support-access` does not know that. Follow it with `grant 30d`, `reset 30d` or `off`; `/support-access help` explains them.",
    "roles-unknown": () =>
      "Slack could not say just now what you may do here. Wait a moment and try again.",
    "trigger-expired": () => "Opening this took too long. Please try again.",
    "form-unanswered": () => "Slack did not answer. If no form has opened, please try again.",
    "not-saved": () =>
      "This could not be saved just now. What you typed is still here. Wait a moment and submit again.",
  } satisfies ProblemWords,

  unexpected: (reference) =>
    `This did not work. Wait a moment and try again. If it keeps happening, give support the reference ${reference}.`,
} satisfies Words;

function alreadyHeld(number: string, by: string, until: string): string {
  return `<@${by}> holds the review of ${number}'s priority already, until ${until}.`;
}

function accessAlreadyOn(until: string): string {
  return `Support access is on already, until ${until}. To change that, use \`/support-access reset 30d\`.`;
}

/** For a reader whose time zone is not known. */
function inUtc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} (UTC)`;
}
