import { randomBytes } from "node:crypto";
import { isFields } from "./block-rules.ts";
import type { Block } from "./page/contract.ts";

/** Blocks as Slack gives them back: every block and element has an id, every text says its defaults. */
export function withIds(blocks: Block[]): Block[] {
  return blocks.map((block) => ({
    ...(normal(block) as Block), // an object stays an object
    block_id: block.block_id ?? shortId(),
  }));
}

function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (!isFields(value)) return value;
  const fields = Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, normal(each)]),
  );
  if (value.type === "plain_text") return { emoji: true, ...fields };
  if (value.type === "mrkdwn") return { verbatim: false, ...fields };
  return isAction(value) ? { action_id: shortId(), ...fields } : fields;
}

const ACTIONS = /_(select|input|buttons?|)$|^(button|overflow|checkboxes)$|picker$/;

function isAction(value: Record<string, unknown>): boolean {
  return typeof value.type === "string" && ACTIONS.test(value.type);
}

function shortId(): string {
  return randomBytes(4).toString("base64url").slice(0, 5);
}
