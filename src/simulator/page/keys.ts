type Pressed = { isComposing: boolean; keyCode: number };

/** While a Japanese word is being composed, Enter confirms the word and nothing else (229: Safari). */
export function isComposing(event: Pressed): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Where an arrow key leads in a list; undefined for any other key. */
export function steppedIndex(key: string, from: number, count: number): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case "ArrowDown":
      return (from + 1) % count;
    case "ArrowUp":
      return (from - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
