import type { DeskEntry } from "../witnesses/desk-witness.ts";
import type { Post } from "../witnesses/slack-witness.ts";
import type { Op } from "../world/history.ts";
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

export function isFiled({ slack, ...world }: World, ticket: Known): boolean {
  const about = slack.about(ticket.token).filter(({ threadTs }) => !threadTs);
  const isAtDesk = deskOf(world, ticket).some(({ type }) => type === "ticket.created");
  return isAtDesk && about.some(isCard) && about.some(({ channel }) => channel === AGENTS);
}

/** A comment: at the desk, in the agents' thread, and in the customer's where it does not stand already. */
export function isToldEverywhere(world: World, ticket: Known, op: Op): boolean {
  const told = world.slack.about(op.token).filter(({ threadTs }) => threadTs);
  const isTold = told.some(({ channel }) => channel === AGENTS);
  const isThere = op.deed === "say" || told.some(({ channel }) => channel !== AGENTS);
  const isAtDesk = deskOf(world, ticket).some(
    ({ type, at }) => type === "ticket.commented" && at.getTime() >= op.at,
  );
  return isTold && isThere && (op.deed === "news" || isAtDesk);
}

/** What the desk took of a ticket, and did not have before. */
export function deskOf(
  { desk }: Pick<World, "desk">,
  { number }: Pick<Known, "number">,
): DeskEntry[] {
  return desk.entries.filter((entry) => entry.number === number && entry.isNew);
}
