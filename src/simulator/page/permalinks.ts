import { addressHash } from "./address.ts";
import type { State } from "./store.ts";

/** A message's permalink as an address of this page, so that whoever follows it stays who they are. */
export function permalinkHash(
  href: string,
  { address }: Pick<State, "address">,
): string | undefined {
  const url = URL.canParse(href) ? new URL(href) : undefined;
  if (!url || !isThisServer(url)) return undefined;
  const found = /^\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})$/.exec(url.pathname);
  if (!found) return undefined;
  const [, place, seconds, micros] = found;
  const thread = url.searchParams.get("thread_ts") ?? `${seconds}.${micros}`;
  return addressHash({ ...address, place, thread });
}

/** Both names of this machine lead to the same simulator. */
function isThisServer(url: URL): boolean {
  const names = ["localhost", "127.0.0.1", location.hostname];
  return url.port === location.port && names.includes(url.hostname);
}
