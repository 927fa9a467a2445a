import pg from "pg";

/** Every statement that this process sends to PostgreSQL over connections made from now on, until it is disposed of. */
export function recordSql(): Disposable & { statements: Set<string> } {
  const statements = new Set<string>();
  const { query } = pg.Client.prototype;
  const recording = function (this: pg.Client, ...args: Parameters<typeof query>) {
    const [first] = args as unknown[]; // its overloads: a text, or an object that has it
    const text = typeof first === "string" ? first : (first as { text?: string }).text;
    if (text) statements.add(text.replaceAll(/\s+/g, " "));
    return query.apply(this, args);
  };
  pg.Client.prototype.query = recording as typeof query;
  return {
    statements,
    [Symbol.dispose]: () => {
      pg.Client.prototype.query = query;
    },
  };
}
