import { DatabaseSync } from "node:sqlite";

/** Records of one kind by key, in the order they were first put. */
export type Table<T> = {
  get(key: string): T | undefined;
  put(key: string, record: T): void;
  remove(key: string): void;
  values(): T[];
};

export type Store = { table<T>(kind: string): Table<T>; close(): void };

/**
 * Keeps every record in memory and, given a file, writes each change through before it returns: what was
 * answered survives a SIGKILL of the process.
 */
export function openStore(file?: string): Store {
  if (!file) return { table: () => memoryTable([]), close: () => {} };
  const db = new DatabaseSync(file);
  db.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 2000");
  db.exec(
    "create table if not exists record (kind text, key text, body text not null, primary key (kind, key))",
  );
  return {
    table: <T>(kind: string) => writeThrough<T>(db, kind),
    close: () => db.close(),
  };
}

function writeThrough<T>(db: DatabaseSync, kind: string): Table<T> {
  const rows = db
    .prepare("select key, body from record where kind = ? order by rowid")
    .all(kind)
    .map((row): [string, T] => [String(row.key), JSON.parse(String(row.body))]);
  const put = db.prepare(
    "insert into record (kind, key, body) values (?, ?, ?) on conflict (kind, key) do update set body = excluded.body",
  );
  const remove = db.prepare("delete from record where kind = ? and key = ?");
  const memory = memoryTable(rows);
  return {
    ...memory,
    put(key, record) {
      put.run(kind, key, JSON.stringify(record));
      memory.put(key, record);
    },
    remove(key) {
      remove.run(kind, key);
      memory.remove(key);
    },
  };
}

function memoryTable<T>(rows: [string, T][]): Table<T> {
  const records = new Map(rows);
  return {
    get: (key) => records.get(key),
    put: (key, record) => void records.set(key, record),
    remove: (key) => void records.delete(key),
    values: () => [...records.values()],
  };
}
