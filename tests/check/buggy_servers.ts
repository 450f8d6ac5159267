// Small correct servers of sheets 000 and 004, each with versions that have one classic bug.

import { joinBytes, utf8Bytes } from "../../check/bytes.ts";
import type { Layout } from "../../protocol/frame_layouts.ts";
import { frame } from "../../protocol/frames.ts";
import type { Behaviour, ToyPeer, ToyServer } from "./toy_server.ts";

const LF = 0x0a;
const DECODER = new TextDecoder();

/** The bugs a server of sheet 004 can have. */
export interface UsermsgBugs {
  /** Takes the bytes of one read for whole lines. */
  readonly noBuffer?: true;
  /** Takes the bytes of one read for one line. */
  readonly oneLineARead?: true;
  /** Sends a message to its sender too. */
  readonly echoes?: true;
  readonly noNewline?: true;
  readonly noNames?: true;
  /** Lets two clients have one name. */
  readonly sharesNames?: true;
  /** Splits a text at spaces and joins it with single ones. */
  readonly splitsAtSpaces?: true;
  /** Longest text, in bytes; the rest is cut. */
  readonly maxTextBytes?: number;
  /** Does not clear its buffer: a text is followed by the rest of an earlier, longer one. */
  readonly leftovers?: true;
  /** Serves no other client while one has sent half a line. */
  readonly waitsForLine?: true;
  /** Waits until a client has taken its message before the next one gets it. */
  readonly waitsForReader?: true;
  /** A message that cannot be delivered to one client ends the connection of its sender. */
  readonly blamesSender?: true;
  /** Closes each connection as soon as it sends something. */
  readonly turnsAway?: true;
  readonly neverCloses?: true;
  /** A reset ends the server. */
  readonly diesOfReset?: true;
  /** Takes each line after USER for a message. */
  readonly takesAnyLine?: true;
  /** An unknown command ends the server. */
  readonly diesOfNonsense?: true;
}

/** A server of sheet 004. */
export function usermsgServer(bugs: UsermsgBugs): Behaviour {
  let longest = "";
  let unlock: (() => void) | undefined;
  let lock: Promise<void> | undefined;
  let locker: ToyPeer | undefined;

  async function line(peer: ToyPeer, text: string, toy: ToyServer): Promise<void> {
    const [, verb, rest = ""] = /^(USER|MSG) (.*)$/.exec(text.replace(/\r$/, "")) ?? [];
    if (verb === undefined && bugs.diesOfNonsense) toy.die();
    if (verb === "USER") peer.name = bugs.sharesNames ? rest : freeName(rest, toy);
    if (verb === undefined && bugs.takesAnyLine && peer.name !== "") await say(peer, text, toy);
    if (verb === "MSG") await say(peer, rest, toy);
  }

  async function say(from: ToyPeer, sent: string, toy: ToyServer): Promise<void> {
    let text = bugs.splitsAtSpaces ? sent.replace(/ +/g, " ") : sent;
    if (bugs.maxTextBytes !== undefined) text = text.slice(0, bugs.maxTextBytes);
    if (bugs.leftovers) longest = text += longest.slice(text.length);
    const name = bugs.noNames ? "" : `${from.name || "anon"} `;
    const bytes = utf8Bytes(`MSG ${name}${text}${bugs.noNewline ? "" : "\n"}`);
    for (const peer of toy.peers) {
      if (peer === from && !bugs.echoes) continue;
      const written = peer.send(bytes);
      if (bugs.blamesSender) written.then((isWritten) => isWritten || from.close());
      if (bugs.waitsForReader) await written;
    }
  }

  return {
    async chunk(peer, bytes, toy) {
      if (bugs.turnsAway) return peer.close();
      if (bugs.oneLineARead) return await line(peer, firstLine(bytes), toy);
      while (lock !== undefined && locker !== peer) await lock;
      peer.buffer = joinBytes(peer.buffer, bytes);
      for (let end; (end = peer.buffer.indexOf(LF)) !== -1;) {
        const text = DECODER.decode(peer.buffer.subarray(0, end));
        peer.buffer = peer.buffer.subarray(end + 1);
        await line(peer, text, toy);
      }
      if (bugs.noBuffer && peer.buffer.length > 0) {
        await line(peer, DECODER.decode(peer.buffer), toy);
        peer.buffer = new Uint8Array(0);
      }
      if (!bugs.waitsForLine) return;
      if (peer.buffer.length > 0 && lock === undefined) {
        ({ promise: lock, resolve: unlock } = Promise.withResolvers<void>());
        locker = peer;
      } else if (peer.buffer.length === 0 && locker === peer) {
        unlock?.();
        lock = locker = undefined;
      }
    },
    reset: (toy) => {
      if (bugs.diesOfReset) toy.die();
    },
    gone(peer) {
      if (locker !== peer) return;
      unlock?.();
      lock = locker = undefined;
    },
    neverCloses: bugs.neverCloses === true,
  };
}

