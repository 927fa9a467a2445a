const CONTROL = /[^\P{Cc}\t\n\r]/gu;

/** PostgreSQL refuses U+0000; the other controls have no shape on any screen. Tab and line breaks are text. */
export function hasControls(text: string): boolean {
  return text.search(CONTROL) >= 0;
}

export function withoutControls(text: string): string {
  return text.replaceAll(CONTROL, "");
}
