import { isIPv4, isIPv6 } from "node:net";

/** Who is behind one connection: a /24 of IPv4, a /64 of IPv6. Anything else is as it is. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (isIPv4(plain)) return `${plain.split(".").slice(0, 3).join(".")}.0/24`;
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.toLowerCase().split("::");
  const parts = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array(Math.max(0, 8 - parts.length - rest.length)).fill("0");
  const all = [...parts, ...(tail === undefined ? [] : zeros), ...rest];
  return `${all
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}

/**
 * Each proxy of ours appends whom it was called by; what stands before that, anybody may have written. `proxies`: how
 * many of ours there are.
 */
export function visitorAddress(
  connectedFrom: string,
  forwardedFor: string | string[] | undefined,
  proxies: number,
): string {
  const hops = String(forwardedFor ?? "")
    .split(",")
    .map((hop) => hop.trim())
    .filter((hop) => hop !== "");
  return (proxies > 0 && hops.at(-proxies)) || connectedFrom;
}
