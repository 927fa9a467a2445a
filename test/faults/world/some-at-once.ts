/** All of them, so many side by side; the results in the order of the list. */
export async function someAtOnce<T, R>(
  list: readonly T[],
  atOnce: number,
  run: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  async function runner(): Promise<void> {
    while (next < list.length) {
      const index = next;
      next += 1;
      results[index] = await run(list[index] as T); // within its bounds
    }
  }
  await Promise.all(Array.from({ length: atOnce }, runner));
  return results;
}
