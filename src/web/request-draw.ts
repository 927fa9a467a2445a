import type { Texts } from "#text/texts.ts";
import type { RequestAssets } from "./request-assets.ts";
import { page, type WebAnswer } from "./request-http.ts";
import { layout, type Page, saying } from "./request-layout.ts";

/** Draws a whole page in one of the languages. */
export type Draw = (t: Texts, status: number, content: Omit<Page, "assets">) => WebAnswer;

export function createDraw(assets: RequestAssets): Draw {
  const files = { css: assets.href("request.css"), form: assets.href("form.js") };
  return (t, status, content) => page(status, layout(t, { ...content, assets: files }));
}

export function lost(t: Texts, draw: Draw): WebAnswer {
  const { lostTitle, lost: sentence } = t.web;
  return draw(t, 404, { title: lostTitle, body: saying(lostTitle, [sentence]) });
}
