import type { Block } from "#simulator/page/contract.ts";
import type { WitnessEntry } from "#simulator/sim.ts";
import { textOf } from "../../support/ticket-walk.ts";
import { type Followed, followLog } from "./follow-log.ts";

/** A message of the app as it stands in Slack. */
export type Post = {
  channel: string;
  ts: string;
  threadTs?: string;
  /** Every word of it. */
  words: string;
  blocks: Block[];
  /** Many tickets in one message, with a menu that brings the card of one. */
  isDigest: boolean;
  /** The mark by which the app finds it again. */
  key?: string;
  /** When Slack took it, milliseconds since 1970. */
  at: number;
  /** Its answer was lost. */
  isDropped: boolean;
};
/** A file of the app's that stands in a thread, with the words beside it. */
export type SharedFile = { name: string; channel: string; words: string; isDropped: boolean };
type Call = Extract<WitnessEntry, { what: "call" }>;
type Delivery = Extract<WitnessEntry, { what: "delivery" }>;
type Response = Extract<WitnessEntry, { what: "response" }>;

/** What the simulator wrote down: the witness of all that the app said and heard in Slack. */
export type SlackWitness = Omit<Followed<WitnessEntry>, "entries"> & {
  /** In the order in which Slack took them. */
  posts: readonly Post[];
  /** Those that say a word which people typed; found without reading all of a long run. */
  about(token: string): readonly Post[];
  /** In the order in which Slack took them; not among the posts. */
  files: readonly SharedFile[];
  calls: readonly Call[];
  deliveries: readonly Delivery[];
  responses: readonly Response[];
};

/** As `newToken` makes them. */
const TOKENS = /zk\d+x/g;

export function followSlack(path: string): SlackWitness {
  const posts: Post[] = [];
  const files: SharedFile[] = [];
  const calls: Call[] = [];
  const deliveries: Delivery[] = [];
  const responses: Response[] = [];
  const uploads = new Map<string, string>();
  const standing = new Map<string, Post>();
  const byToken = new Map<string, Set<Post>>();

  function take(line: string): WitnessEntry {
    const entry: WitnessEntry = JSON.parse(line); // the simulator's own words
    if (entry.what === "delivery") deliveries.push(entry);
    if (entry.what === "response") responses.push(entry);
    if (entry.what === "call") takeCall(entry);
    return entry;
  }
  function takeCall(call: Call): void {
    calls.push(call);
    if (!call.ok) return;
    if (call.method === "chat.postMessage") {
      const post = postOf(call);
      posts.push(post);
      standing.set(`${post.channel}/${post.ts}`, post);
      index(post);
    }
    takeFile(call);
    if (call.method === "chat.update") {
      const post = standing.get(`${call.args.channel}/${call.args.ts}`);
      if (post) index(Object.assign(post, contentOf(call)));
    }
  }
  function takeFile(call: Call): void {
    const { file_id: id } = call.answer as { file_id?: string };
    if (call.method === "files.getUploadURLExternal" && id)
      uploads.set(id, String(call.args.filename));
    if (call.method === "files.completeUploadExternal") files.push(sharedBy(call, uploads));
  }
  function index(post: Post): void {
    for (const token of post.words.match(TOKENS) ?? []) {
      byToken.set(token, (byToken.get(token) ?? new Set()).add(post));
    }
  }
  /** An edit may have taken the word away. */
  function about(token: string): Post[] {
    return [...(byToken.get(token) ?? [])].filter(({ words }) => words.includes(token));
  }

  return { ...followLog(path, take), posts, about, files, calls, deliveries, responses };
}

type Answer = { ts: string; channel: string; message?: { text?: string; blocks?: Block[] } };

function postOf(call: Call): Post {
  const { ts, channel } = call.answer as Answer; // of a chat.postMessage that was accepted
  const { thread_ts: threadTs, metadata } = call.args as {
    thread_ts?: string;
    metadata?: { event_payload?: { key?: string } };
  };
  const key = metadata?.event_payload?.key;
  return {
    channel,
    ts,
    ...(threadTs && { threadTs }),
    ...(key && { key }),
    ...contentOf(call),
    at: call.at,
    isDropped: call.dropped,
  };
}

function sharedBy({ args, dropped }: Call, uploads: Map<string, string>): SharedFile {
  const [file] = args.files as { id: string }[]; // of a call that was accepted; the app shares them one by one
  return {
    name: uploads.get(file?.id ?? "") ?? "",
    channel: String(args.channel_id),
    words: String(args.initial_comment),
    isDropped: dropped,
  };
}

function contentOf(call: Call): Pick<Post, "words" | "blocks" | "isDigest"> {
  const { message } = call.answer as Answer; // both methods answer with the message as it stands
  const blocks = message?.blocks ?? [];
  const isDigest = JSON.stringify(blocks).includes('"ticket.show-card"');
  return { blocks, isDigest, words: `${message?.text ?? ""}\n${textOf(blocks)}` };
}
