// What is said: to everyone, to a group, to one person, by the server; who may not speak. Pure; who
// is here is chat.ts's business, what is remembered the history's.

import type { MessageEvent, ServerEvent } from "../../protocol/events.ts";
import { type Failure, failure, quoted } from "../../protocol/failures.ts";
import { refusalEvent } from "../../protocol/refusal_event.ts";
import { type Ref, type Target, withRef } from "../../protocol/requests.ts";
import { visible } from "../../protocol/sanitize.ts";
import type { Audience, Draft, History, KnownMessage } from "../history/history.ts";
import type { Delivery, Group, Member } from "./member.ts";
import type { Mutes } from "./mutes.ts";
import { foldName, meansEveryone, type Namespace } from "./names.ts";

/** How much may be said at once. */
export interface MessagingLimits {
  /** Longest text of one message, in UTF-8. */
  readonly messageBytes: number;
}

/** What speaking needs of the chat. */
export interface MessagingOptions {
  readonly names: Namespace<Member | Group>;
  readonly everyone: ReadonlySet<Member>;
  /** Members who are still told what they missed, and get what is said now as part of that. */
  readonly catchingUp: ReadonlySet<Member>;
  readonly limits: MessagingLimits;
  readonly delivery: Delivery;
  readonly history: History;
  readonly observe: (event: ServerEvent) => void;
  readonly mutes: Mutes;
}

/** What somebody wants to say. */
interface Said {
  readonly text: string;
  readonly to?: Target;
  readonly action?: boolean;
  readonly ref?: Ref;
}

/** What was to be said, and how many others would hear it. */
interface Answerable {
  readonly text: string;
  /** `@bob` or `#cooks`; nothing for everyone. */
  readonly to?: string | undefined;
  readonly ref?: Ref;
  readonly others: number;
}

/** Takes words from members and gives them to whom they are for. */
export class Messaging {
  readonly #options: MessagingOptions;
  readonly mutes: Mutes;

  constructor(options: MessagingOptions) {
    this.#options = options;
    this.mutes = options.mutes;
  }

  /** Says something to everyone, a person or a group; the sender gets an `ack` once it is stored. */
  send(member: Member, said: Said): void {
    const text = this.#speakable(member, said.text);
    if (typeof text !== "string") return this.#cannotSay(member, text, said);
    const { ref } = said;
    const to = targetOf(said);
    const words = said.action ? { text, action: true as const } : { text };
    if (to === undefined) {
      return this.#store(member, { ...words, audience: EVERYONE }, ref, this.#options.everyone);
    }
    const target = this.#options.names.find(to.name);
    if (target?.kind === "group") {
      const audience = { kind: "group", serial: target.serial, sender: member.serial } as const;
      const draft = { ...words, to: `#${target.name}`, audience };
      return this.#store(member, draft, ref, target.members);
    }
    if (target === undefined || to.sigil === "#") {
      return this.#cannotSay(member, nobodyCalled(to), said);
    }
    const audience = { kind: "people", serials: [member.serial, target.serial] } as const;
    const draft = { ...words, to: `@${target.name}`, audience };
    this.#store(member, draft, ref, new Set([target, member]));
  }

  /** Answers whoever last wrote privately. */
  reply(member: Member, text: string, ref?: Ref): void {
    this.#options.history.flush(); // what was just said to it may be what it answers
    const to = member.lastPrivateFrom;
    if (to === undefined || to.hasLeft) {
      const problem = failure("no_one_to_reply", (t) => t.nobodyToReply);
      return this.#refuse(member, problem, ref);
    }
    this.send(member, { text, to: { sigil: "@", name: to.name }, ...withRef(ref) });
  }

  /** The server's own words to everyone (R41); answers how many heard. `text` may not be empty. */
  wall(text: string): number | Failure {
    const draft = { from: SERVER, text: visible(text), audience: EVERYONE };
    const message = this.#storeNow(draft);
    if ("code" in message) return message;
    this.#options.delivery.toEveryone(message);
    this.#options.observe(message);
    return this.#options.everyone.size;
  }

  /** The server's own words to one person. `text` may not be empty. */
  tell(member: Member, text: string): Failure | undefined {
    const audience = { kind: "people", serials: [member.serial] } as const;
    const draft = { from: SERVER, text: visible(text), to: `@${member.name}`, audience };
    const message = this.#storeNow(draft);
    if ("code" in message) return message;
    const { catchingUp, delivery, observe } = this.#options;
    if (!catchingUp.has(member)) delivery.toOne(member.peer, message);
    observe(message);
    return undefined;
  }

