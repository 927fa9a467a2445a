import { textsOf } from "#text/texts.ts";
import type { DeskEntry } from "../witnesses/desk-witness.ts";
import type { Post } from "../witnesses/slack-witness.ts";
import type { Op, SentFile } from "../world/history.ts";
import { AGENTS, type World } from "../world/world.ts";
import type { Known } from "./town.ts";

/** What the witnesses have of a ticket, found by the words that were typed. */

export function cardOf(world: World, { token }: Pick<Known, "token">): Post | undefined {
  return world.slack.about(token).find(isCard);
}

export function triageCardOf(world: World, { token }: Pick<Known, "token">): Post | undefined {
  return world.slack.about(token).find(isTriageCard);
}

export function isCard(post: Post): boolean {
  return !post.threadTs && post.channel !== AGENTS && !isContactQuestion(post);
}

export function isContactQuestion({ key }: Post): boolean {
  return key?.startsWith("contact:") ?? false;
}

export function isContactAsked({ slack }: World, { token }: Known): boolean {
  return slack.about(token).some(isContactQuestion);
}

export function isTriageCard(post: Post): boolean {
  return !post.threadTs && post.channel === AGENTS && !isDigest(post);
}

export function isDigest(post: Post): boolean {
  return !post.threadTs && post.channel === AGENTS && post.isDigest;
}

export function says({ words }: Pick<Post, "words">, token: string): boolean {
  return words.includes(token);
}

export function isFiled(world: World, ticket: Known): boolean {
  const about = world.slack.about(ticket.token).filter(({ threadTs }) => !threadTs);
  const isAtDesk = deskOf(world, ticket).some(({ type }) => type === "ticket.created");
  const isTold = ticket.page ? isMailed(world, ticket, ticket.number) : about.some(isCard);
  return isAtDesk && isTold && about.some(({ channel }) => channel === AGENTS);
}

/** Both cards; a visitor of the web form has none. */
export function hasCards(world: World, ticket: Known): boolean {
  const isShown = ticket.page !== undefined || cardOf(world, ticket) !== undefined;
  return isShown && triageCardOf(world, ticket) !== undefined;
}

/** A mail with these words; or nobody knows whether it came, which the agents were told. */
function isMailed(world: World, ticket: Known, words: string): boolean {
  const { mail, slack } = world;
  const mails = mail.to(ticket.requester);
  if (mails.some(({ subject, text }) => `${subject}\n${text}`.includes(words))) return true;
  const root = triageCardOf(world, ticket)?.ts;
  return slack.posts.some((post) => post.threadTs === root && root && isDoubt(post));
}

const DOUBTS = (["en", "ja"] as const).map(
  (each) => textsOf(each).agents.mailUncertain("\0").split("\0")[0],
);

function isDoubt({ words }: Post): boolean {
  return DOUBTS.some((doubt) => words.includes(doubt ?? ""));
}

/** In the agents' thread or at the desk; or it is said in the customer's thread why it is not. */
export function isFileThere(world: World, ticket: Known, file: SentFile | undefined): boolean {
  if (!file) return true;
  const { slack } = world;
  const isKept = deskOf(world, ticket).some(({ name }) => name === file.name);
  const isShared = slack.files.some(({ words }) => words.includes(file.name));
  const isRefused = slack.posts.some((post) => post.threadTs && says(post, file.name));
  return isKept || isShared || isRefused;
}

/** What an agent sent, in the customer's thread; or the agents were told that it is not there. */
export function isFileWithCustomer({ slack }: World, file: SentFile | undefined): boolean {
  if (!file) return true;
  const isShown = slack.files.some(({ name, channel }) => name === file.name && channel !== AGENTS);
  return isShown || slack.posts.some((post) => post.threadTs && says(post, file.name));
}

/** A comment: at the desk, in the agents' thread, and with the customer where it does not stand already. */
export function isToldEverywhere(world: World, ticket: Known, op: Op): boolean {
  const told = world.slack.about(op.token).filter(({ threadTs }) => threadTs);
  const isTold = told.some(({ channel }) => channel === AGENTS);
  const isOwn = op.deed === "say" || (op.deed === "inform" && ticket.page !== undefined);
  const isThere = isOwn || isToldToCustomer(world, ticket, op);
  const isAtDesk = deskOf(world, ticket).some(
    ({ type, at }) => type === "ticket.commented" && at.getTime() >= op.at,
  );
  return isTold && isThere && (op.deed === "news" || isAtDesk);
}

function isToldToCustomer(world: World, ticket: Known, { token }: Op): boolean {
  if (ticket.page) return isMailed(world, ticket, token);
  const told = world.slack.about(token).filter(({ threadTs }) => threadTs);
  return told.some(({ channel }) => channel !== AGENTS);
}

/** What the desk took of a ticket, and did not have before. */
export function deskOf(
  { desk }: Pick<World, "desk">,
  { number }: Pick<Known, "number">,
): DeskEntry[] {
  return desk.entries.filter((entry) => entry.number === number && entry.isNew);
}
