import type { HttpAnswer } from "./http-answer.ts";
import type { Person } from "./records.ts";

const GROUNDS = ["#2f6f8f", "#8a4b2d", "#5a6b1f", "#7a3f6d", "#2e6d55", "#4d559c"];

/** Where Slack has a photograph: a face that is always the same for the same person, and open to everybody. */
export function pictureOf(person: Person | undefined): HttpAnswer {
  if (!person || person.isBot) return { status: 404, body: "There is no such person." };
  const sum = [...person.id].reduce((total, each) => total + (each.codePointAt(0) ?? 0), 0);
  const ground = GROUNDS[sum % GROUNDS.length];
  return {
    status: 200,
    headers: { "Content-Type": "image/svg+xml", "Content-Security-Policy": "sandbox" },
    body: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72" width="72" height="72"><rect width="72" height="72" fill="${ground}"/><circle cx="36" cy="29" r="13" fill="#f4e3d3"/><path d="M12 72a24 24 0 0 1 48 0z" fill="#f4e3d3"/></svg>`,
  };
}
