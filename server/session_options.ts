// What a session is given by its server. Types only.

import type { CloseReason } from "../protocol/failures.ts";
import type { Chat } from "./chat/chat.ts";
import type { Delivery } from "./chat/member.ts";
import type { Clock } from "./clock.ts";
import type { Limits } from "./limits.ts";
import type { ListenAddress } from "./net/address.ts";
import type { Rounds } from "./rounds.ts";

/** What a session needs of the server. */
export interface SessionOptions {
  readonly chat: Chat;
  readonly delivery: Delivery;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Counted here, all of them; once they are over, requests are not heard any more (D7). */
  readonly rounds: Pick<Rounds, "areOver" | "count">;
  readonly listener: ListenAddress;
  /** Where TLS is spoken, if it is anywhere. */
  readonly tlsPort?: number | undefined;
  /** When the connection came, on the monotonic clock, unless that was just now. */
  readonly connectedAt?: number | undefined;
  /** IP address, or `unix`. */
  readonly address: string;
  /** Set for one who may not come in: told in its own dialect, then closed. */
  readonly turnedAway: { readonly reason: CloseReason; readonly text: string } | undefined;
}
