import { html } from "./html.ts";

const COLOURS = 8;

type Props = { id: string; name: string; isApp?: boolean; pictureUrl?: string | undefined };

/** Decoration: the name always stands beside it in words. */
export function Avatar({ id, name, isApp = false, pictureUrl }: Props) {
  if (pictureUrl)
    return html`<img class="avatar" src=${pictureUrl} alt="" width="36" height="36" />`;
  if (isApp)
    return html`<img class="avatar avatar-app" src="/page/mark.svg" alt="" width="36" height="36" />`;
  return html`<span class=${`avatar colour-${colourOf(id)}`} aria-hidden="true">${initialOf(name)}</span>`;
}

function initialOf(name: string): string {
  return [...name][0]?.toUpperCase() ?? "?";
}

function colourOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % COLOURS;
}
