import { all, bool, byType, list, oneOf, type Rule, shape, str, url } from "./block-rules.ts";
import { COMPOSITION } from "./limits.ts";

/** Composition objects: text, options, confirmation. */

export function plainText(max: number): Rule {
  return byType({ plain_text: plain(max) });
}

export function mrkdwnText(max: number): Rule {
  return byType({ mrkdwn: mrkdwn(max) });
}

export function anyText(max: number): Rule {
  return byType({ plain_text: plain(max), mrkdwn: mrkdwn(max) });
}

function plain(max: number): Rule {
  return shape({ "type!": oneOf("plain_text"), "text!": str(max), emoji: bool });
}

function mrkdwn(max: number): Rule {
  return shape({ "type!": oneOf("mrkdwn"), "text!": str(max), verbatim: bool });
}

export function option(text: Rule): Rule {
  return shape({
    "text!": text,
    "value!": str(COMPOSITION.optionValue),
    description: anyText(COMPOSITION.optionDescription),
    url: url(COMPOSITION.optionUrl),
  });
}

export const plainOption = option(plainText(COMPOSITION.optionText));
export const richOption = option(anyText(COMPOSITION.optionText));

export function optionGroup(options: Rule): Rule {
  return shape({ "label!": plainText(COMPOSITION.groupLabel), "options!": options });
}

export const confirm: Rule = shape({
  title: plainText(COMPOSITION.confirmTitle),
  "text!": anyText(COMPOSITION.confirmText),
  confirm: plainText(COMPOSITION.confirmButton),
  deny: plainText(COMPOSITION.confirmButton),
  style: oneOf("primary", "danger"),
});

export const dispatchActionConfig: Rule = shape({
  trigger_actions_on: list(oneOf("on_enter_pressed", "on_character_entered"), 2),
});

export const conversationFilter: Rule = all(
  shape({
    include: list(oneOf("im", "mpim", "private", "public"), 4),
    exclude_external_shared_channels: bool,
    exclude_bot_users: bool,
  }),
);

export const workflow: Rule = shape({
  "trigger!": shape({
    "url!": url(COMPOSITION.optionUrl),
    customizable_input_parameters: list(
      shape({ "name!": str(COMPOSITION.text), "value!": str(COMPOSITION.text) }),
      100,
    ),
  }),
});
