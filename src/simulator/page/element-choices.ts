import type { Checkboxes, Option, RadioButtons } from "@slack/types";
import { h } from "preact";
import type { ElementState } from "./contract.ts";
import { html } from "./html.ts";
import { TextView } from "./text-view.ts";
import { ariaOf, type ElementProps, type Naming, useElement } from "./use-element.ts";

export function RadioButtonsView(props: ElementProps<RadioButtons>) {
  const { element } = props;
  const { state, question, choose } = useElement(props);
  const chosen = (state.selected_option as Option | null)?.value;
  const stateOf = (option: Option): ElementState => ({
    type: element.type,
    selected_option: option,
  });

  return h(
    Group,
    { naming: props.naming, role: "radiogroup" },
    ...element.options.map((option) =>
      h(Choice, {
        option,
        kind: "radio",
        group: props.naming.id,
        isOn: option.value === chosen,
        toggle: () => void choose(stateOf(option)),
      }),
    ),
    question,
  );
}

export function CheckboxesView(props: ElementProps<Checkboxes>) {
  const { element } = props;
  const { state, question, choose } = useElement(props);
  const chosen = (state.selected_options as Option[] | undefined) ?? [];
  const isOn = (option: Option) => chosen.some((one) => one.value === option.value);
  const toggled = (option: Option): ElementState => ({
    type: element.type,
    // In the order of the options, as Slack sends them.
    selected_options: element.options.filter((one) =>
      one.value === option.value ? !isOn(one) : isOn(one),
    ),
  });

  return h(
    Group,
    { naming: props.naming, role: "group" },
    ...element.options.map((option) =>
      h(Choice, {
        option,
        kind: "checkbox",
        group: props.naming.id,
        isOn: isOn(option),
        toggle: () => void choose(toggled(option)),
      }),
    ),
    question,
  );
}

type GroupProps = { naming: Naming; role: "radiogroup" | "group"; children?: unknown };

function Group({ naming, role, children }: GroupProps) {
  return html`<div class="choices" role=${role} ...${ariaOf(naming)}>${children}</div>`;
}

type ChoiceProps = {
  option: Option;
  kind: "radio" | "checkbox";
  group: string;
  isOn: boolean;
  toggle(): void;
};

function Choice({ option, kind, group, isOn, toggle }: ChoiceProps) {
  const id = `${group}-${option.value}`;
  const description = option.description && `${id}-description`;
  return html`<div class="choice">
    <input id=${id} type=${kind} name=${group} value=${option.value} checked=${isOn}
      aria-describedby=${description} onChange=${toggle} />
    <label for=${id}>${h(TextView, { text: option.text })}</label>
    ${
      option.description &&
      html`<div class="choice-description" id=${description}>${h(TextView, { text: option.description })}</div>`
    }
  </div>`;
}
