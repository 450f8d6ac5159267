// Performs requests: one row per verb, and a dispatcher that checks what the row requires before it
// runs.

import { failure, quoted } from "../../protocol/failures.ts";
import { MAX_LISTED, NATIVE_VERSION } from "../../protocol/limits.ts";
import { type Ref, type Request, type Verb, withRef } from "../../protocol/requests.ts";
import { visibleReason } from "../../protocol/sanitize.ts";
import { listUsers } from "./welcome_and_who.ts";
import type { Chat } from "./chat.ts";
import { parseNameLine, parseVerbLine } from "../../protocol/name_line.ts";
import { helpIn, isCommand, resolveCommand } from "../../protocol/slash_commands.ts";
import type { Member } from "./member.ts";
import { resumeSession } from "./resume.ts";

type RequestOf<V extends Verb> = Extract<Request, { verb: V }>;

interface RequestRow<V extends Verb> {
  /** Batched into the current group commit; other verbs flush it first. */
  readonly batched?: true;
  /** Whether a client without a name is registered under a default one first (D6). */
  readonly needsName: boolean;
  /** Rate-limit cost; a message costs 1. Long answers cost extra. */
  readonly cost: number;
  /** Returns its cost if that is only known afterwards. */
  readonly run: (chat: Chat, member: Member, request: RequestOf<V>) => number | void;
}

/**
 * Rows read from the disk that cost as much as a message: in a mostly private chat few of them are
 * for the reader (F40).
 */
const ROWS_PER_MESSAGE = 50;

/** Readers of a join, a leave or a change of name that cost its sender as much as a message. */
const READERS_PER_MESSAGE = 50;

/** Readers that a join, a leave or a change of name wakes, as a price in messages. */
function priceOf(readers: number): number {
  return 2 + readers / READERS_PER_MESSAGE;
}

/** Messages sent for a `history` request without a limit. */
const HISTORY_DEFAULT = 100;