  #speakable(member: Member, raw: string): string | Failure {
    if (this.mutes.has(member.name)) {
      return failure("muted", (t) => t.muted);
    }
    const text = visible(raw);
    if (text.trim() === "") return failure("empty_message", (t) => t.emptyMessage);
    // A UTF-16 unit takes at most three bytes, so short texts need no measuring.
    const { messageBytes } = this.#options.limits;
    if (text.length * 3 > messageBytes && byteLength(text) > messageBytes) {
      return failure("message_too_long", (t) => t.messageTooLong(messageBytes));
    }
    return text;
  }

  /** Has a message stored; delivered it is once it can no longer be lost. */
  #store(
    member: Member,
    said: Omit<Draft, "from">,
    ref: Ref | undefined,
    to: ReadonlySet<Member>,
  ): void {
    const origin = member.holds && ref !== undefined ? { serial: member.serial, ref } : undefined;
    const draft = { from: member.name, ...said, ...(origin && { origin }) };
    this.#options.history.append(draft, (stored) => {
      if (stored.kind === "stored") return this.#deliver(member, stored.message, to, ref);
      const others = othersIn(to, member);
      if (stored.kind === "failed") {
        return this.#refuseOrRecall(member, stored.failure, { ...said, ...withRef(ref), others });
      }
      // Said before, and heard then: only the ack was lost.
      if (isSame(stored, said.text, said.to)) return this.#acknowledge(member, stored, others, ref);
      const problem = failure("ref_reused", (t) => t.refReused);
      this.#tellRefused(member, problem, ref);
    });
  }

  #storeNow(draft: Draft): MessageEvent | Failure {
    let result: MessageEvent | Failure = failure("storage_failed", (t) => t.notStored);
    this.#options.history.append(draft, (stored) => {
      if (stored.kind === "stored") result = stored.message;
      if (stored.kind === "failed") result = stored.failure;
    });
    this.#options.history.flush();
    return result;
  }

  #deliver(member: Member, message: MessageEvent, to: ReadonlySet<Member>, ref?: Ref): void {
    const { catchingUp, delivery, everyone } = this.#options;
    if (to === everyone) delivery.toEveryone(message, member);
    else delivery.toMany(catchingUp.size === 0 ? to : to.difference(catchingUp), message, member);
    const [target] = to;
    if (target && message.to?.startsWith("@")) target.lastPrivateFrom = member;
    if (member.peer.echo && !catchingUp.has(member)) {
      // A shared encoder writes a message alike for all: only one of its own can name the request.
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

  /** What cannot be said now: its ack may be all that was lost of it. */
  #cannotSay(member: Member, problem: Failure, said: Said): void {
    const { everyone, history } = this.#options;
    const to = targetOf(said);
    const others = to === undefined ? othersIn(everyone, member) : 1;
    history.flush();
    this.#refuseOrRecall(member, problem, {
      ...said,
      text: visible(said.text),
      to: to && to.sigil + to.name,
      others,
    });
  }

  /** Refuses what was not said before either. */
  #refuseOrRecall(
    member: Member,
    problem: Failure,
    { text, to, ref, others }: Answerable,
  ): void {
    const known = member.holds && ref !== undefined
      ? this.#options.history.find({ serial: member.serial, ref })
      : undefined;
    if (known && isSame(known, text, to)) return this.#acknowledge(member, known, others, ref);
    this.#tellRefused(member, problem, ref);
  }

  /** In its place behind what was said before it. */
  #refuse(member: Member, problem: Failure, ref?: Ref): void {
    this.#options.history.flush();
    this.#tellRefused(member, problem, ref);
  }

  #tellRefused(member: Member, problem: Failure, ref?: Ref): void {
    const { peer } = member;
    this.#options.delivery.toOne(peer, refusalEvent(problem, peer.texts, ref));
  }
}

/** Who the operator's words are from; nobody else can be called that (R41). */
const SERVER = "server";

const EVERYONE: Audience = { kind: "everyone" };

const ENCODER = new TextEncoder();

function byteLength(text: string): number {
  return ENCODER.encode(text).length;
}

/** Nothing for everyone. */
function targetOf({ to }: Said): Target | undefined {
  return to?.sigil === "@" && meansEveryone(to.name) ? undefined : to;
}

function isSame(known: KnownMessage, text: string, to: string | undefined): boolean {
  return known.text === text && foldName(known.to ?? "") === foldName(to ?? "");
}

function othersIn(all: ReadonlySet<Member>, member: Member): number {
  return all.size - (all.has(member) ? 1 : 0);
}

function nobodyCalled({ sigil, name }: Target): Failure {
  return sigil === "#"
    ? failure("no_such_group", (t) => t.noSuchGroup(quoted("#" + name)))
    : failure("no_such_name", (t) => t.noSuchName(quoted(name)));
}
