// A chat whose peers record what they receive, for the tests of server/chat.

import { EN } from "../../../texts/en.ts";
import { assert, assertStrictEquals, fail } from "@std/assert";
import type { ServerEvent } from "../../../protocol/events.ts";
import type { CloseReason, Failure } from "../../../protocol/failures.ts";
import type { Request } from "../../../protocol/requests.ts";
import { Authority, type AuthorityOptions } from "../../../server/authority/authority.ts";
import { ModerationStore } from "../../../server/authority/moderation_store.ts";
import { type HashCost, Passphrases } from "../../../server/authority/passphrases.ts";
import { NO_MODERATION_RECORDS } from "../../../server/authority/moderation_records.ts";
import { Chat } from "../../../server/chat/chat.ts";
import type { Delivery, Member } from "../../../server/chat/member.ts";
import type { PresenceLimits } from "../../../server/chat/presence.ts";
import { performRequest } from "../../../server/chat/perform.ts";
import type { DisconnectGraceLimits, SessionStore } from "../../../server/chat/disconnect_grace.ts";
import type { History } from "../../../server/history/history.ts";
import { MemoryHistory } from "../../../server/history/memory_history.ts";
import { MemorySessionStore } from "../../../server/storage/session_store.ts";
import { freshSerials } from "../../../server/store/member_serials.ts";
import { DEFAULT_LIMITS } from "../../../server/limits/limits.ts";
import { type PeerOptions, RecordingDelivery, RecordingPeer } from "../../fake_peer.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";

/** A cost so low that tests do not wait for a hash. */
const FAST: HashCost = { n: 16, r: 1, p: 1 };

/** A client connected to a {@linkcode ChatFixture}. */
export class TestMember {
  readonly #first: Member;

  constructor(readonly chat: Chat, member: Member, readonly peer: RecordingPeer) {
    this.#first = member;
  }

  /** The member whose connection it is now. */
  get member(): Member {
    return this.peer.member ?? this.#first;
  }

  get name(): string {
    return this.member.name;
  }

  /** Carries out a request; returns the events that this client received. */
  ask(request: Request): ServerEvent[] {
    this.peer.take();
    performRequest(this.chat, this.member, request);
    return this.peer.take();
  }

  /** Sends `text`, to everyone or to `@name` or `#group`. */
  say(text: string, to?: string): ServerEvent[] {
    if (to === undefined) return this.ask({ verb: "say", text });
    const sigil = to.startsWith("#") ? "#" : "@";
    return this.ask({ verb: "say", text, to: { sigil, name: to.slice(1) } });
  }

  /** The code of the refusal that `request` gets, which must be the only answer. */
  refused(request: Request): string {
    const answers = this.ask(request);
    assertStrictEquals(answers.length, 1, JSON.stringify(answers));
    const [answer] = answers;
    assertStrictEquals(answer?.type, "error", JSON.stringify(answer));
    return answer?.type === "error" ? answer.code : "";
  }

  /** Texts of the answer to `history`, in order. */
  history(limit?: number): string[] {
    const answers = this.ask({ verb: "history", ...(limit === undefined ? {} : { limit }) });
    const page = answers.find((answer) => answer.type === "history");
    assert(page, JSON.stringify(answers));
    return page.messages.map(({ text }) => text);
  }
}

/** Options of a chat that differ from the usual ones. */
export interface ChatFixtureOptions {
  readonly maxGroups?: number;
  readonly maxGroupsPerClient?: number;
  readonly capacity?: number;
  readonly limits?: Partial<PresenceLimits & DisconnectGraceLimits>;
  readonly refuses?: (name: string) => Failure | undefined;
  readonly delivery?: Delivery;
  readonly history?: History;
  readonly sessions?: SessionStore;
  readonly newSerial?: () => number;
  readonly newToken?: () => string;
}

/** An authority that also refuses the names that `also` does. */
class RefusingAuthority extends Authority {
  readonly #also: ChatFixtureOptions["refuses"];

  constructor(options: AuthorityOptions, also: ChatFixtureOptions["refuses"]) {
    super(options);
    this.#also = also;
  }

  override refuses(name: string, member: Pick<Member, "identity">): Failure | undefined {
    return this.#also?.(name) ?? super.refuses(name, member);
  }
}

/** A chat, and what its operator observes. */
export class ChatFixture {
  readonly clock = new FakeClock();
  readonly history: History;
  readonly observed: ServerEvent[] = [];
  readonly registered: string[] = [];
  readonly moderation: ModerationStore;
  readonly authority: Authority;
  readonly chat: Chat;
  #tokens = 0;

  constructor(options: ChatFixtureOptions = {}) {
    const { maxGroups = 10, maxGroupsPerClient = 5, capacity = 100, limits = {} } = options;
    this.moderation = new ModerationStore(NO_MODERATION_RECORDS, () => this.clock.now());
    const delivery = options.delivery ?? new RecordingDelivery();
    this.authority = new RefusingAuthority({
      moderation: this.moderation,
      clock: this.clock,
      delivery,
      passphrases: new Passphrases(FAST),
      publishOrder: () => {},
      log: () => {},
      onFault: (fault) => fail(String(fault)),
    }, options.refuses);
    this.history = options.history ??
      new MemoryHistory({ capacity, now: () => this.clock.now() });
    this.chat = new Chat({
      texts: EN,
      delivery,
      history: this.history,
      sessions: options.sessions ?? new MemorySessionStore(),
      newSerial: options.newSerial ?? freshSerials().next,
      limits: { ...DEFAULT_LIMITS, ...limits, maxGroups, maxGroupsPerClient },
      monotonic: () => this.clock.monotonic(),
      after: (ms, fire) => this.clock.after(ms, fire),
      newToken: options.newToken ?? (() => `token ${++this.#tokens}`),
      authority: this.authority,
      mutes: this.moderation.mutes,
      observe: (event) => this.observed.push(event),
      onRegistered: (member) => this.registered.push(member.name),
    });
  }

  /** A connection that has not registered yet. */
  connect(options: PeerOptions = {}): TestMember {
    const peer = new RecordingPeer(options);
    const member = this.chat.connect(peer, new Date(this.clock.now()).toISOString());
    // As in a session: a closed client has left immediately.
    peer.onClose = (reason, detail) =>
      this.drop(new TestMember(this.chat, member, peer), reason, detail);
    return new TestMember(this.chat, member, peer);
  }

  /** Ends the connection of a client. */
  drop({ member, peer }: TestMember, reason: CloseReason, detail?: string): void {
    if (member.peer === peer) this.chat.leave(member, reason, detail);
  }

  /** A registered client; every client has read its join. */
  join(name?: string, options: PeerOptions = {}): TestMember {
    const client = this.connect(options);
    this.chat.register(client.member, name);
    for (const { peer } of this.chat.members) {
      if (peer instanceof RecordingPeer) peer.take();
    }
    return client;
  }
}
