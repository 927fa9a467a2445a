import {
  all,
  bool,
  byType,
  int,
  list,
  oneOf,
  type Report,
  type Rule,
  shape,
  str,
  url,
} from "./block-rules.ts";
import { BLOCK, SURFACE } from "./limits.ts";

const style = shape({
  bold: bool,
  italic: bool,
  strike: bool,
  code: bool,
  underline: bool,
  highlight: bool,
  client_highlight: bool,
  unlink: bool,
});
const text = str(SURFACE.messageText);
const id = str(BLOCK.blockId);
const link = url(BLOCK.imageUrl);
const base = { "type!": anyType, style };

const INLINE: Record<string, Rule> = {
  text: shape({ ...base, "text!": text }),
  link: shape({ ...base, "url!": link, text, unsafe: bool }),
  user: shape({ ...base, "user_id!": id }),
  channel: shape({ ...base, "channel_id!": id }),
  team: shape({ ...base, "team_id!": id }),
  usergroup: shape({ ...base, "usergroup_id!": id }),
  emoji: shape({ ...base, "name!": id, unicode: id, url: link }),
  broadcast: shape({ ...base, "range!": oneOf("here", "channel", "everyone") }),
  color: shape({ ...base, "value!": id }),
  date: shape({
    ...base,
    "timestamp!": int(0, 9_999_999_999),
    "format!": id,
    url: link,
    fallback: id,
  }),
};

const inline = list(byType(INLINE), 1000, 0);
const section = shape({ "type!": anyType, "elements!": inline });

const PARTS: Record<string, Rule> = {
  rich_text_section: section,
  rich_text_quote: shape({ "type!": anyType, "elements!": inline, border: int(0, 1) }),
  rich_text_preformatted: shape({
    "type!": anyType,
    "elements!": list(byType(INLINE, ["text", "link"]), 1000, 0),
    border: int(0, 1),
    language: id,
  }),
  rich_text_list: shape({
    "type!": anyType,
    "elements!": list(byType({ rich_text_section: section }), 1000, 0),
    "style!": oneOf("bullet", "ordered"),
    indent: int(0, 8),
    offset: int(0, 10_000),
    border: int(0, 1),
  }),
};

export const richText: Rule = all(
  shape({
    "type!": oneOf("rich_text"),
    block_id: str(BLOCK.blockId),
    "elements!": list(byType(PARTS), 1000),
  }),
);

function anyType(value: unknown, at: string, report: Report): void {
  if (typeof value !== "string") report("must be a string", at);
}
