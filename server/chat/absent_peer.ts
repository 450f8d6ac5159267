// The peer of a member whose connection broke: nothing is sent to it, and it can only be ended. Pure.

import type { Texts } from "../../texts/texts.ts";
import type { DialectName, Encoder } from "../../protocol/dialect.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { CloseReason } from "../../protocol/failures.ts";
import type { Outbox, Peer } from "./member.ts";

/** Has no words for anything, so that nothing is encoded for those who are away. */
const SILENT: Encoder<ServerEvent> = { encode: () => {} };

/** Where nothing arrives. */
const NOWHERE: Outbox = {
  push: () => {},
  follow: () => {},
  unfollow: () => {},
  skipFrom: () => {},
  onDrained: () => {},
  log: undefined,
  queuedBytes: 0,
};

/** Stands in for a connection that broke, while its member may still come back. */
export class AbsentPeer implements Peer {
  readonly dialect: DialectName;
  readonly address: string;
  readonly texts: Texts;
  readonly echo = false;
  readonly canRefuseName = true;
  readonly flagsReplay = false;
  readonly encoder = SILENT;
  readonly outbox = NOWHERE;
  readonly #onClose: (reason: CloseReason, detail?: string) => void;

  /** `of` is the peer that went; `onClose` ends the membership. */
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
