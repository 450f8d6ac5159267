// What is said: to everyone, to a group, to one person, by the server; who may not speak. Pure; who
// is here is chat.ts's business, what is remembered the history's.

import type { MessageEvent, ServerEvent } from "../../protocol/events.ts";
import { type Failure, failure, quoted } from "../../protocol/failures.ts";
import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import { type Ref, type Target, withRef } from "../../protocol/requests.ts";
import { visible } from "../../protocol/sanitize.ts";
import type { Audience, History } from "../history/history.ts";
import type { Delivery, Group, Member } from "./member.ts";
import { foldName, meansEveryone, type Namespace } from "./names.ts";

/** What speaking needs of the chat. */
export interface SpeechOptions {
  readonly names: Namespace<Member | Group>;
  readonly everyone: ReadonlySet<Member>;
  readonly delivery: Delivery;
  readonly history: History;
  readonly observe: (event: ServerEvent) => void;
}

/** Takes words from members and gives them to whom they are for. */
export class Speech {
  readonly #options: SpeechOptions;
  /** Folded names that may not speak; a mute outlives the connection. */
  readonly #muted = new Set<string>();

  constructor(options: SpeechOptions) {
    this.#options = options;
  }

  /** Says something to everyone, a person or a group; the sender gets an `ack` once it is stored. */
  say(member: Member, said: { text: string; to?: Target; action?: boolean; ref?: Ref }): void {
    const text = this.#speakable(member, said.text);
    if (typeof text !== "string") return this.#refuse(member, text, said.ref);
    const action = said.action ? { action: true as const } : {};
    const { to, ref } = said;
    if (to === undefined || (to.sigil === "@" && meansEveryone(to.name))) {
      const message = this.#store(member.name, { text, ...action }, { kind: "everyone" });
      return this.#deliver(member, message, this.#options.everyone, ref);
    }
    const target = this.#options.names.find(to.name);
    if (target?.kind === "group") {
      const audience = { kind: "group", serial: target.serial, sender: member.serial } as const;
      const addressed = { text, ...action, to: `#${target.name}` };
      const message = this.#store(member.name, addressed, audience);
      return this.#deliver(member, message, target.members, ref);
    }
    if (target === undefined || to.sigil === "#") {
      return this.#refuse(member, nobodyCalled(to), ref);
    }
    target.lastPrivateFrom = member;
    const audience = { kind: "people", serials: [member.serial, target.serial] } as const;
    const message = this.#store(member.name, { text, ...action, to: `@${target.name}` }, audience);
    this.#deliver(member, message, new Set([target, member]), ref);
  }

  /** Answers whoever last wrote privately. */
  reply(member: Member, text: string, ref?: Ref): void {
    const to = member.lastPrivateFrom;
    if (to === undefined || to.gone) {
      const problem = failure("no_one_to_reply", "Nobody to reply to: use @NAME TEXT");
      return this.#refuse(member, problem, ref);
    }
    this.say(member, { text, to: { sigil: "@", name: to.name }, ...withRef(ref) });
  }

  /** The server's own words to everyone (R41); answers how many heard. `text` may not be empty. */
  wall(text: string): number {
    const message = this.#store("server", { text: visible(text) }, { kind: "everyone" });
    this.#options.delivery.toEveryone(message);
    this.#options.observe(message);
    return this.#options.everyone.size;
  }

  /** The server's own words to one person. `text` may not be empty. */
  tell(member: Member, text: string): void {
    const audience = { kind: "people", serials: [member.serial] } as const;
    const said = { text: visible(text), to: `@${member.name}` };
    const message = this.#store("server", said, audience);
    this.#options.delivery.toOne(member.peer, message);
    this.#options.observe(message);
  }

  /** Refuses (or again allows) what whoever bears that name says. */
  setMuted(name: string, muted: boolean): void {
    if (muted) this.#muted.add(foldName(name));
    else this.#muted.delete(foldName(name));
  }

  isMuted(name: string): boolean {
    return this.#muted.has(foldName(name));
  }

  #speakable(member: Member, raw: string): string | Failure {
    if (this.#muted.size > 0 && this.isMuted(member.name)) {
      return failure("muted", "Not sent: the operator has muted you");
    }
    const text = visible(raw);
    if (text.trim() === "") return failure("empty_message", "Type a message: there was no text");
    // A UTF-16 unit takes at most three bytes, so short texts need no measuring.
    if (text.length * 3 > MAX_MESSAGE_BYTES && byteLength(text) > MAX_MESSAGE_BYTES) {
      return failure("message_too_long", `Not sent: at most ${MAX_MESSAGE_BYTES} bytes a message`);
    }
    return text;
  }

  #store(
    from: string,
    said: { text: string; to?: string; action?: true },
    audience: Audience,
  ): MessageEvent {
    return this.#options.history.append({ from, ...said, audience });
  }

  #deliver(member: Member, message: MessageEvent, to: ReadonlySet<Member>, ref?: Ref): void {
    const { delivery, everyone } = this.#options;
    if (to === everyone) delivery.toEveryone(message, member);
    else delivery.toMany(to, message, member);
    if (member.peer.echo) delivery.toOne(member.peer, message);
    this.#options.observe(message);
    const ack: ServerEvent = {
      type: "ack",
      seq: message.seq,
      recipients: to.size - (to.has(member) ? 1 : 0),
      ...(message.to === undefined ? {} : { to: message.to }),
      ...withRef(ref),
    };
    this.#options.history.whenStored(
      message.seq,
      () => this.#options.delivery.toOne(member.peer, ack),
    );
  }

  #refuse(member: Member, problem: Failure, ref?: Ref): void {
    this.#options.delivery.toOne(member.peer, { type: "error", ...problem, ...withRef(ref) });
  }
}

const ENCODER = new TextEncoder();

function byteLength(text: string): number {
  return ENCODER.encode(text).length;
}

function nobodyCalled({ sigil, name }: Target): Failure {
  return sigil === "#"
    ? failure("no_such_group", `No group ${quoted("#" + name)}: /groups lists them`)
    : failure("no_such_name", `Nobody called ${quoted(name)}: /list shows who is here`);
}
