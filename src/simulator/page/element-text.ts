import type { EmailInput, NumberInput, PlainTextInput, URLInput } from "@slack/types";
import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { html } from "./html.ts";
import { isComposing } from "./keys.ts";
import { usePage } from "./page.ts";
import { plainText } from "./text-view.ts";
import { ariaOf, type ElementProps, useElement } from "./use-element.ts";

type TextElement = PlainTextInput | EmailInput | URLInput | NumberInput;

const TYPING_PAUSE_MS = 400;

const inputs = {
  plain_text_input: { type: "text", inputmode: "text" },
  email_text_input: { type: "text", inputmode: "email" },
  url_text_input: { type: "text", inputmode: "url" },
  number_input: { type: "text", inputmode: "decimal" },
} satisfies Record<TextElement["type"], { type: string; inputmode: string }>;

export function TextInputView(props: ElementProps<TextElement>) {
  const { element, naming } = props;
  const { state, hold, press } = useElement(props);
  const value = (state.value as string | null) ?? "";
  const sendSoon = useSendSoon();
  const sends = sendsOn(props);
  const stateOf = (text: string) => ({ type: element.type, value: text || null });

  function onInput(event: Event): void {
    const text = (event.currentTarget as HTMLInputElement).value;
    hold(stateOf(text));
    if (sends.includes("on_character_entered")) sendSoon(() => void press(stateOf(text)));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" || isComposing(event) || isMultiline) return;
    if (!sends.includes("on_enter_pressed")) return;
    event.preventDefault();
    void press(stateOf(value));
  }

  const isMultiline = element.type === "plain_text_input" && element.multiline;
  const most = element.type === "plain_text_input" ? element.max_length : undefined;
  const counterId = most && `${naming.id}-counter`;
  const describedBy = [naming.describedBy, counterId].filter(Boolean).join(" ") || undefined;
  const attributes = {
    ...ariaOf({ ...naming, describedBy }),
    class: "text-input",
    value,
    placeholder: element.placeholder && plainText(element.placeholder),
    onInput,
    onKeyDown,
  };
  return html`<div class="text-place">
    ${
      isMultiline
        ? html`<textarea rows="5" ...${attributes}></textarea>`
        : html`<input ...${inputs[element.type]} ...${attributes} autocomplete="off" />`
    }
    ${most && h(Counter, { id: `${naming.id}-counter`, length: value.length, most })}
  </div>`;
}

function Counter({ id, length, most }: { id: string; length: number; most: number }) {
  const { words } = usePage();
  const className = `counter ${length > most ? "is-over" : ""}`;
  return html`<span id=${id} class=${className}>${words.counter(length, most)}</span>`;
}

/** When this input tells the app; Slack's default for dispatch_action is Enter. */
function sendsOn({ element, dispatches }: ElementProps<TextElement>): string[] {
  if (!dispatches) return [];
  return element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
}

function useSendSoon(): (send: () => void) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (send) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(send, TYPING_PAUSE_MS);
  };
}
