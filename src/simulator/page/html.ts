import htm from "htm";
import { type ComponentChild, h } from "preact";

/** A piece of the page. */
export type View = ComponentChild;

/** Markup as a tagged template. Components go in as `h(Component, props)`, so that their props are checked. */
export const html = htm.bind(h) as (strings: TemplateStringsArray, ...values: unknown[]) => View;
