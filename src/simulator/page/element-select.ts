import type {
  ChannelsSelect,
  ConversationsSelect,
  PlainTextOption,
  StaticSelect,
  UsersSelect,
} from "@slack/types";
import { h } from "preact";
import type { ElementState } from "./contract.ts";
import { html, type View } from "./html.ts";
import { usePage } from "./page.ts";
import { channelLabel } from "./places.ts";
import { plainText } from "./text-view.ts";
import { ariaOf, type ElementProps, useElement } from "./use-element.ts";

type Choice = { value: string; label: string };
type Group = { label: string | undefined; choices: Choice[] };

export function StaticSelectView(props: ElementProps<StaticSelect>) {
  const { element } = props;
  const groups = element.option_groups?.map(({ label, options }) => ({
    label: plainText(label),
    choices: options.map(choiceOf),
  })) ?? [{ label: undefined, choices: (element.options ?? []).map(choiceOf) }];
  const options = element.options ?? element.option_groups?.flatMap((group) => group.options) ?? [];

  return h(NativeSelect, {
    props,
    groups,
    chosen: (state) => (state.selected_option as PlainTextOption | null)?.value,
    stateOf: (value) => ({
      type: element.type,
      selected_option: options.find((option) => option.value === value) ?? null,
    }),
  });
}

export function UsersSelectView(props: ElementProps<UsersSelect>) {
  const { world } = usePage();
  const choices = world.people
    .filter((person) => person.teamId === world.me.teamId)
    .map(({ id, name }) => ({ value: id, label: name }));
  return h(NativeSelect, {
    props,
    groups: [{ label: undefined, choices }],
    chosen: (state) => state.selected_user as string | null,
    stateOf: (value) => ({ type: "users_select", selected_user: value || null }),
  });
}

export function ChannelSelectView(props: ElementProps<ConversationsSelect | ChannelsSelect>) {
  const { world } = usePage();
  const { type } = props.element;
  const key = type === "channels_select" ? "selected_channel" : "selected_conversation";
  const choices = world.channels
    .filter((channel) => channel.kind === "channel" || type === "conversations_select")
    .map((channel) => ({ value: channel.id, label: channelLabel(channel) }));
  return h(NativeSelect, {
    props,
    groups: [{ label: undefined, choices }],
    chosen: (state) => state[key] as string | null,
    stateOf: (value) => ({ type, [key]: value || null }),
  });
}

type NativeProps = {
  props: ElementProps<StaticSelect | UsersSelect | ConversationsSelect | ChannelsSelect>;
  groups: Group[];
  chosen(state: ElementState): string | null | undefined;
  stateOf(value: string): ElementState;
};

/** The browser's own list: known to every keyboard, phone and screen reader. */
function NativeSelect({ props, groups, chosen, stateOf }: NativeProps): View {
  const { words } = usePage();
  const { state, busy, question, choose } = useElement(props);
  const value = chosen(state) ?? "";
  const { placeholder } = props.element;
  const empty = placeholder ? plainText(placeholder) : words.choose;
  const take = (event: Event) =>
    void choose(stateOf((event.currentTarget as HTMLSelectElement).value));

  return html`<span class="select-place">
    <select ...${ariaOf(props.naming)} class=${`select ${busy ? "is-busy" : ""}`} value=${value}
      aria-busy=${busy ? "true" : undefined} onChange=${take}>
      <option value="">${empty}</option>
      ${groups.map(({ label, choices }) =>
        label === undefined
          ? choices.map((choice) => optionNode(choice, value))
          : html`<optgroup label=${label}>${choices.map((choice) => optionNode(choice, value))}</optgroup>`,
      )}
    </select>
    ${question}
  </span>`;
}

function optionNode({ value, label }: Choice, chosen: string): View {
  return html`<option value=${value} selected=${value === chosen}>${label}</option>`;
}

function choiceOf(option: PlainTextOption): Choice {
  return { value: option.value ?? "", label: plainText(option.text) };
}
