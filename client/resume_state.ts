// What a client must remember of its session so that another connection can go on with it: who it is,
// the secret, what it has seen, the groups it is in. Pure; it knows no connection.

import type { ServerEvent } from "../protocol/events.ts";
import { NATIVE_VERSION } from "../protocol/limits.ts";
import type { Request } from "../protocol/requests.ts";
import { ShownMessages } from "./shown_messages.ts";

/** What lets somebody in. */
export interface SessionSecrets {
  /** The server's. */
  password?: string;
  /** Of a claimed name. */
  passphrase?: string;
}

/** The server's welcome. */
export type WelcomeEvent = ServerEvent & { readonly type: "welcome" };

/** The memory of one session, and of the ones that follow when the server has forgotten it. */
export class ResumeState {
  readonly #seen = new ShownMessages();
  readonly #groups = new Set<string>();
  #name: string | undefined;
  #session: string | undefined;

  readonly #secrets: SessionSecrets;

  /** `name` is the one to ask for, `secrets` what lets this client in. */
  constructor(name: string | undefined, secrets: SessionSecrets = {}) {
    this.#name = name;
    this.#secrets = { ...secrets };
  }

  /** How a connection begins; `hold` asks the server to keep the place when it breaks. */
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

  /** Whether there is something that proves its name. */
  get isProven(): boolean {
    return this.#secrets.passphrase !== undefined;
  }

  /** What proves its name from now on, should this client have to come back. */
  takePassphrase(passphrase: string): void {
    this.#secrets.passphrase = passphrase;
  }

  /** The next hello asks for another name, which is another session: one keeps the name it has. */
  takeName(name: string): void {
    this.#name = name;
    this.#session = undefined;
  }

  /** The server does not know the session: false if it was not asked to go on with one. */
  forgetSession(): boolean {
    const had = this.#session !== undefined;
    this.#session = undefined;
    return had;
  }

  /** The server let this client in; `resumed` when the session goes on. */
  begin(event: WelcomeEvent, resumed: boolean): void {
    this.#session = event.session;
    this.#name = event.name;
    if (!resumed) this.#seen.begin(event.seq ?? 0); // a server need not number
  }

  /** What brings a new session to where the old one was. */
  restoringRequests(): Request[] {
    return [...this.#groups].map((group) => ({ verb: "join", group }));
  }

  /** Takes in `event`; false when it is a message that was seen already. */
  isUnseen(event: ServerEvent): boolean {
    if (event.type === "message") return this.#seen.take(event);
    if (event.type === "renamed" && event.you) this.#name = event.name;
    if (event.type === "joined" && event.you && event.group) this.#groups.add(event.group);
    if (event.type === "left" && event.you && event.group) this.#groups.delete(event.group);
    return true;
  }
}
