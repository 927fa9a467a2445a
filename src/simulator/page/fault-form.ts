import { h } from "preact";
import { useState } from "preact/hooks";
import { act } from "./acts.ts";
import type { FaultKind, FaultView } from "./contract.ts";
import { html } from "./html.ts";
import { usePage } from "./page.ts";

type Option = "method" | "times" | "retryAfter" | "ms";

/** Which options make sense for which fault. */
const optionsOf = {
  "429": ["method", "times", "retryAfter"],
  "500": ["method", "times"],
  outage: [],
  "accepted-then-dropped": ["method", "times"],
  slow: ["method", "times", "ms"],
  redelivery: ["times"],
  disconnect: [],
} satisfies Record<FaultKind, Option[]>;

const kinds = Object.keys(optionsOf) as FaultKind[];

const starting = { method: "chat.postMessage", times: "1", retryAfter: "3", ms: "2000" };

export function FaultForm() {
  const { words } = usePage();
  const [kind, setKind] = useState<FaultKind>("429");
  const [options, setOptions] = useState(starting);
  const shown: Option[] = optionsOf[kind];

  function start(event: Event): void {
    event.preventDefault();
    void act({ do: "fault", fault: faultOf(kind, shown, options) });
  }

  const labels = {
    method: { label: words.faultMethod, hint: words.faultMethodHint },
    times: { label: words.faultTimes, hint: words.faultTimesHint },
    retryAfter: { label: words.faultRetryAfter, hint: undefined },
    ms: { label: words.faultMs, hint: undefined },
  } satisfies Record<Option, { label: string; hint: string | undefined }>;
  return html`<form class="fault-form" onSubmit=${start}>
    <div class="block-input">
      <label class="label" for="fault-kind">${words.faultKind}</label>
      <select id="fault-kind" class="select" value=${kind}
        onChange=${(event: Event) => setKind((event.currentTarget as HTMLSelectElement).value as FaultKind)}>
        ${kinds.map((one) => html`<option value=${one} selected=${one === kind}>${words.faultNames[one]}</option>`)}
      </select>
    </div>
    ${shown.map((option) =>
      h(OptionField, {
        key: option,
        id: `fault-${option}`,
        ...labels[option],
        value: options[option],
        isNumber: option !== "method",
        set: (value) => setOptions({ ...options, [option]: value }),
      }),
    )}
    <button type="submit" class="button primary">${words.faultStart}</button>
  </form>`;
}

type FieldProps = {
  id: string;
  label: string;
  hint: string | undefined;
  value: string;
  isNumber: boolean;
  set(value: string): void;
};

function OptionField({ id, label, hint, value, isNumber, set }: FieldProps) {
  return html`<div class="block-input">
    <label class="label" for=${id}>${label}</label>
    <input id=${id} class="text-input" value=${value} type=${isNumber ? "number" : "text"} min="0"
      autocomplete="off" spellcheck="false" aria-describedby=${hint && `${id}-hint`}
      onInput=${(event: Event) => set((event.currentTarget as HTMLInputElement).value)} />
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
  </div>`;
}

function faultOf(
  kind: FaultKind,
  shown: Option[],
  options: Record<Option, string>,
): Omit<FaultView, "id"> {
  const given = shown
    .filter((option) => options[option].trim() !== "")
    .map((option) => [
      option,
      option === "method" ? options.method.trim() : Number(options[option]),
    ]);
  return { kind, ...Object.fromEntries(given) };
}
