const KEPT = 200; // texts; ours are fewer, and one that is put together anew each time is not worth a place
const ALL_COLUMNS = /(select|returning|\.)\s*\*/i;

/**
 * A name for each statement that comes again, so that a connection parses and plans it once: half of what a short
 * transaction costs. Not for `select *`, whose columns change under a migration and would break the statement for good.
 */
export function createNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  const seen = new Set<string>();
  return (text) => {
    const known = names.get(text);
    if (known || !seen.has(text)) {
      if (seen.size < KEPT && !ALL_COLUMNS.test(text)) seen.add(text);
      return known;
    }
    const name = `deskline_${names.size + 1}`;
    names.set(text, name);
    return name;
  };
}
