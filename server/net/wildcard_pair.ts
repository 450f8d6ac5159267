// 0.0.0.0 and [::] with one port side by side (O3): where one socket takes both families, as on
// Linux, the connections are divided by the family of their address.

import type { ListenAddress } from "./address.ts";
import type { Accepted, Acceptor } from "./socket.ts";

const IPV4 = "0.0.0.0";
const IPV6 = "::";

/** Whether they are the two wildcard addresses, with the same port. */
export function isWildcardPair({ at: one }: ListenAddress, { at: other }: ListenAddress): boolean {
  if (one.kind !== "tcp" || other.kind !== "tcp") return false;
  if (one.port !== other.port || one.port === 0) return false;
  return one.host === IPV4 ? other.host === IPV6 : one.host === IPV6 && other.host === IPV4;
}

/** A bound address; both of a pair may have the same `listener`. */
interface Bound {
  readonly address: ListenAddress;
  readonly listener: Deno.Listener;
  release(): void;
}

/** A bound address and what accepts its connections. */
interface Accepting extends Pick<Bound, "address" | "release"> {
  readonly plain: Acceptor;
}

/**
 * `bound` with an acceptor for each; those that have one `listener` in common, a wildcard pair, get
 * the connections of their family.
 */
export function acceptorsOf(
  bound: readonly Bound[],
  open: (listener: Deno.Listener) => Acceptor,
): Accepting[] {
  const shared = new Map<Deno.Listener, SharedAcceptor>();
  return bound.map(({ address, listener, release }) => {
    if (bound.filter((other) => other.listener === listener).length === 1) {
      return { address, release, plain: open(listener) };
    }
    const both = shared.get(listener) ?? new SharedAcceptor(open(listener));
    shared.set(listener, both);
    const isIPv4 = address.at.kind === "tcp" && address.at.host === IPV4;
    return { address, release, plain: isIPv4 ? both.ipv4 : both.ipv6 };
  });
}

/** Divides the connections of one acceptor by family. */
class SharedAcceptor {
  readonly ipv4: Acceptor;
  readonly ipv6: Acceptor;
  readonly #acceptor: Acceptor;
  #isClosed = false;
  /** Accepts the next connection, of either family; undefined while no caller waits. */
  #pending: Promise<void> | undefined;

  constructor(acceptor: Acceptor) {
    this.#acceptor = acceptor;
    const waiting: Record<"ipv4" | "ipv6", Accepted[]> = { ipv4: [], ipv6: [] };
    const accepted = (next: Accepted) => {
      this.#pending = undefined;
      waiting[next.address.includes(":") ? "ipv6" : "ipv4"].push(next);
    };
    const refused = (problem: unknown) => {
      this.#pending = undefined;
      throw problem;
    };
    const part = (family: "ipv4" | "ipv6"): Acceptor => ({
      accept: async () => {
        while (true) {
          const next = waiting[family].shift();
          if (next !== undefined) return next;
          await (this.#pending ??= this.#acceptor.accept().then(accepted, refused));
        }
      },
      close: () => this.#close(),
    });
    this.ipv4 = part("ipv4");
    this.ipv6 = part("ipv6");
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#acceptor.close();
  }
}
