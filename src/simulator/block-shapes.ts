import {
  all,
  atLeastOne,
  bool,
  byType,
  exactlyOne,
  int,
  isFields,
  list,
  oneOf,
  type Report,
  type Rule,
  shape,
  str,
  url,
} from "./block-rules.ts";
import { elements, slackFile } from "./element-rules.ts";
import { BLOCK, ELEMENT, SURFACE } from "./limits.ts";
import { richText } from "./rich-text-rules.ts";
import { anyText, mrkdwnText, plainText } from "./text-rules.ts";

const SELECTS = [
  "static_select",
  "external_select",
  "users_select",
  "conversations_select",
  "channels_select",
];
const CHOOSERS = [
  ...SELECTS,
  ...SELECTS.map((name) => `multi_${name}`),
  "checkboxes",
  "radio_buttons",
  "datepicker",
  "timepicker",
];
const BUTTONS = ["button", "overflow", "workflow_button"];
const TYPED = [
  "plain_text_input",
  "email_text_input",
  "url_text_input",
  "number_input",
  "file_input",
];

const block = { "type!": () => {}, block_id: str(BLOCK.blockId) };
const image = elements("image");
const anyUrl = url(BLOCK.imageUrl);

const section = all(
  shape({
    ...block,
    text: anyText(BLOCK.sectionText),
    fields: list(anyText(BLOCK.sectionFieldText), BLOCK.sectionFields),
    accessory: elements(...BUTTONS, ...CHOOSERS, "image"),
    expand: bool,
  }),
  atLeastOne("text", "fields"),
);

const card = shape({
  ...block,
  title: mrkdwnText(BLOCK.cardTitle),
  subtitle: mrkdwnText(BLOCK.cardSubtitle),
  body: mrkdwnText(BLOCK.cardBody),
  hero_image: image,
  icon: image,
  actions: list(elements("button"), BLOCK.actionsElements),
});

const rawText = shape({ "type!": () => {}, "text!": str(BLOCK.dataTableText, 0) });
const rawNumber = shape({
  "type!": () => {},
  "value!": finite,
  "text!": str(BLOCK.dataTableText, 0),
});
const cell = byType({ raw_text: rawText, raw_number: rawNumber, rich_text: richText });

const BASE: Record<string, Rule> = {
  section,
  card,
  rich_text: richText,
  divider: shape(block),
  header: shape({ ...block, "text!": plainText(BLOCK.headerText) }),
  markdown: shape({ ...block, "text!": str(SURFACE.markdownText) }),
  file: shape({ ...block, "external_id!": str(BLOCK.blockId), "source!": oneOf("remote") }),
  alert: shape({
    ...block,
    "text!": anyText(BLOCK.sectionText),
    level: oneOf(...BLOCK.alertLevels),
  }),
  image: all(
    shape({
      ...block,
      "alt_text!": str(BLOCK.imageAlt),
      title: plainText(BLOCK.imageTitle),
      image_url: anyUrl,
      slack_file: slackFile,
    }),
    exactlyOne("image_url", "slack_file"),
  ),
  actions: shape({
    ...block,
    "elements!": list(
      elements(...BUTTONS, ...CHOOSERS, "datetimepicker", "rich_text_input"),
      BLOCK.actionsElements,
    ),
  }),
  context: shape({ ...block, "elements!": list(contextElement(), BLOCK.contextElements) }),
  context_actions: shape({
    ...block,
    "elements!": list(elements("feedback_buttons", "icon_button"), BLOCK.contextActionsElements),
  }),
  input: shape({
    ...block,
    "label!": plainText(BLOCK.inputLabel),
    hint: plainText(BLOCK.inputHint),
    optional: bool,
    dispatch_action: bool,
    "element!": elements(...TYPED, ...CHOOSERS, "datetimepicker", "rich_text_input"),
  }),
  video: shape({
    ...block,
    "video_url!": anyUrl,
    "thumbnail_url!": anyUrl,
    "alt_text!": str(BLOCK.imageAlt),
    "title!": plainText(BLOCK.videoTitle),
    title_url: anyUrl,
    author_name: str(BLOCK.videoAuthor),
    provider_name: str(BLOCK.blockId),
    provider_icon_url: anyUrl,
    description: plainText(BLOCK.sectionText),
  }),
  table: all(
    shape({
      ...block,
      "rows!": list(list(cell, BLOCK.tableColumns), BLOCK.tableRows),
      column_settings: list(
        shape({ align: oneOf("left", "center", "right"), is_wrapped: bool }),
        BLOCK.tableColumns,
      ),
    }),
    cellsWithin(BLOCK.tableText),
  ),
  data_table: all(
    shape({
      ...block,
      "rows!": list(list(cell, BLOCK.dataTableColumns), BLOCK.dataTableRows, 2),
      "caption!": str(BLOCK.sectionText),
      page_size: int(1, BLOCK.dataTablePage),
      row_header_column_index: int(0, BLOCK.dataTableColumns - 1),
    }),
    cellsWithin(BLOCK.dataTableText),
    rowsOfOneLength,
  ),
};

const CONTAINED = [
  ...["actions", "context", "divider", "file", "header", "image", "input", "rich_text"],
  ...["section", "table", "video"],
];

/** Every block Slack knows, by type. */
export const BLOCKS: Record<string, Rule> = {
  ...BASE,
  carousel: shape({ ...block, "elements!": list(byType({ card }), BLOCK.carouselCards) }),
  container: shape({
    ...block,
    title: plainText(BLOCK.containerTitle),
    rich_text_title: richText,
    subtitle: anyText(BLOCK.containerSubtitle),
    "child_blocks!": list(byType(BASE, CONTAINED), BLOCK.containerBlocks),
    width: oneOf("narrow", "standard", "wide", "full"),
    icon: image,
    is_collapsible: bool,
    default_collapsed: bool,
    has_header_divider: bool,
  }),
};

function contextElement(): Rule {
  const text = anyText(ELEMENT.buttonValue);
  return (value, at, report) =>
    isFields(value) && value.type === "image" ? image(value, at, report) : text(value, at, report);
}

function finite(value: unknown, at: string, report: Report): void {
  if (!Number.isFinite(value)) report("must be a number", at);
}

function cellsWithin(max: number): Rule {
  return (value, at, report) => {
    if (isFields(value) && textLength(value.rows) > max)
      report(`must be less than ${max + 1} characters`, `${at}/rows`);
  };
}

function rowsOfOneLength(value: unknown, at: string, report: Report): void {
  if (!isFields(value) || !Array.isArray(value.rows)) return;
  const lengths = new Set(value.rows.map((row) => (Array.isArray(row) ? row.length : 0)));
  if (lengths.size > 1) report("rows must have equal length", `${at}/rows`);
}

/** The characters in all `text` strings below a value. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + textLength(each), 0);
  if (!isFields(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, each]) =>
      sum + (name === "text" && typeof each === "string" ? each.length : textLength(each)),
    0,
  );
}
