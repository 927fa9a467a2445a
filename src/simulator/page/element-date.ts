import type { Datepicker, Timepicker } from "@slack/types";
import { html } from "./html.ts";
import { ariaOf, type ElementProps, useElement } from "./use-element.ts";

export function DateView(props: ElementProps<Datepicker | Timepicker>) {
  const { type } = props.element;
  const { state, question, choose } = useElement(props);
  const key = type === "datepicker" ? "selected_date" : "selected_time";
  const value = (state[key] as string | null) ?? "";
  const take = (event: Event) =>
    void choose({ type, [key]: (event.currentTarget as HTMLInputElement).value || null });

  return html`<span>
    <input type=${type === "datepicker" ? "date" : "time"} class="text-input is-short"
      ...${ariaOf(props.naming)} value=${value} onChange=${take} />
    ${question}
  </span>`;
}
