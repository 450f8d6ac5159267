// Small servers of sheet 001, as different as the sheet allows: each gives names in its own way and
// shows messages in its own layout.

import { utf8Bytes } from "../../check/bytes.ts";
import type { Behaviour, ToyPeer, ToyServer } from "./toy_server.ts";

/** The choices that the sheet leaves open. */
export interface PlainChoices {
  /** What a client receives first; `id` is a name that the server chooses. */
  greeting(id: string): string;
  /** The name in a line that sets it, undefined for another line. */
  named(line: string): string | undefined;
  /** Clients have a name that the server chooses until they set one. */
  readonly choosesNames?: boolean;
  /** How a message is shown. */
  shown(name: string, text: string): string;
  /** Most characters of a name (default 20). */
  readonly nameChars?: number;
  /** Answers nothing to a message. */
  readonly isSilent?: boolean;
  /** The recipient and the text of a private message (default `@name text`). */
  toOne?(line: string): { readonly to: string; readonly text: string } | undefined;
  /** A message to an unknown name ends the server. */
  readonly diesOfName?: boolean;
  /** The line that asks for the list (default none: joins and leaves are shown). */
  readonly list?: string;
}

/** The first line is the name. */
export const nameIsLine = (line: string): string => line;

/** A pattern's first group is the name. */
export function byCommand(pattern: RegExp): PlainChoices["named"] {
  return (line) => pattern.exec(line)?.[1];
}

/** A server of sheet 001. */
export function plainServer(choices: PlainChoices): Behaviour {
  const { nameChars = 20 } = choices;
  let ids = 2;

  function tell(toy: ToyServer, text: string, but: ToyPeer): void {
    for (const peer of toy.peers) {
      if (peer !== but && peer.name !== "") peer.send(utf8Bytes(text));
    }
  }

  function line(peer: ToyPeer, text: string, toy: ToyServer): void {
    const isNew = peer.name === "" || choices.named !== nameIsLine;
    const name = isNew ? choices.named(text)?.slice(0, nameChars) : undefined;
    const others = [...toy.peers].filter((other) => other !== peer);
    if (name !== undefined) {
      if (others.some((other) => other.name === name)) {
        return void peer.send(utf8Bytes("Pris.\n"));
      }
      peer.name = name;
      if (choices.list === undefined) tell(toy, `* ${name} arrive\n`, peer);
      return;
    }
    if (peer.name === "") return void peer.send(utf8Bytes("D'abord un pseudo.\n"));
    if (text === choices.list) {
      return void peer.send(
        utf8Bytes(`Ici : ${[...toy.peers].map((one) => one.name).join(" ")}\n`),
      );
    }
    const one = choices.toOne?.(text) ?? atName(text);
    if (one === undefined) {
      tell(toy, choices.shown(peer.name, text.replace(/^@tous /, "")), peer);
    } else {
      const to = others.find((other) => other.name === one.to);
      if (to === undefined && choices.diesOfName) toy.die();
      to?.send(utf8Bytes(choices.shown(peer.name, one.text)));
    }
    if (!choices.isSilent) peer.send(utf8Bytes("ok\n"));
  }

  function atName(text: string) {
    if (choices.toOne !== undefined || text.startsWith("@tous ")) return undefined;
    const [, to, rest] = /^@(\S+) (.*)$/.exec(text) ?? [];
    return to === undefined || rest === undefined ? undefined : { to, text: rest };
  }

  let room: ToyServer | undefined;
  return {
    greets(peer) {
      const id = `user${ids++}`;
      if (choices.choosesNames) peer.name = id;
      peer.send(utf8Bytes(choices.greeting(id)));
    },
    chunk(peer, bytes, toy) {
      room = toy;
      peer.buffer = Uint8Array.from([...peer.buffer, ...bytes]);
      for (let end; (end = peer.buffer.indexOf(0x0a)) !== -1;) {
        const text = new TextDecoder().decode(peer.buffer.subarray(0, end));
        peer.buffer = peer.buffer.subarray(end + 1);
        line(peer, text.replace(/\r$/, ""), toy);
      }
    },
    gone(peer) {
      if (peer.name !== "" && room !== undefined && choices.list === undefined) {
        tell(room, `* ${peer.name} est parti\n`, peer);
      }
    },
  };
}
