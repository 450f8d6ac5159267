// Finds out what a server speaks and how it takes a name, before the chat begins: by its first
// bytes, else by its answers to what harms no other server.

import type { DialectName } from "../../protocol/dialect.ts";
import type { FrameLayout, Layout } from "../../protocol/frame_layouts.ts";
import { frame } from "../../protocol/frames.ts";
import { quoted } from "../../protocol/failures.ts";
import { visible } from "../../protocol/sanitize.ts";
import type { Clock } from "../../shared/clock.ts";
import type { ClientTexts } from "../../texts/texts.ts";
import type { OtherName } from "../conversation_options.ts";
import type { DialResult } from "../dial.ts";
import { PeekedWire } from "./peeked_wire.ts";
import {
  DIALECT_OF,
  type FirstBytes,
  judgeAnswerToName,
  judgeFirstBytes,
  namingWay,
  refusesName,
  textOfBytes,
} from "./server_words.ts";

/** What is known before. */
export interface NegotiationOptions {
  /** Which of the dialects that need it was asked for; undefined to find out the dialect. */
  readonly asked: "frames" | "text" | undefined;
  /** The layout of frames asked for; undefined to find it out. */
  readonly layout: FrameLayout | undefined;
  /** The name to join with; without it no server is given any. */
  readonly name: string | undefined;
  /** The next name where one is taken; undefined ends the attempts. */
  readonly otherName: OtherName | undefined;
  /** Whether a refused name is an error; otherwise the person answers the server. */
  readonly failsIfTaken: boolean;
  /** Over TCP a minichat server greets; on a Unix socket it waits. */
  readonly greets: boolean;
  readonly dial: () => Promise<DialResult>;
  readonly clock: Clock;
  readonly texts: ClientTexts;
}

/** What was found out, and the open connection. */
export interface Negotiated {
  readonly ok: true;
  /** Undefined if the server is silent and there is no name to give. */
  readonly dialect: DialectName | undefined;
  readonly layout?: FrameLayout;
  readonly wire: PeekedWire;
  /** The name was given already. */
  readonly hasJoined: boolean;
  /** The name that was given, if it is another one than asked for. */
  readonly name?: string;
  /** The server gives names, and no command that changes this one is known. */
  readonly isNamedByServer?: boolean;
}

/** A server that cannot be reached, or has refused the name. */
export type NegotiationFailure = DialResult & { readonly ok: false };

/** How long a server may take to greet, in milliseconds: minichat waits 300 before it does. */
const GREETING_MS = 700;
/** How long a server may take to greet on a Unix socket, where minichat does not. */
const UNIX_GREETING_MS = 40;
/** How long a server may take to answer. */
const ANSWER_MS = 500;
/** A server may send a text in pieces; the next one comes within this time. */
const PIECE_MS = 100;
const MAX_PIECES = 5;
/** A server that cannot read a frame's header closes within this time. */
const CLOSING_MS = 150;

/**
 * The layouts of headers on today's machines (D2), the likeliest first. 8 before 12: a server that
 * reads 8 bytes takes the first of 12 for its own.
 */
const LIKELY_LAYOUTS: readonly Layout[] = ([16, 8, 12] as const).map((headerBytes) => (
  { headerBytes, littleEndian: true }
));

/** A server that reads one of these headers has read it all after that many bytes. */
const LONG_HEADER_BYTES = 16;

/** Connects, and finds out how to go on. */
export async function negotiate(
  options: NegotiationOptions,
): Promise<Negotiated | NegotiationFailure> {
  return await new Negotiation(options).run();
}

type Outcome = Promise<Negotiated | NegotiationFailure>;

class Negotiation {
  readonly #options: NegotiationOptions;
  /** Whether the server has accepted a connection. */
  #hasListened = false;

  constructor(options: NegotiationOptions) {
    this.#options = options;
  }

