import type { ImageElement } from "@slack/types";
import { html } from "./html.ts";

export function ImageView({ image, className }: { image: ImageElement; className: string }) {
  if (!("image_url" in image)) return html`<span class="image-missing">${image.alt_text}</span>`;
  return html`<img class=${className} src=${image.image_url} alt=${image.alt_text} loading="lazy" />`;
}
