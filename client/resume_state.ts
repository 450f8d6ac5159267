// The state a client needs to resume its session on another connection: name, secrets, newest
// message seen, groups. Pure.

import type { ServerEvent } from "../protocol/events.ts";
import { NATIVE_VERSION } from "../protocol/limits.ts";
import type { Request } from "../protocol/requests.ts";
import { ShownMessages } from "./shown_messages.ts";

/** The secrets that a server may ask for. */
export interface SessionSecrets {
  /** The server's password. */
  password?: string;
  /** The passphrase of a claimed name. */
  passphrase?: string;
}

export type WelcomeEvent = ServerEvent & { readonly type: "welcome" };

/** The state of one session, and of the sessions that follow if the server no longer knows it. */
export class ResumeState {
  readonly #seen = new ShownMessages();
  readonly #groups = new Set<string>();
  #name: string | undefined;
  #session: string | undefined;

  readonly #secrets: SessionSecrets;

  /** `name` is the name to ask for. */
  constructor(name: string | undefined, secrets: SessionSecrets = {}) {
    this.#name = name;
    this.#secrets = { ...secrets };
  }

  /**
   * The first request of a connection; `hold` asks the server to hold the name after a lost
   * connection.
   */
  hello(hold: boolean): Request {
    const session = this.#session;
    return {
      verb: "hello",
      version: NATIVE_VERSION,
      ...(this.#name === undefined ? {} : { name: this.#name }),
      ...(hold ? { hold } : {}),
      ...this.#secrets,
      ...(session === undefined ? {} : { resume: { session, since: this.#seen.since } }),
    };
  }

  /** The name to ask for in the next hello. */
  get name(): string | undefined {
    return this.#name;
  }

  /** Whether a passphrase is known that proves the name. */
  get isProven(): boolean {
    return this.#secrets.passphrase !== undefined;
  }

  /** Stores the passphrase of the name, for reconnecting. */
  takePassphrase(passphrase: string): void {
    this.#secrets.passphrase = passphrase;
  }

  /**
   * Asks for another name in the next hello. That starts a new session, since a resumed one keeps
   * its name.
   */
  takeName(name: string): void {
    this.#name = name;
    this.#session = undefined;
  }

  /** The server does not know the session; returns false if the hello did not ask to resume one. */
  forgetSession(): boolean {
    const had = this.#session !== undefined;
    this.#session = undefined;
    return had;
  }

  /** The server sent its welcome; `resumed` if the session continues. */
  begin(event: WelcomeEvent, resumed: boolean): void {
    this.#session = event.session;
    this.#name = event.name;
    if (!resumed) this.#seen.begin(event.seq ?? 0); // some servers do not number messages
  }

  /** The requests that bring a new session to the state of the old one. */
  restoringRequests(): Request[] {
    return [...this.#groups].map((group) => ({ verb: "join", group }));
  }

  /** Records `event`; returns false for a message that was seen before. */
  isUnseen(event: ServerEvent): boolean {
    if (event.type === "message") return this.#seen.take(event);
    if (event.type === "renamed" && event.you) this.#name = event.name;
    if (event.type === "joined" && event.you && event.group) this.#groups.add(event.group);
    if (event.type === "left" && event.you && event.group) this.#groups.delete(event.group);
    return true;
  }
}
