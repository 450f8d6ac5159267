// Messages to everyone, to a group, to one person, and from the server: checked, stored, then
// delivered.

import type { MessageEvent, ServerEvent } from "../../protocol/events.ts";
import { type Failure, failure, quoted } from "../../protocol/failures.ts";
import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import { refusalEvent } from "../../protocol/refusal_event.ts";
import { type Ref, type Target, withRef } from "../../protocol/requests.ts";
import { withoutOwnName } from "../../protocol/name_line.ts";
import { visible } from "../../protocol/sanitize.ts";
import type { Audience, Draft, History, KnownMessage } from "../history/history.ts";
import type { Delivery, Group, Member } from "./member.ts";
import type { Mutes } from "./mutes.ts";
import { foldName, meansEveryone, type Namespace } from "./names.ts";

/** Limits on messages. */
export interface MessagingLimits {
  /** Longest text of one message, in UTF-8 bytes. */
  readonly messageBytes: number;
}

/** What {@linkcode Messaging} needs of the chat. */
export interface MessagingOptions {
  readonly names: Namespace<Member | Group>;
  readonly everyone: ReadonlySet<Member>;
  /** Members that are still catching up, and get new messages as part of that. */
  readonly catchingUp: ReadonlySet<Member>;
  readonly limits: MessagingLimits;
  readonly delivery: Delivery;
  readonly history: History;
  readonly observe: (event: ServerEvent) => void;
  readonly mutes: Mutes;
}

/** A message that a member wants to send. */
interface MessageRequest {
  readonly text: string;
  readonly to?: Target;
  readonly action?: boolean;
  readonly ref?: Ref;
}

/** A message that could not be sent, and how many others it was for. */
interface UnsentMessage {
  readonly text: string;
  /** `@bob` or `#cooks`; undefined for everyone. */
  readonly to?: string | undefined;
  readonly ref?: Ref;
  readonly others: number;
}

/** Checks, stores and delivers messages. */
export class Messaging {
  readonly #options: MessagingOptions;
  readonly mutes: Mutes;

  constructor(options: MessagingOptions) {
    this.#options = options;
    this.mutes = options.mutes;
  }

  /**
   * Sends a message to everyone, a person or a group; the sender gets an `ack` once it is stored.
   */
  send(member: Member, request: MessageRequest): void {
    const text = this.#checkText(member, spokenText(member, request.text));
    if (typeof text !== "string") return this.#refuseSend(member, text, request);
    const { ref } = request;
    const to = targetOf(request);
    const content = request.action ? { text, action: true as const } : { text };
    if (to === undefined) {
      return this.#store(member, { ...content, audience: EVERYONE }, ref, this.#options.everyone);
    }
    const target = this.#options.names.find(to.name);
    if (target?.kind === "group") {
      const audience = { kind: "group", serial: target.serial, sender: member.serial } as const;
      const draft = { ...content, to: `#${target.name}`, audience };
      return this.#store(member, draft, ref, target.members);
    }
    if (target === undefined || to.sigil === "#") {
      return this.#refuseSend(member, unknownTarget(to), request);
    }
    const audience = { kind: "people", serials: [member.serial, target.serial] } as const;
    const draft = { ...content, to: `@${target.name}`, audience };
    this.#store(member, draft, ref, new Set([target, member]));
  }

  /** Sends a message to the last member who wrote to `member` privately. */
  reply(member: Member, text: string, ref?: Ref): void {
    this.#options.history.flush(); // a message that is not stored yet may be the one it replies to
    const to = member.lastPrivateFrom;
    if (to === undefined || to.hasLeft) {
      const problem = failure("no_one_to_reply", (t) => t.nobodyToReply);
      return this.#refuse(member, problem, ref);
    }
    this.send(member, { text, to: { sigil: "@", name: to.name }, ...withRef(ref) });
  }

