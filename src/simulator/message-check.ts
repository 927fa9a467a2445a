import { type Fields, isFields } from "./block-rules.ts";
import { textLength } from "./block-shapes.ts";
import { faultsOfBlocks, fieldsIn } from "./blocks-check.ts";
import { METADATA_BYTES, SURFACE } from "./limits.ts";
import type { Block } from "./page/contract.ts";
import type { Metadata } from "./records.ts";
import { SlackError } from "./slack-error.ts";

export type Content = { text: string; blocks: Block[]; metadata?: Metadata };

/** The words and blocks of a message, or Slack's refusal. */
export function checkMessage(args: Fields, maxText: number = SURFACE.messageText): Content {
  if (args.markdown_text !== undefined && (args.text !== undefined || args.blocks !== undefined))
    throw new SlackError("markdown_text_conflict");
  const text = String(args.markdown_text ?? args.text ?? "");
  const blocks = checkBlocks(args.blocks);
  // Attachments are Slack's legacy form; refusing them keeps the app from saying what no page would show.
  if (args.attachments !== undefined) throw new SlackError("invalid_attachments");
  if (text.trim() === "" && blocks.length === 0) throw new SlackError("no_text");
  const max = args.markdown_text === undefined ? maxText : SURFACE.markdownText;
  if (text.length > max) throw new SlackError("msg_too_long");
  const metadata = args.metadata === undefined ? undefined : checkMetadata(args.metadata);
  return { text, blocks, ...(metadata && { metadata }) };
}

function checkBlocks(given: unknown): Block[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw new SlackError("invalid_blocks_format");
  const faults = faultsOfBlocks(given, "message");
  if (faults.length > 0) {
    throw new SlackError("invalid_blocks", {
      errors: faults.map((fault) => fault.replace("[ERROR] ", "")),
      response_metadata: { messages: faults },
    });
  }
  if (textLength(given) > SURFACE.messageBlocksText) throw new SlackError("msg_blocks_too_long");
  return fieldsIn(given) as Block[]; // checked just above
}

function checkMetadata(given: unknown): Metadata {
  if (!isFields(given)) throw new SlackError("invalid_metadata_format");
  const { event_type, event_payload, ...rest } = given;
  if (typeof event_type !== "string" || event_type === "" || !isFields(event_payload))
    throw new SlackError("invalid_metadata_schema");
  if (Object.keys(rest).length > 0) throw new SlackError("invalid_metadata_schema");
  if (Buffer.byteLength(JSON.stringify(given)) > METADATA_BYTES)
    throw new SlackError("metadata_too_large");
  return { event_type, event_payload };
}
