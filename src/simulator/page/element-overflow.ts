import type { Overflow, PlainTextOption } from "@slack/types";
import { h } from "preact";
import { html } from "./html.ts";
import { Menu } from "./menu.ts";
import { usePage } from "./page.ts";
import { plainText } from "./text-view.ts";
import { type ElementProps, useElement } from "./use-element.ts";

export function OverflowView(props: ElementProps<Overflow>) {
  const { words } = usePage();
  const { busy, question, press } = useElement(props);
  const items = props.element.options.map((option) => ({
    label: plainText(option.text),
    pick: () => pick(option),
  }));

  function pick(option: PlainTextOption): void {
    if (option.url) window.open(option.url, "_blank", "noreferrer,noopener");
    void press({ type: "overflow", selected_option: option });
  }

  return html`<span class="overflow-place">
    ${h(Menu, { label: props.naming.label ?? words.moreChoices, items, busy })}
    ${question}
  </span>`;
}
