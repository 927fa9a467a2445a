import type { KnownBlock } from "@slack/types";
import type { Policy } from "#accounts/ask.ts";
import type { Priority } from "#db/tables.ts";
import { choiceInput, context, personInput, textInput } from "#slack/blocks.ts";
import type { Values } from "#slack/payloads.ts";
import type { Texts } from "#text/texts.ts";
import {
  highestPriority,
  isSupported,
  needsOf,
  PRIORITIES,
  WHAT,
  WHO,
  WORKAROUND,
} from "./priority.ts";
import { answersIn, WHY_MAX } from "./ticket.ts";

type Answers = {
  policy: Policy;
  /** What has been answered so far. */
  values: Values;
  /** The action by which the form hears of each choice. */
  onChoice: string;
  /** Where the contact is not asked for: an agent does not see the customer's people. */
  withoutContact?: boolean;
};

/** The three facts and the priority, with its written rule, what the answers support, and what it needs beside them. */
export function contractInputs(t: Texts, answers: Answers): KnownBlock[] {
  const { values, onChoice } = answers;
  const select = { style: "select", placeholder: t.labels.choose, onChoice } as const;
  const radio = { style: "radio", onChoice } as const;
  return [
    choiceInput("what", t.labels.what, choices(WHAT, t.what), { ...select, ...from(values.what) }),
    choiceInput("who", t.labels.who, choices(WHO, t.who), { ...radio, ...from(values.who) }),
    choiceInput("workaround", t.labels.workaround, choices(WORKAROUND, t.workaround), {
      ...radio,
      ...from(values.workaround),
    }),
    choiceInput("priority", t.labels.priority, choices(PRIORITIES, t.priorities), {
      ...select,
      hint: t.newTicket.priorityHint,
      ...from(values.priority),
    }),
    ...ruleLines(t, values),
    ...needed(t, answers),
  ];
}

function ruleLines(t: Texts, values: Values): KnownBlock[] {
  const { facts, priority } = answersIn(values);
  const rule = (each: typeof priority & string) =>
    t.newTicket.ruleLine(t.priorities[each], t.rules[each]);
  const isTooHigh = priority && facts && !isSupported(priority, facts);
  return [
    context(priority ? rule(priority) : t.newTicket.priorityRules(PRIORITIES.map(rule).join("\n"))),
    ...(facts && (isTooHigh || !priority)
      ? [context(supportsLine(t, highestPriority(facts)))]
      : []),
  ];
}

function supportsLine(t: Texts, most: Priority): string {
  const { supports, supportsAll } = t.newTicket;
  return most === PRIORITIES[0] ? supportsAll : supports(t.priorities[most]);
}

function needed(t: Texts, { policy, values, withoutContact = false }: Answers): KnownBlock[] {
  const needs = needsOf(answersIn(values).priority, policy.priority);
  return [
    ...(needs.why
      ? [
          textInput("why", t.labels.why, {
            multiline: true,
            hint: t.newTicket.whyHint,
            maxLength: WHY_MAX,
            ...from(values.why),
          }),
        ]
      : []),
    ...(needs.contact && !withoutContact
      ? [
          personInput("contact", t.labels.contact, {
            placeholder: t.newTicket.contactPlaceholder,
            hint: t.newTicket.contactHint,
            ...from(values.contact),
          }),
        ]
      : []),
  ];
}

/** What stands in a field when the form opens; what is typed after that stays where the field stays. */
function from(value: string | undefined): { initial?: string } {
  return value ? { initial: value } : {};
}

function choices<V extends string>(values: readonly V[], labels: Record<V, string>) {
  return values.map((value) => ({ value, label: labels[value] }));
}
