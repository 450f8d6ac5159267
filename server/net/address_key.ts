// Which addresses are one client's: the key by which connections are counted.

import { isIPv6 } from "node:net";

/**
 * The key under which an address is counted; undefined for this machine's own. An IPv6 client can
 * use all 2^64 addresses of its network, so these count as one, except link-local ones, which all
 * have the same prefix.
 */
export function addressKey(address: string): string | undefined {
  if (address === "unix" || address === "::1" || address.startsWith("127.")) return undefined;
  const [plain = ""] = address.split("%");
  if (!isIPv6(plain) || /^fe80:/i.test(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const groups = head.split(":");
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(":").length;
  return [...groups, ...Array.from({ length: missing }, () => "0"), ...tail?.split(":") ?? []]
    .slice(0, 4).map((group) => group || "0").join(":");
}
