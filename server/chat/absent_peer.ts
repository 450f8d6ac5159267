// The peer of a member whose connection was lost: it discards events, and closing it ends the
// membership.

import type { Texts } from "../../texts/texts.ts";
import type { DialectName, Encoder } from "../../protocol/dialect.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { CloseReason } from "../../protocol/failures.ts";
import type { Outbox, Peer } from "./member.ts";

/** Encodes nothing, so that no event is encoded for absent members. */
const SILENT: Encoder<ServerEvent> = { encode: () => {} };

/** An outbox that discards everything. */
const DISCARDING: Outbox = {
  push: () => {},
  follow: () => {},
  unfollow: () => {},
  skipFrom: () => {},
  onDrained: () => {},
  log: undefined,
  queuedBytes: 0,
};

/** Replaces a connection that was lost, while its member may still resume. */
export class AbsentPeer implements Peer {
  readonly dialect: DialectName;
  readonly address: string;
  readonly texts: Texts;
  readonly echo = false;
  readonly canRefuseName = true;
  readonly flagsReplay = false;
  readonly encoder = SILENT;
  readonly outbox = DISCARDING;
  readonly #onClose: (reason: CloseReason, detail?: string) => void;

  /** `of` is the lost connection; `onClose` ends the membership. */
  constructor(
    of: Pick<Peer, "address" | "dialect" | "texts">,
    onClose: (reason: CloseReason, detail?: string) => void,
  ) {
    this.dialect = of.dialect;
    this.address = of.address;
    this.texts = of.texts;
    this.#onClose = onClose;
  }

  wait(): () => void {
    return () => {};
  }

  attachMember(): void {}

  close(reason: CloseReason, detail?: string): void {
    this.#onClose(reason, detail);
  }
}