const REQUESTS: { readonly [V in Verb]: RequestRow<V> } = {
  hello: { needsName: false, cost: 1, run: hello },
  line: { batched: true, needsName: false, cost: 1, run: line },
  say: {
    batched: true,
    needsName: true,
    cost: 1,
    run: (chat, member, request) => chat.messaging.send(member, request),
  },
  reply: {
    batched: true,
    needsName: true,
    cost: 1,
    run: (chat, member, { text, ref }) => chat.messaging.reply(member, text, ref),
  },
  rename: {
    needsName: false,
    cost: 2,
    run: (chat, member, request) => {
      const was = member.name;
      enter(chat, member, request);
      if (member.name !== was) return priceOf(chat.members.size);
    },
  },
  join: {
    needsName: true,
    cost: 2,
    run: (chat, member, { group, ref }) => {
      const problem = chat.groups.join(member, group, ref);
      if (problem) chat.refuse(member, problem, ref);
      else return priceOf(chat.groups.readers(group));
    },
  },
  leave: {
    needsName: true,
    cost: 2,
    run: (chat, member, { group, ref }) => {
      const readers = chat.groups.readers(group);
      const problem = chat.groups.leave(member, group, ref);
      if (problem) chat.refuse(member, problem, ref);
      else return priceOf(readers);
    },
  },
  who: {
    needsName: true,
    cost: 1,
    run: (chat, { peer }, { ref }) => {
      const users = listUsers(chat.members, MAX_LISTED);
      chat.delivery.toOne(peer, { type: "who", users, total: chat.members.size, ...withRef(ref) });
    },
  },
  whoami: {
    needsName: true,
    cost: 0.5,
    run: (chat, { id, name, peer }, { ref }) =>
      chat.delivery.toOne(peer, { type: "you", id, name, ...withRef(ref) }),
  },
  groups: {
    needsName: true,
    cost: 1,
    run: (chat, { peer }, { ref }) => {
      const groups = chat.groups.list(MAX_LISTED);
      const total = chat.groups.size;
      chat.delivery.toOne(peer, { type: "groups", groups, total, ...withRef(ref) });
    },
  },
  history: {
    needsName: true,
    cost: 2,
    run: (chat, member, { verb: _, limit = HISTORY_DEFAULT, ref, ...range }) => {
      const { rowsRead } = chat.history;
      const page = chat.page(member, { ...range, limit: Math.min(limit, MAX_LISTED) });
      const { messages, next } = page;
      const more = next === undefined ? {} : { more: true, next } as const;
      chat.delivery.toOne(member.peer, { type: "history", messages, ...more, ...withRef(ref) });
      return 2 + (chat.history.rowsRead - rowsRead) / ROWS_PER_MESSAGE;
    },
  },
  help: {
    needsName: true,
    cost: 0.5,
    run: (chat, member, { ref }) => {
      const { authority, delivery } = chat;
      const help = helpIn(member.peer.texts);
      const commands = authority.isOperator(member) ? [...help, ...authority.orders] : help;
      delivery.toOne(member.peer, { type: "help", commands, ...withRef(ref) });
    },
  },
  ping: {
    needsName: false,
    cost: 0.2,
    run: (chat, { peer }, { ref }) => chat.delivery.toOne(peer, { type: "pong", ...withRef(ref) }),
  },
  bye: {
    needsName: false,
    cost: 0,
    run: (chat, { name, peer }, { reason = "", ref }) => {
      // Everyone sees the reason, so a muted member leaves without one.
      const detail = chat.messaging.mutes.covers(name, peer.address) ? "" : visibleReason(reason);
      peer.close("bye", detail === "" ? undefined : detail, ref);
    },
  },
  hangup: {
    needsName: false,
    cost: 0,
    run: (_chat, { peer }, { ref }) => peer.close("eof", undefined, ref),
  },
  answer: {
    needsName: false,
    cost: 0.2,
    run: (chat, { peer }, { bytes }) => chat.delivery.toOne(peer, { type: "answer", bytes }),
  },
  command: {
    batched: true, // the request it resolves to flushes if necessary
    needsName: false,
    cost: 1,
    run: (chat, member, { word, rest, ref }) => {
      const { authority } = chat;
      const order = { word, rest, ...withRef(ref) };
      if (authority.isOperator(member) && giveOrder(chat, member, order)) return;
      const resolved = resolveCommand(word, rest);
      if (!("code" in resolved)) {
        return performRequest(chat, member, { ...resolved, ...withRef(ref) });
      }
      if (member.name === "") chat.register(member, undefined);
      chat.refuse(member, resolved, ref);
    },
  },
  claim: {
    needsName: true,
    cost: 5,
    run: (chat, member, { passphrase, ref }) => chat.authority.claim(chat, member, passphrase, ref),
  },
  unclaim: {
    needsName: true,
    cost: 5,
    run: (chat, member, { ref }) => chat.authority.unclaim(chat, member, ref),
  },
  login: {
    needsName: false,
    cost: 5,
    run: (chat, member, proof) =>
      chat.authority.login(chat, member, proof, () => takeName(chat, member, proof)),
  },
  secret: { batched: true, needsName: false, cost: 1, run: secret },
  admin: { needsName: false, cost: 1, run: admin },
  invalid: {
    needsName: false,
    cost: 1,
    run: (chat, member, request) => {
      const { typed } = request;
      if (typed !== undefined && chat.authority.isOperator(member)) {
        if (chat.authority.order(chat, member, typed.replace(/^\//, ""), request.ref)) return;
      }
      chat.refuse(member, request.failure, request.ref);
      if (!request.fatal) return;
      const { code } = request.failure;
      const isReason = code === "line_too_long" || code === "bad_frame";
      member.peer.close(isReason ? code : "binary_input");
    },
  },
};

/** Performs a member's request completely before it returns; returns its cost. */
export function performRequest(chat: Chat, member: Member, request: Request): number {
  if (member.hasLeft) return 0;
  // The compiler cannot relate a row to its verb across a lookup; the table's own type does.
  const row = REQUESTS[request.verb] as RequestRow<Verb>;
  if (!row.batched) chat.history.flush();
  if (row.needsName && member.name === "") chat.register(member, undefined);
  return row.run(chat, member, request) ?? row.cost;
}

function hello(chat: Chat, member: Member, request: RequestOf<"hello">): void {
  const { version, ref } = request;
  if (version !== undefined && version !== NATIVE_VERSION) {
    const problem = failure("unsupported_version", (t) => t.unsupportedVersion(NATIVE_VERSION));
    return chat.refuse(member, problem, ref);
  }
  if (member.name === "") {
    if (request.resume !== undefined) return resumeSession(chat, member, request.resume, ref);
    member.holds = request.hold === true;
    return enter(chat, member, request);
  }
  const problem = failure("already_registered", (t) => t.alreadyRegistered(member.name));
  chat.refuse(member, problem, ref);
}

/** A wanted name, with the passphrase that may prove it. */
interface Wanted {
  readonly name?: string;
  readonly passphrase?: string;
  readonly ref?: Ref;
}

/** Registers or renames; logs in first if the name is claimed and a passphrase was given. */
function enter(chat: Chat, member: Member, wanted: Wanted): void {
  const { name, passphrase, ref } = withPassphrase(wanted);
  if (
    name === undefined || passphrase === undefined || !chat.authority.isClaimedFrom(name, member)
  ) {
    return takeName(chat, member, wanted);
  }
  const proof = { name, passphrase, ...withRef(ref) };
  chat.authority.login(chat, member, proof, () => takeName(chat, member, proof));
}

function takeName(chat: Chat, member: Member, { name, ref }: Wanted): void {
  if (member.name === "") chat.register(member, name, ref);
  else if (name !== undefined) chat.rename(member, name, ref);
}

/**
 * In dialects without a field for it the passphrase follows the name, which cannot contain a space.
 */
function withPassphrase(wanted: Wanted): Wanted {
  if (wanted.passphrase !== undefined) return wanted;
  const [, name, passphrase] = /^(\S+)\s+(\S.*)$/s.exec(wanted.name?.trim() ?? "") ?? [];
  return name === undefined || passphrase === undefined ? wanted : { ...wanted, name, passphrase };
}

function line(chat: Chat, member: Member, { text, ref }: RequestOf<"line">): number | void {
  if (member.name === "") return nameLine(chat, member, { text, ...withRef(ref) });
  const means = member.usesVerbs ? parseVerbLine(text) : { kind: "say", text } as const;
  if (means.kind === "quit") return performRequest(chat, member, { verb: "bye", ...withRef(ref) });
  if (means.kind === "who") return performRequest(chat, member, { verb: "who", ...withRef(ref) });
  chat.messaging.send(member, { text: means.text, ...withRef(ref) });
}

/** A line of a client that has no name yet. */
function nameLine(
  chat: Chat,
  member: Member,
  { text, ref }: { readonly text: string; readonly ref?: Ref },
): number | void {
  const given = parseNameLine(text);
  if (given.kind === "quit") return performRequest(chat, member, { verb: "bye", ...withRef(ref) });
  const { delivery } = chat;
  const { notices } = member.peer.texts;
  if (given.kind === "help") {
    delivery.toOne(member.peer, { type: "help", commands: helpIn(member.peer.texts) });
    return delivery.toOne(member.peer, { type: "notice", text: notices.typeName });
  }
  // A claimed name and its passphrase are not a verb and a name.
  const [first = ""] = text.trim().split(/[\s:=]/, 1);
  const isProof = given.byVerb && chat.authority.isClaimedFrom(first, member);
  const name = isProof ? text.trim() : given.name;
  enter(chat, member, { name, ...withRef(ref) });
  if (member.hasLeft) return;
  if (member.name !== "") {
    member.usesVerbs = given.byVerb && !isProof;
    if (given.text !== undefined) chat.messaging.send(member, { text: given.text });
  } else if (chat.authority.isClaimedFrom(name, member)) {
    // A person who types the name can be asked for its passphrase.
    member.nameToProve = name;
    delivery.toOne(member.peer, { type: "notice", text: notices.typePassphrase(name) });
  }
}

/** A line that was read as a secret. */
function secret(chat: Chat, member: Member, { text, means }: RequestOf<"secret">): number | void {
  const { nameToProve: name } = member;
  // Lines in the same chunk as the secret were read as secrets too.
  if (name === undefined || member.name !== "") return performRequest(chat, member, means);
  if (text.trim() === "") {
    member.nameToProve = undefined;
    const { typeAnotherName } = member.peer.texts.notices;
    return chat.delivery.toOne(member.peer, { type: "notice", text: typeAnotherName });
  }
  chat.authority.login(chat, member, { name, passphrase: text }, () => {
    member.nameToProve = undefined;
    chat.register(member, name);
  });
}

/** The request is unknown to a client that is no operator (F68). */
function admin(chat: Chat, member: Member, { line, ref }: RequestOf<"admin">): void {
  if (chat.authority.isOperator(member)) {
    if (chat.authority.order(chat, member, line.trim(), ref)) return;
    const problem = failure("unknown_command", (t) => t.unknownOrder(quoted(line)));
    return chat.refuse(member, problem, ref);
  }
  chat.refuse(member, failure("unknown_command", (t) => t.unknownType(quoted("admin"))), ref);
}

/**
 * `/kick bob`, if the chat has no such command, or `/admin kick bob`; false if it is no operator
 * command.
 */
function giveOrder(
  chat: Chat,
  member: Member,
  { word, rest, ref }: { readonly word: string; readonly rest: string; readonly ref?: Ref },
): boolean {
  if (word === "admin") {
    admin(chat, member, { verb: "admin", line: rest, ...withRef(ref) });
    return true;
  }
  if (isCommand(word)) return false;
  return chat.authority.order(chat, member, `${word} ${rest}`, ref);
}
