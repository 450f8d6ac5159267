// The server's codec in dialects of lines: the encoder follows the encoding that the client writes.

import type { Codec, Decoder, Encoder } from "./dialect.ts";
import type { ServerEvent } from "./events.ts";
import type { PeerEncoders } from "./peer_text.ts";
import type { Request } from "./requests.ts";

/** A decoder that knows its client's encoding. */
interface RequestDecoder extends Decoder<Request> {
  /** Whether the client writes Latin-1: then it is answered so. */
  readonly isLatin1: boolean;
}

/** Codec of one client; a class, since there is one for each client. */
export class TextCodec implements Codec<Request, ServerEvent> {
  readonly decoder: RequestDecoder;
  readonly #encoders: PeerEncoders;

  constructor(decoder: RequestDecoder, encoders: PeerEncoders) {
    this.decoder = decoder;
    this.#encoders = encoders;
  }

  get encoder(): Encoder<ServerEvent> {
    return this.decoder.isLatin1 ? this.#encoders.latin1 : this.#encoders.utf8;
  }
}
