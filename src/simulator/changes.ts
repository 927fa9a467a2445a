export type Change =
  | { what: "world" }
  | { what: "messages"; channel: string; threadTs?: string; onlyFor?: string }
  | { what: "notice"; userId: string; text: string };

export type Changes = {
  tell(change: Change): void;
  /** Returns the function that ends it. */
  listen(listener: (change: Change) => void): () => void;
};

export function createChanges(): Changes {
  const listeners = new Set<(change: Change) => void>();
  return {
    tell(change) {
      for (const listener of listeners) listener(change);
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