function firstLine(bytes: Uint8Array): string {
  return DECODER.decode(bytes).split("\n")[0] ?? "";
}

function freeName(wanted: string, toy: ToyServer): string {
  let name = wanted;
  while ([...toy.peers].some((peer) => peer.name === name)) name += "_";
  return name;
}

/** The bugs a server of sheet 000 can have. */
export interface FramedBugs {
  /** Drops what one read returns if it is shorter than a header. */
  readonly wholeHeaders?: true;
  /** Drops a header that comes without its text. */
  readonly wholeFrames?: true;
  /** Drops what follows the first frame of a read. */
  readonly oneFrameARead?: true;
  readonly noOk?: true;
  /** Answers once per read, not once per frame. */
  readonly oneOkARead?: true;
  readonly okWithNul?: true;
  readonly leavesOutSender?: true;
  /** Answers ok, and broadcasts nothing. */
  readonly neverBroadcasts?: true;
  /** Broadcasts text without a header. */
  readonly rawBroadcast?: true;
  /** What stands between the name and the text (default `: `). */
  readonly separator?: string;
  /** Allocates whatever length a header announces, and dies of it. */
  readonly trustsLength?: true;
  readonly neverCloses?: true;
}

const MAX_LENGTH = 64 * 1024;

/** A server of sheet 000. */
export function framedServer(layout: Layout, bugs: FramedBugs): Behaviour {
  const { headerBytes, littleEndian } = layout;

  /** The clients that have been answered for this read. */
  const okSent = new Set<ToyPeer>();

  function onFrame(peer: ToyPeer, nature: number, text: string, toy: ToyServer): void {
    if (nature === 0) peer.name = freeName(text, toy);
    else say(peer, text, toy);
  }

  function say(from: ToyPeer, text: string, toy: ToyServer): void {
    const isAnswered = bugs.noOk || bugs.oneOkARead && okSent.has(from);
    okSent.add(from);
    if (!isAnswered) from.send(utf8Bytes(bugs.okWithNul ? "ok\0" : "ok"));
    if (bugs.neverBroadcasts) return;
    const sent = `${from.name}${bugs.separator ?? ": "}${text}`;
    const bytes = bugs.rawBroadcast ? utf8Bytes(sent) : frame(layout, 1, sent);
    for (const peer of toy.peers) if (peer !== from || !bugs.leavesOutSender) peer.send(bytes);
  }

  return {
    chunk(peer, bytes, toy) {
      okSent.delete(peer);
      if (bugs.wholeHeaders && peer.buffer.length === 0 && bytes.length < headerBytes) return;
      peer.buffer = joinBytes(peer.buffer, bytes);
      while (peer.buffer.length >= headerBytes) {
        const view = new DataView(peer.buffer.buffer, peer.buffer.byteOffset);
        const length = headerBytes === 8
          ? view.getUint32(4, littleEndian)
          : Number(view.getBigUint64(headerBytes - 8, littleEndian));
        if (length > MAX_LENGTH) return bugs.trustsLength ? toy.die() : peer.close();
        const end = headerBytes + length;
        if (peer.buffer.length < end) {
          if (bugs.wholeFrames) peer.buffer = new Uint8Array(0);
          return;
        }
        const text = DECODER.decode(peer.buffer.subarray(headerBytes, end));
        const nature = view.getUint32(0, littleEndian);
        peer.buffer = bugs.oneFrameARead ? new Uint8Array(0) : peer.buffer.subarray(end);
        onFrame(peer, nature, text, toy);
      }
    },
    neverCloses: bugs.neverCloses === true,
  };
}