  async run(): Outcome {
    const { asked, greets } = this.#options;
    if (asked === "frames") return await this.#framed();
    return await this.#with((wire) => {
      if (asked === "text") return this.#plain(wire);
      return greets ? this.#find(wire) : this.#findOnUnixSocket(wire);
    });
  }

  async #with(then: (wire: PeekedWire) => Outcome): Outcome {
    const dialled = await this.#dial();
    return dialled.ok ? await then(new PeekedWire(dialled.wire, this.#options.clock)) : dialled;
  }

  /** Connects; a server that no longer listens has probably ended of what it was sent before. */
  async #dial(): Promise<DialResult> {
    const { asked, greets, dial, texts } = this.#options;
    const dialled = await dial();
    if (dialled.ok) this.#hasListened = true;
    if (dialled.ok || !this.#hasListened) return dialled;
    // Only sheet 000 has Unix sockets (R5).
    const flags = asked === "frames"
      ? "--header 16, 12 or 8"
      : greets
      ? "--dialect"
      : "--dialect framed";
    return { ok: false, error: texts.endedWhenTried(flags) };
  }

  async #find(wire: PeekedWire): Outcome {
    const { name } = this.#options;
    if (await wire.peek(GREETING_MS) === "bytes") return await this.#greeted(wire);
    if (name === undefined) return found(wire, undefined);
    return await this.#offerName(wire, name);
  }

  /** A silent server: the name alone is right for sheet 001, and no other sheet's server shows it. */
  async #offerName(wire: PeekedWire, name: string): Outcome {
    await wire.send(line(name));
    const answered = await wire.peek(ANSWER_MS);
    if (answered === "silence") return await this.#offerUser(wire, name);
    if (answered === "ended") return await this.#afterClose(wire, name);
    await this.#pieces(wire);
    const judged = judgeAnswerToName(wire.received);
    switch (judged) {
      case "flows":
        // An answer that ends like a flow is no answer to `hello`.
        return /^\d/.test(textOfBytes(wire.received))
          ? found(wire, "flows", true)
          : await this.#again(wire, "flows");
      case "text":
      case "minichat":
        return await this.#onNameAnswered(wire, name);
      case "frames":
        wire.close();
        return await this.#framed();
      case "json":
        wire.replace(NOTHING); // the name was no JSON
        return found(wire, judged);
      case "msg":
        if (await wire.peek(CLOSING_MS) === "ended") return await this.#again(wire, judged);
        return found(wire, judged);
    }
  }

  /** On another connection, since the server has closed this one or took the name for a command. */
  async #again(wire: PeekedWire, judged: FirstBytes): Outcome {
    wire.close();
    return await this.#with((again) => Promise.resolve(found(again, judged)));
  }

  /** Sheet 004's server answers neither the name alone nor `USER`. */
  async #offerUser(wire: PeekedWire, name: string): Outcome {
    await wire.send(line(`USER ${name}`));
    const answered = await wire.peek(CLOSING_MS);
    if (answered === "ended") return await this.#afterClose(wire, name);
    const isFlow = answered === "bytes" && judgeFirstBytes(wire.received) === "flows";
    return isFlow ? await this.#again(wire, "flows") : found(wire, "msg", true);
  }

  /** A server that closes because of a line of another protocol. */
  async #afterClose(wire: PeekedWire, name: string): Outcome {
    wire.close();
    return await this.#with((again) => this.#offerHello(again, name));
  }

  async #offerHello(wire: PeekedWire, name: string): Outcome {
    await wire.send(line(`hello ${name}`));
    const answered = await wire.peek(ANSWER_MS);
    if (answered === "bytes" && judgeAnswerToName(wire.received) === "flows") {
      return found(wire, "flows", true);
    }
    wire.close();
    return await this.#framed();
  }

  /** A server that speaks first. */
  async #greeted(wire: PeekedWire): Outcome {
    const judged = judgeFirstBytes(wire.received);
    if (judged === "minichat") {
      const greeting = wire.received;
      // Its port may be pinned to plain: then this is a name that it refuses.
      const isNative = await this.#answersPing(wire);
      if (isNative) return found(wire, "minichat");
      wire.replace(greeting);
      return await this.#name(wire);
    }
    return judged === "text" ? await this.#name(wire) : found(wire, judged);
  }

  /** Whether the server answers as a native one; then its answer is not for the client. */
  async #answersPing(wire: PeekedWire): Promise<boolean> {
    return await this.#answersInJson(wire, line('{"type":"ping"}'));
  }

  async #answersInJson(wire: PeekedWire, request: Uint8Array): Promise<boolean> {
    wire.replace(NOTHING);
    await wire.send(request);
    if (await wire.peek(ANSWER_MS) !== "bytes") return false;
    if (judgeFirstBytes(wire.received) !== "json") return false;
    wire.replace(NOTHING);
    return true;
  }

  async #findOnUnixSocket(wire: PeekedWire): Outcome {
    if (await wire.peek(UNIX_GREETING_MS) === "bytes") return await this.#greeted(wire);
    if (await this.#answersInJson(wire, HARMLESS_REQUEST)) return found(wire, "minichat");
    wire.close();
    return await this.#framed();
  }

  async #plain(wire: PeekedWire): Outcome {
    if (this.#options.name === undefined) return found(wire, "text");
    await wire.peek(this.#options.greets ? GREETING_MS : UNIX_GREETING_MS);
    return await this.#name(wire);
  }

  /** Gives the name in the way that the server asks for. */
  async #name(wire: PeekedWire): Outcome {
    const { name } = this.#options;
    if (name === undefined) return found(wire, "text");
    await this.#pieces(wire);
    const way = namingWay(textOfBytes(wire.received));
    if (way.by === "server") {
      return { ...found(wire, "text", true), name: way.name, isNamedByServer: true };
    }
    return await this.#giveName(wire, name, way.by === "command" ? `${way.command} ` : "");
  }

  async #giveName(wire: PeekedWire, name: string, command: string): Outcome {
    wire.endLine();
    const before = wire.received.length;
    await wire.send(line(command + name));
    if (await wire.peek(ANSWER_MS) === "bytes") await this.#pieces(wire);
    return await this.#onNameAnswered(wire, name, { command, before });
  }

  async #onNameAnswered(
    wire: PeekedWire,
    name: string,
    { command, before } = { command: "", before: 0 },
  ): Outcome {
    const { otherName, failsIfTaken, texts } = this.#options;
    const answer = textOfBytes(wire.received.subarray(before));
    const [reason = ""] = answer.trim().split(/[\r\n]+/);
    // It sends away every newcomer, for example because it is full or speaks TLS.
    if (await wire.peek(0) === "ended") {
      const last = textOfBytes(wire.received).trim().split(/[\r\n]+/).at(-1);
      const why = visible(reason || (last ?? ""));
      wire.close();
      return { ok: false, error: texts.serverClosed(why || texts.noReason, "") };
    }
    if (!refusesName(answer, name)) return { ...found(wire, "text", true), name };
    const next = otherName?.(name);
    if (next !== undefined) return await this.#giveName(wire, next, command);
    if (!failsIfTaken) return { ...found(wire, "text", true), name };
    wire.close();
    return { ok: false, error: texts.nameRefused(quoted(name), visible(reason)) };
  }

  /** Registers in one layout after another, until the server does not hang up. */
  async #framed(): Outcome {
    const { name, layout, texts } = this.#options;
    const layouts = layout === undefined ? LIKELY_LAYOUTS : [layout];
    for (const tried of layouts) {
      const dialled = await this.#dial();
      if (!dialled.ok) return dialled;
      const wire = new PeekedWire(dialled.wire, this.#options.clock);
      if (name === undefined) return { ...found(wire, "frames"), layout: tried };
      if (await this.#accepts(wire, frame(tried, 0, name), layouts.length > 1)) {
        return { ...found(wire, "frames", true), layout: tried };
      }
      wire.close();
    }
    return { ok: false, error: layout === undefined ? texts.noDialect : texts.otherHeader };
  }

  /** Whether the server reads a registration without closing; in doubt it receives it twice. */
  async #accepts(wire: PeekedWire, registration: Uint8Array, isTrial: boolean): Promise<boolean> {
    await wire.send(registration);
    if (await wire.peek(CLOSING_MS) === "ended") return false;
    // A server that reads a longer header still waits for its end.
    if (!isTrial || registration.length >= LONG_HEADER_BYTES) return true;
    await wire.send(registration);
    return await wire.peek(CLOSING_MS) !== "ended";
  }

  async #pieces(wire: PeekedWire): Promise<void> {
    await wire.peekUntilSilence(PIECE_MS, MAX_PIECES);
  }
}

const NOTHING = new Uint8Array(0);

/**
 * Joins no chat. To minichat it is JSON that is no request, then padding (an error is the answer); to
 * a server of sheet 000 a header of 16 bytes with the length 0, since a `ping` would be one with a
 * length that ends a program which does not check it.
 */
const HARMLESS_REQUEST = new Uint8Array(LONG_HEADER_BYTES);
HARMLESS_REQUEST.set([0x7b, 0x7d]); // {}

function found(wire: PeekedWire, shown: FirstBytes | undefined, hasJoined = false): Negotiated {
  return { ok: true, dialect: shown && DIALECT_OF[shown], wire, hasJoined };
}

function line(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\n`);
}
