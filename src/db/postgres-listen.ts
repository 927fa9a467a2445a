import pg from "pg";

const RECONNECT_MS = 500;
const ASK_MS = 10_000; // a half-open link is noticed after this and the bound of the query

/** One connection of its own, made again whenever it breaks. It is silent for hours, so it is asked whether it lives. */
export async function listenForEver(
  config: pg.ClientConfig,
  channel: string,
  onNotify: () => void,
): Promise<AsyncDisposable> {
  let client: pg.Client | undefined;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  async function open(): Promise<void> {
    const fresh = new pg.Client(config);
    client = fresh;
    fresh.on("notification", onNotify);
    fresh.on("error", () => {}); // "end" follows and opens again
    fresh.on("end", () => again(fresh));
    try {
      await fresh.connect();
      await fresh.query(`listen ${channel}`);
      onNotify();
    } catch {
      again(fresh);
      await fresh.end().catch(() => {});
    }
  }
  function again(broken: pg.Client): void {
    if (stopped || client !== broken) return; // a late "end" must not open a second one
    client = undefined;
    retry = setTimeout(open, RECONNECT_MS);
  }
  async function ask(): Promise<void> {
    const asked = client;
    try {
      await asked?.query("select 1");
    } catch {
      asked?.connection.stream.destroy(); // "end" follows
    }
  }

  await open();
  const asking = setInterval(() => void ask(), ASK_MS);
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearInterval(asking);
      clearTimeout(retry);
      await client?.end().catch(() => {});
    },
  };
}
