import type { FaultKind, FaultView, PersonView } from "./contract.ts";

/** Every word of the page in English. The Japanese ones have the same shape. */
export const en = {
  title: "Deskline – Slack simulator",
  product: "Slack simulator",
  skip: "Skip to the conversation",
  loading: "Loading…",
  noAnswer: "The simulator did not answer. Try again.",
  close: "Close",
  closeAll: "Close all",
  cancel: "Cancel",
  confirm: "OK",

  actAs: "Act as",
  person: (name: string, kind: string, reads: string, workspace: string) =>
    `${name} – ${kind}, ${reads} · ${workspace}`,
  kinds: {
    agent: "support agent",
    member: "requester",
    admin: "workspace admin",
    guest: "guest",
    stranger: "from another company",
    app: "app",
  } satisfies Record<PersonView["kind"], string>,
  reads: { "ja-JP": "reads Japanese", "en-US": "reads English" },
  language: "Language of this page",
  languages: { ja: "日本語", en: "English" },
  link: {
    connecting: "Connecting…",
    live: "Live",
    reconnecting: "Reconnecting…",
  },
  delivery: {
    http: "Deskline is connected (HTTP)",
    socket: "Deskline is connected (Socket Mode)",
    none: "Deskline is not connected",
  },

  sidebar: "Workspace",
  openSidebar: "Show channels",
  closeSidebar: "Hide channels",
  channels: "Channels",
  private: "private",
  shared: "shared with another company",
  archived: "archived",
  unread: (count: number) => `${count} unread`,
  home: "Home",
  messagesTab: "Messages",
  app: "App",

  members: (count: number) => (count === 1 ? "1 member" : `${count} members`),
  appNotHere: "Deskline is not in this channel",
  sharedNote: "Shared with another company through Slack Connect",
  channelActions: "Channel actions",
  inviteApp: "Add Deskline to the channel",
  removeApp: "Remove Deskline from the channel",
  archive: "Archive the channel",
  unarchive: "Restore the channel",
  isArchived: "This channel is archived. Nobody can write here.",

  messagesIn: (place: string) => `Messages in ${place}`,
  beginning: (place: string) => `This is where ${place} begins.`,
  today: "Today",
  onlyYou: "Only visible to you",
  edited: "(edited)",
  sending: "Sending…",
  running: (command: string) => `${command} – waiting for the app…`,
  messageActions: (name: string) => `Actions for the message of ${name}`,
  react: (name: string) => `React with ${name}`,
  reaction: (name: string, people: string) => `${name}: ${people}`,
  replyInThread: "Reply in thread",
  edit: "Edit",
  save: "Save",
  editMessage: "Edit the message",
  delete: "Delete",
  deleteQuestion: "Delete this message?",
  deleteText: "It disappears for everyone. This cannot be undone.",
  replies: (count: number) => (count === 1 ? "1 reply" : `${count} replies`),
  thread: "Thread",
  threadIn: (place: string) => `Thread in ${place}`,
  closeThread: "Close the thread",

  writeTo: (place: string) => `Message ${place}`,
  writeReply: "Reply in the thread",
  send: "Send",
  keys: "Enter sends, Shift+Enter begins a new line",
  commandChoices: "Commands",
  commandsFound: (count: number) =>
    count === 1 ? "1 command; Enter takes it" : `${count} commands; choose with the arrow keys`,
  // Slack's own sentence.
  notInThread: (command: string) => `${command} is not supported in threads. Sorry!`,

  homeEmpty: "Deskline has not published a Home tab for you.",
  homeOf: "Deskline's Home tab",

  optional: "(optional)",
  // Slack's own sentences, in its English and Japanese.
  required: "Please complete this required field.",
  tooShort: (least: number) => `Please enter at least ${least} characters.`,
  tooLong: (most: number) => `Please enter at most ${most} characters.`,
  notEmail: "Please enter a valid email address.",
  notUrl: "Please enter a valid URL, such as https://example.com.",
  notNumber: "Please enter a number.",
  counter: (length: number, most: number) => `${length} / ${most}`,
  choose: "Choose…",
  working: "Working…",
  submitting: "Sending…",
  unknownBlock: (type: string) => `This simulator does not show “${type}” yet.`,
  moreChoices: "More choices",
  alert: { default: "Note", info: "Note", warning: "Warning", error: "Error", success: "Done" },

  mail: "Mail",
  mails: (count: number) => (count === 0 ? "Mail" : `Mail (${count})`),
  mailIntro: "What Deskline has mailed to people who are not in Slack.",
  noMail: "No mail yet. The address of the web form is where you started the trial.",
  mailTo: (address: string) => `To ${address}`,

  faults: "Faults",
  faultsOn: (count: number) => (count === 1 ? "1 fault on" : `${count} faults on`),
  faultsIntro:
    "Make Slack misbehave and see how Deskline copes. A fault lasts until it has struck the given number of times, or until you end it.",
  noFaults: "Nothing is wrong just now.",
  faultsActive: "On now",
  faultNew: "Switch one on",
  faultKind: "What goes wrong",
  faultNames: {
    "429": "Too many requests (429)",
    "500": "Server error (500)",
    outage: "Outage: nobody answers",
    "accepted-then-dropped": "Done, but the answer is lost",
    slow: "Slow answers",
    redelivery: "The next event comes twice",
    disconnect: "Socket Mode is cut",
  } satisfies Record<FaultKind, string>,
  faultMethod: "Only this method",
  faultMethodHint: "such as chat.postMessage; empty: all of them",
  faultTimes: "How many times",
  faultTimesHint: "empty: until you end it",
  faultRetryAfter: "Retry after (seconds)",
  faultMs: "Delay (milliseconds)",
  faultStart: "Switch on",
  faultEnd: "End",
  faultEndAll: "End all",
  faultDetail: ({ method, times, retryAfter, ms }: Omit<FaultView, "id" | "kind">) =>
    [
      method ?? "every method",
      times !== undefined && (times === 1 ? "once more" : `${times} more times`),
      retryAfter !== undefined && `retry after ${retryAfter} s`,
      ms !== undefined && `${ms} ms`,
    ]
      .filter(Boolean)
      .join(", "),

  hint: {
    you: (name: string, kind: string, workspace: string) =>
      `You are ${name} (${kind}), at ${workspace}.`,
    member: (channel: string) => `Type /ticket in ${channel} to send a ticket to support.`,
    agent: (channel: string) => `Tickets arrive in ${channel}.`,
    stranger: (channel: string) =>
      `You are from another company, so Deskline's commands are not yours to use. You can write in ${channel}.`,
    second: (name: string, kind: string) => `Open a second tab as ${name} (${kind})`,
    dismiss: "Got it",
  },
  noticesLabel: "Messages from Slack",
};

export type Words = typeof en;
