// What each request does: one row a verb, and one dispatcher that checks what the row demands before
// it runs. Pure; how requests arrive is the protocol's business.

import { failure } from "../../protocol/failures.ts";
import { MAX_LISTED, NATIVE_VERSION } from "../../protocol/limits.ts";
import { type Request, type Verb, withRef } from "../../protocol/requests.ts";
import { who } from "./answers.ts";
import type { Chat } from "./chat.ts";
import { HELP, resolveCommand } from "../../protocol/commands.ts";
import type { Member } from "./member.ts";
import { resume } from "./resume.ts";

type RequestOf<V extends Verb> = Extract<Request, { verb: V }>;

interface RequestRow<V extends Verb> {
  /** Waits for the others of its turn, to be stored with them; what does not, comes behind them. */
  readonly speaks?: true;
  /** Whoever has no name yet gets the default one first (D6). */
  readonly needsName: boolean;
  /** What it takes of what its sender may do, a message being 1; long answers cost more on top. */
  readonly cost: number;
  /** Answers a cost of its own where only doing it tells. */
  readonly run: (chat: Chat, member: Member, request: RequestOf<V>) => number | void;
}

/** Messages sent for a `history` request without a limit. */
const HISTORY_DEFAULT = 100;

const REQUESTS: { readonly [V in Verb]: RequestRow<V> } = {
  hello: { needsName: false, cost: 1, run: hello },
  line: { speaks: true, needsName: false, cost: 1, run: line },
  say: {
    speaks: true,
    needsName: true,
    cost: 1,
    run: (chat, member, request) => chat.speech.say(member, request),
  },
  reply: {
    speaks: true,
    needsName: true,
    cost: 1,
    run: (chat, member, { text, ref }) => chat.speech.reply(member, text, ref),
  },
  rename: { needsName: false, cost: 2, run: rename },
  join: {
    needsName: true,
    cost: 2,
    run: (chat, member, { group, ref }) => {
      const problem = chat.groups.join(member, group, ref);
      if (problem) chat.refuse(member, problem, ref);
    },
  },
  leave: {
    needsName: true,
    cost: 2,
    run: (chat, member, { group, ref }) => {
      const problem = chat.groups.leave(member, group, ref);
      if (problem) chat.refuse(member, problem, ref);
    },
  },
  who: {
    needsName: true,
    cost: 1,
    run: (chat, { peer }, { ref }) => {
      const users = who(chat.members, MAX_LISTED);
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
    run: (chat, member, { since = 0, limit = HISTORY_DEFAULT, ref }) => {
      const messages = chat.page(member, since, Math.min(limit, MAX_LISTED));
      chat.delivery.toOne(member.peer, { type: "history", messages, ...withRef(ref) });
    },
  },
  help: {
    needsName: true,
    cost: 0.5,
    run: (chat, { peer }, { ref }) =>
      chat.delivery.toOne(peer, { type: "help", commands: HELP, ...withRef(ref) }),
  },
  ping: {
    needsName: false,
    cost: 0.2,
    run: (chat, { peer }, { ref }) => chat.delivery.toOne(peer, { type: "pong", ...withRef(ref) }),
  },
  bye: {
    needsName: false,
    cost: 0,
    run: (_chat, { peer }, { ref }) => peer.close("bye", undefined, ref),
  },
  command: {
    speaks: true, // or what it stands for does not
    needsName: false,
    cost: 1,
    run: (chat, member, { word, rest, ref }) => {
      const resolved = resolveCommand(word, rest);
      if (!("code" in resolved)) return perform(chat, member, { ...resolved, ...withRef(ref) });
      if (member.name === "") chat.register(member, undefined);
      chat.refuse(member, resolved, ref);
    },
  },
  invalid: {
    needsName: false,
    cost: 1,
    run: (chat, member, request) => {
      chat.refuse(member, request.failure, request.ref);
      if (!request.fatal) return;
      const { code } = request.failure;
      const isReason = code === "line_too_long" || code === "bad_frame";
      member.peer.close(isReason ? code : "binary_input");
    },
  },
};

/** Does what a member asks, completely, before it returns; answers what it cost. */
export function perform(chat: Chat, member: Member, request: Request): number {
  if (member.gone) return 0;
  // The compiler cannot relate a row to its verb across a lookup; the table's own type does.
  const row = REQUESTS[request.verb] as RequestRow<Verb>;
  if (!row.speaks) chat.history.settle();
  if (row.needsName && member.name === "") chat.register(member, undefined);
  return row.run(chat, member, request) ?? row.cost;
}

function hello(chat: Chat, member: Member, request: RequestOf<"hello">): void {
  const { name, version, ref } = request;
  if (version !== undefined && version !== NATIVE_VERSION) {
    const problem = failure("unsupported_version", `Speak version ${NATIVE_VERSION} of native`);
    return chat.refuse(member, problem, ref);
  }
  if (member.name === "") {
    if (request.resume !== undefined) return resume(chat, member, request.resume, ref);
    member.holds = request.hold === true;
    return chat.register(member, name, ref);
  }
  const problem = failure("already_registered", `You are ${member.name} already: use rename`);
  chat.refuse(member, problem, ref);
}

function rename(chat: Chat, member: Member, { name, ref }: RequestOf<"rename">): void {
  if (member.name === "") chat.register(member, name, ref);
  else chat.rename(member, name, ref);
}

function line(chat: Chat, member: Member, { text, ref }: RequestOf<"line">): void {
  if (member.name === "") chat.register(member, text.trim(), ref);
  else chat.speech.say(member, { text, ...withRef(ref) });
}
