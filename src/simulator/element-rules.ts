import {
  all,
  atLeastOne,
  bool,
  byType,
  exactlyOne,
  int,
  isFields,
  list,
  matches,
  oneOf,
  type Report,
  type Rule,
  shape,
  str,
  url,
} from "./block-rules.ts";
import { BLOCK, ELEMENT } from "./limits.ts";
import { richText } from "./rich-text-rules.ts";
import {
  confirm,
  conversationFilter,
  dispatchActionConfig,
  optionGroup,
  plainOption,
  plainText,
  richOption,
  workflow,
} from "./text-rules.ts";

const type: Rule = () => {};
const actionable = { "type!": type, action_id: str(ELEMENT.actionId) };
const confirmable = { ...actionable, confirm };
const focusable = { ...actionable, focus_on_load: bool };
const placeholder = plainText(ELEMENT.placeholder);
const select = { ...confirmable, focus_on_load: bool, placeholder };
const multi = { ...select, max_selected_items: int(1, ELEMENT.selectOptions) };
const typed = { ...focusable, placeholder, dispatch_action_config: dispatchActionConfig };
const id = str(ELEMENT.actionId);
const ids = list(id, ELEMENT.selectOptions);
const date = matches(/^\d{4}-\d\d-\d\d$/, "date");
const time = matches(/^\d\d:\d\d$/, "time");
const imageUrl = url(BLOCK.imageUrl);

export const slackFile = all(shape({ id, url: imageUrl }), exactlyOne("id", "url"));

const staticChoice = {
  options: list(plainOption, ELEMENT.selectOptions),
  option_groups: list(optionGroup(list(plainOption, ELEMENT.selectOptions)), ELEMENT.optionGroups),
};

const feedback = shape({
  "text!": plainText(ELEMENT.feedbackText),
  "value!": str(ELEMENT.feedbackValue),
  accessibility_label: str(ELEMENT.accessibilityLabel),
});

const button = {
  ...confirmable,
  "text!": plainText(ELEMENT.buttonText),
  style: oneOf("primary", "danger"),
  accessibility_label: str(ELEMENT.accessibilityLabel),
};