  /**
   * Sends a message from `server` to everyone (R41); returns the number of members. `text` may not
   * be empty.
   */
  wall(text: string): number | Failure {
    const draft = { from: SERVER, text: visible(text), audience: EVERYONE };
    const problem = this.#storeNow(draft, (message) => {
      this.#options.delivery.toEveryone(message);
      this.#options.observe(message);
    });
    return problem ?? this.#options.everyone.size;
  }

  /** Sends a message from `server` to one member. `text` may not be empty. */
  tell(member: Member, text: string): Failure | undefined {
    const audience = { kind: "people", serials: [member.serial] } as const;
    const draft = { from: SERVER, text: visible(text), to: `@${member.name}`, audience };
    return this.#storeNow(draft, (message) => {
      const { catchingUp, delivery, observe } = this.#options;
      if (!catchingUp.has(member)) delivery.toOne(member.peer, message);
      observe(message);
    });
  }

  #checkText(member: Member, raw: string): string | Failure {
    if (this.mutes.covers(member.name, member.peer.address)) {
      return failure("muted", (t) => t.muted);
    }
    const { messageBytes } = this.#options.limits;
    // A UTF-16 unit takes at least one byte: not looked at before its length is known to be right.
    if (raw.length > messageBytes) {
      return failure("message_too_long", (t) => t.messageTooLong(messageBytes));
    }
    const text = visible(raw);
    if (BLANK_REGEXP.test(text)) return failure("empty_message", (t) => t.emptyMessage);
    // It takes at most three, so short texts need no measuring.
    if (text.length * 3 > messageBytes && byteLength(text) > messageBytes) {
      return failure("message_too_long", (t) => t.messageTooLong(messageBytes));
    }
    return text;
  }

  /** Stores a message, and delivers it once it can no longer be lost. */
  #store(
    member: Member,
    content: Omit<Draft, "from">,
    ref: Ref | undefined,
    to: ReadonlySet<Member>,
  ): void {
    const origin = member.holds && ref !== undefined ? { serial: member.serial, ref } : undefined;
    const { name: from, peer: { address } } = member;
    const draft = { from, address, ...content, ...(origin && { origin }) };
    this.#options.history.append(draft, (stored) => {
      if (stored.kind === "stored") return this.#deliver(member, stored.message, to, ref);
      const others = othersIn(to, member);
      if (stored.kind === "failed") {
        return this.#refuseUnlessStored(member, stored.failure, {
          ...content,
          ...withRef(ref),
          others,
        });
      }
      // It was delivered before: only the ack was lost.
      if (isSame(stored, content.text, content.to)) {
        return this.#acknowledge(member, stored, others, ref);
      }
      const problem = failure("ref_reused", (t) => t.refReused);
      this.#sendRefusal(member, problem, ref);
    });
  }

  /**
   * Stores a message of the server and delivers it, some time later while another program has a
   * lock; returns why it cannot be stored, if that is known by now.
   */
  #storeNow(draft: Draft, deliver: (message: MessageEvent) => void): Failure | undefined {
    let problem: Failure | undefined;
    this.#options.history.append(draft, (stored) => {
      if (stored.kind === "stored") deliver(stored.message);
      if (stored.kind === "failed") problem = stored.failure;
    });
    this.#options.history.flush();
    return problem;
  }

  #deliver(member: Member, message: MessageEvent, to: ReadonlySet<Member>, ref?: Ref): void {
    const { catchingUp, delivery, everyone } = this.#options;
    if (to === everyone) delivery.toEveryone(message, member);
    else delivery.toMany(catchingUp.size === 0 ? to : to.difference(catchingUp), message, member);
    const [target] = to;
    if (target && message.to?.startsWith("@")) target.lastPrivateFrom = member;
    if (member.peer.echo && !catchingUp.has(member)) {
      // A shared encoder writes a message alike for all peers: only an own one can include the
      // `ref`.
      const isNamed = ref !== undefined && member.peer.own !== undefined;
      delivery.toOne(member.peer, isNamed ? { ...message, ref } : message);
    }
    this.#options.observe(message);
    this.#acknowledge(member, message, othersIn(to, member), ref);
  }

  #acknowledge(
    member: Member,
    { seq, to }: Pick<MessageEvent, "seq" | "to">,
    recipients: number,
    ref?: Ref,
  ): void {
    const ack = { type: "ack", seq, recipients, ...(to && { to }), ...withRef(ref) } as const;
    this.#options.delivery.toOne(member.peer, ack);
  }

  /**
   * Refuses a message that cannot be sent now, unless it was sent before and only its ack was lost.
   */
  #refuseSend(member: Member, problem: Failure, request: MessageRequest): void {
    const { everyone, history } = this.#options;
    history.flush();
    // Only a message with a `ref` is found again, and no text of that length was ever stored.
    const { ref, text } = request;
    if (!member.holds || ref === undefined || text.length > MAX_MESSAGE_BYTES) {
      return this.#sendRefusal(member, problem, ref);
    }
    const to = targetOf(request);
    const others = to === undefined ? othersIn(everyone, member) : 1;
    this.#refuseUnlessStored(member, problem, {
      ...request,
      text: visible(request.text),
      to: to && to.sigil + to.name,
      others,
    });
  }

  /** Acknowledges a message that was already stored with that `ref`, refuses any other. */
  #refuseUnlessStored(
    member: Member,
    problem: Failure,
    { text, to, ref, others }: UnsentMessage,
  ): void {
    const known = member.holds && ref !== undefined
      ? this.#options.history.find({ serial: member.serial, ref })
      : undefined;
    if (known && isSame(known, text, to)) return this.#acknowledge(member, known, others, ref);
    this.#sendRefusal(member, problem, ref);
  }

  /** Refuses after the answers to earlier messages. */
  #refuse(member: Member, problem: Failure, ref?: Ref): void {
    this.#options.history.flush();
    this.#sendRefusal(member, problem, ref);
  }

  #sendRefusal(member: Member, problem: Failure, ref?: Ref): void {
    const { peer } = member;
    this.#options.delivery.toOne(peer, refusalEvent(problem, peer.texts, ref));
  }
}

// Nothing but spaces, characters that are invisible by default (U+3164 among them), and the braille
// cell without dots.
const BLANK_REGEXP = /^[\s\u2800\p{Default_Ignorable_Code_Point}]*$/u;

/** Sender of the operator's messages; no member can have that name (R41). */
const SERVER = "server";

const EVERYONE: Audience = { kind: "everyone" };

const ENCODER = new TextEncoder();

function byteLength(text: string): number {
  return ENCODER.encode(text).length;
}

/** What a member has to say: in most dialects programs may repeat the member's name in it. */
function spokenText({ name, peer }: Member, text: string): string {
  return peer.dropsOwnName ? withoutOwnName(text, name) : text;
}

/** The target; undefined for everyone. */
function targetOf({ to }: MessageRequest): Target | undefined {
  return to?.sigil === "@" && meansEveryone(to.name) ? undefined : to;
}

function isSame(known: KnownMessage, text: string, to: string | undefined): boolean {
  return known.text === text && foldName(known.to ?? "") === foldName(to ?? "");
}

function othersIn(all: ReadonlySet<Member>, member: Member): number {
  return all.size - (all.has(member) ? 1 : 0);
}

function unknownTarget({ sigil, name }: Target): Failure {
  return sigil === "#"
    ? failure("no_such_group", (t) => t.noSuchGroup(quoted("#" + name)))
    : failure("no_such_name", (t) => t.noSuchName(quoted(name)));
}
