/** What a person finds on a page of the web form, or in its mail. */

export function nonceIn(page: string): string {
  return /name="nonce" value="([^"]+)"/.exec(page)?.[1] ?? "";
}

/** Of the first of our own addresses in a text. */
export function pathIn(text: string): string {
  const [url = ""] = /http:\/\/\S+/.exec(text) ?? [];
  return URL.parse(url)?.pathname ?? "";
}