const RULES: Record<string, Rule> = {
  button: shape({ ...button, value: str(ELEMENT.buttonValue), url: url(ELEMENT.buttonUrl) }),
  workflow_button: shape({ ...button, "workflow!": workflow }),
  icon_button: shape({
    ...confirmable,
    "icon!": oneOf("trash"),
    "text!": plainText(ELEMENT.buttonText),
    value: str(ELEMENT.buttonValue),
    accessibility_label: str(ELEMENT.accessibilityLabel),
    visible_to_user_ids: ids,
  }),
  feedback_buttons: shape({
    ...actionable,
    "positive_button!": feedback,
    "negative_button!": feedback,
  }),
  image: all(
    shape({
      "type!": type,
      "alt_text!": str(BLOCK.imageAlt),
      image_url: imageUrl,
      slack_file: slackFile,
    }),
    exactlyOne("image_url", "slack_file"),
  ),
  overflow: shape({ ...confirmable, "options!": list(plainOption, ELEMENT.overflowOptions) }),
  checkboxes: all(
    shape({
      ...confirmable,
      focus_on_load: bool,
      "options!": list(richOption, ELEMENT.choices),
      initial_options: list(richOption, ELEMENT.choices),
    }),
    initialAmongOptions,
  ),
  radio_buttons: all(
    shape({
      ...confirmable,
      focus_on_load: bool,
      "options!": list(richOption, ELEMENT.choices),
      initial_option: richOption,
    }),
    initialAmongOptions,
  ),
  static_select: all(
    shape({ ...select, ...staticChoice, initial_option: plainOption }),
    exactlyOne("options", "option_groups"),
    initialAmongOptions,
  ),
  multi_static_select: all(
    shape({ ...multi, ...staticChoice, initial_options: list(plainOption, ELEMENT.selectOptions) }),
    exactlyOne("options", "option_groups"),
    initialAmongOptions,
  ),
  external_select: shape({
    ...select,
    initial_option: plainOption,
    min_query_length: int(0, ELEMENT.inputLength),
  }),
  multi_external_select: shape({
    ...multi,
    initial_options: list(plainOption, ELEMENT.selectOptions),
    min_query_length: int(0, ELEMENT.inputLength),
  }),
  users_select: shape({ ...select, initial_user: id }),
  multi_users_select: shape({ ...multi, initial_users: ids }),
  channels_select: shape({ ...select, initial_channel: id, response_url_enabled: bool }),
  multi_channels_select: shape({ ...multi, initial_channels: ids }),
  conversations_select: shape({
    ...select,
    initial_conversation: id,
    default_to_current_conversation: bool,
    response_url_enabled: bool,
    filter: filter(),
  }),
  multi_conversations_select: shape({
    ...multi,
    initial_conversations: ids,
    default_to_current_conversation: bool,
    filter: filter(),
  }),
  datepicker: shape({ ...select, initial_date: date }),
  timepicker: shape({ ...select, initial_time: time, timezone: id }),
  datetimepicker: shape({
    ...confirmable,
    focus_on_load: bool,
    initial_date_time: int(1_000_000_000, 9_999_999_999),
  }),
  plain_text_input: all(
    shape({
      ...typed,
      multiline: bool,
      initial_value: str(ELEMENT.inputLength, 0),
      min_length: int(0, ELEMENT.inputLength),
      max_length: int(1, ELEMENT.inputLength),
    }),
    lengthsAgree,
  ),
  email_text_input: shape({ ...typed, initial_value: str(ELEMENT.inputLength, 0) }),
  url_text_input: shape({ ...typed, initial_value: str(ELEMENT.inputLength, 0) }),
  number_input: shape({
    ...typed,
    "is_decimal_allowed!": bool,
    initial_value: str(ELEMENT.inputLength),
    min_value: str(ELEMENT.inputLength),
    max_value: str(ELEMENT.inputLength),
  }),
  rich_text_input: shape({
    ...typed,
    initial_value: richText,
    min_lines: int(1, ELEMENT.inputLength),
    max_lines: int(1, ELEMENT.inputLength),
  }),
  file_input: shape({
    ...actionable,
    filetypes: list(str(ELEMENT.actionId), 100),
    max_files: int(1, ELEMENT.files),
  }),
};

export function elements(...allowed: string[]): Rule {
  return byType(RULES, allowed);
}

function filter(): Rule {
  return all(
    conversationFilter,
    atLeastOne("include", "exclude_external_shared_channels", "exclude_bot_users"),
  );
}

function initialAmongOptions(value: unknown, at: string, report: Report): void {
  if (!isFields(value)) return;
  const offered = offeredOptions(value).map((each) => each.value);
  const initial = value.initial_options ?? (value.initial_option && [value.initial_option]);
  if (!Array.isArray(initial)) return;
  for (const each of initial) {
    if (isFields(each) && !offered.includes(each.value))
      report("initial option must be one of the options", at);
  }
}

/** The options of an element, those in groups included. */
export function offeredOptions(element: Record<string, unknown>): Record<string, unknown>[] {
  const groups = Array.isArray(element.option_groups) ? element.option_groups : [];
  const grouped = groups.filter(isFields).map((group) => group.options);
  return [element.options, ...grouped].flatMap((options) =>
    Array.isArray(options) ? options.filter(isFields) : [],
  );
}

function lengthsAgree(value: unknown, at: string, report: Report): void {
  if (!isFields(value)) return;
  const max = Number(value.max_length ?? ELEMENT.inputLength);
  if (Number(value.min_length ?? 0) > max) report("min_length is above max_length", at);
  if (String(value.initial_value ?? "").length > max)
    report(`must be less than ${max + 1} characters`, `${at}/initial_value`);
}
