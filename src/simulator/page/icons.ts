import { html } from "./html.ts";

const paths = {
  channel: "M6 3 4.5 15M12 3l-1.5 12M3 6.5h12M2.5 11.5h12",
  lock: "M4 8h10v7H4zM6 8V5.5a3 3 0 0 1 6 0V8",
  shared:
    "M7.5 10.5 10.5 7.5M8 5l1.5-1.5a3 3 0 0 1 4.5 4.5L12.5 9.5M10 13l-1.5 1.5A3 3 0 0 1 4 10l1.5-1.5",
  home: "M3 8.5 9 3l6 5.5V15h-4v-4H7v4H3z",
  messages: "M3 4h12v8H8l-3.5 3V12H3z",
  people:
    "M6.5 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M2 15c0-3 2-4.5 4.5-4.5S11 12 11 15M12 8a2 2 0 1 0-.5-4M13 10.5c2 .3 3 2 3 4.5",
  clip: "M14 8.5 8.7 13.8a3 3 0 0 1-4.2-4.2l6-6a2 2 0 0 1 2.8 2.8l-6 6a.9.9 0 0 1-1.3-1.3L11 6.2",
  close: "m4.5 4.5 9 9m0-9-9 9",
  menu: "M3 5h12M3 9h12M3 13h12",
  more: "M3.7 9h.6M8.7 9h.6M13.7 9h.6",
  send: "M3 9h11M10 5l4 4-4 4",
  shortcut: "M9 3v12M3 9h12",
  mail: "M2.5 4.5h13v9h-13zM2.5 5l6.5 5 6.5-5",
  fault: "M10 2 4 10h4l-1 6 6-8H9z",
  thread: "M3 4h12v8H8l-3.5 3V12H3zM6 7h6M6 9.3h4",
  eye: "M2 9s2.5-4.5 7-4.5S16 9 16 9s-2.5 4.5-7 4.5S2 9 2 9m7 2a2 2 0 1 0 0-4 2 2 0 0 0 0 4",
} satisfies Record<string, string>;

export type IconName = keyof typeof paths;

/** Always beside a name in words. */
export function Icon({ name }: { name: IconName }) {
  return html`<svg class=${`icon icon-${name}`} viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">
    <path d=${paths[name]} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
  </svg>`;
}
