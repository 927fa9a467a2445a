import type { Button } from "@slack/types";
import { html } from "./html.ts";
import { usePage } from "./page.ts";
import { permalinkHash } from "./permalinks.ts";
import { plainText } from "./text-view.ts";
import { type ElementProps, useElement } from "./use-element.ts";

export function ButtonView(props: ElementProps<Button>) {
  const { element } = props;
  const { state, words } = usePage();
  const { busy, question, press } = useElement(props);
  const className = `button ${element.style ?? ""} ${busy ? "is-busy" : ""}`;
  const send = () =>
    press({ type: "button", text: element.text, ...(element.value && { value: element.value }) });

  // A link is sent to the app too, as in Slack.
  if (element.url) {
    const hash = permalinkHash(element.url, state);
    return html`<a class=${className} href=${hash ?? element.url} target=${hash ? undefined : "_blank"}
      rel="noreferrer noopener" aria-label=${element.accessibility_label}
      onClick=${() => void send()}>${plainText(element.text)}</a>`;
  }
  return html`<span class="button-place">
    <button type="button" class=${className} aria-label=${element.accessibility_label}
      aria-busy=${busy ? "true" : undefined} aria-disabled=${busy ? "true" : undefined}
      onClick=${() => void send()}>${plainText(element.text)}</button>
    <span class="sr-only" role="status">${busy ? words.working : ""}</span>
    ${question}
  </span>`;
}
