/** What was begun and not sent, by person and place; it waits while one looks elsewhere. */
const drafts = new Map<string, string>();

export function keptDraft(place: string): string {
  return drafts.get(place) ?? "";
}

export function keepDraft(place: string, text: string): void {
  drafts.set(place, text);
}

export function dropDraft(place: string): void {
  drafts.delete(place);
}
