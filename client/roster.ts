// The names and groups that a client has seen in events, in bounded memory, whatever a server
// sends. Pure.

import type { ServerEvent } from "../protocol/events.ts";

/** Most names and most groups kept: enough for completion, while a server may send any number. */
const MAX_KNOWN = 10_000;

/** Longest name or group kept, in UTF-16 units: far more than our own server allows. */
const MAX_KNOWN_UNITS = 256;

/** The name under which a server's operator writes; it takes no messages. */
const OPERATOR = "server";

/** The known names and groups, and this client's own name. */
export class Roster {
  readonly #names = new Set<string>();
  readonly #groups = new Set<string>();
  #own: string | undefined;
  #isConfirmed = false;
  #lastPrivate: string | undefined;

  /**
   * `own` is the name asked for, which the server may never confirm. `echoes` if the server sends a
   * client's messages back to it (D5): then messages under that name are its own.
   */
  constructor(own?: string, echoes = false) {
    this.#own = own;
    this.#isConfirmed = echoes && own !== undefined;
  }

  /** This client's name, as far as known. */
  get own(): string | undefined {
    return this.#own;
  }

  /** Whether the server confirmed {@linkcode own}; otherwise another client may have that name. */
  get isConfirmed(): boolean {
    return this.#isConfirmed;
  }

  /** The last sender of a private message to this client. */
  get lastPrivate(): string | undefined {
    return this.#lastPrivate;
  }

  /** The names of the others, sorted. */
  names(): string[] {
    return [...this.#names].filter((name) => name !== this.#own || !this.#isConfirmed).sort();
  }

  /** The groups without their `#`, sorted. */
  groups(): string[] {
    return [...this.#groups].sort();
  }

  /** Sets this client's name, for servers that confirm none. */
  assume(own: string): void {
    this.#own = own;
  }

  /** Updates names and groups from `event`. */
  update(event: ServerEvent): void {
    switch (event.type) {
      case "welcome":
        this.#confirm(event.name);
        this.#names.clear();
        add(this.#names, event.users);
        return add(this.#groups, event.groups);
      case "you":
        this.#own = bounded(event.name);
        return;
      case "joined":
        add(this.#names, [event.name]);
        return add(this.#groups, event.group === undefined ? [] : [event.group]);
      case "left":
        if (event.group === undefined) this.#names.delete(event.name);
        return;
      case "presence":
        for (const name of event.gone) this.#names.delete(name);
        return add(this.#names, event.names);
      case "renamed":
        return this.#rename(event.was, event.name, event.you === true);
      case "who":
        if (event.users.length === event.total) this.#names.clear();
        add(this.#names, event.users.map((user) => user.name));
        return add(this.#groups, event.users.flatMap((user) => user.groups));
      case "groups":
        if (event.groups.length === event.total) this.#groups.clear();
        return add(this.#groups, event.groups.map((group) => group.name));
      case "message":
        if (event.replay) return; // its sender may have left since
        if (event.from !== OPERATOR) add(this.#names, [event.from]);
        if (event.to?.startsWith("#")) add(this.#groups, [event.to.slice(1)]);
        if (event.to?.startsWith("@") && event.from !== this.#own) {
          this.#lastPrivate = bounded(event.from);
        }
        return;
      default:
        return;
    }
  }

  #confirm(name: string): void {
    this.#own = bounded(name);
    this.#isConfirmed = true;
  }

  #rename(was: string, name: string, you: boolean): void {
    this.#names.delete(was);
    add(this.#names, [name]);
    if (you) this.#confirm(name);
    if (this.#lastPrivate === was) this.#lastPrivate = bounded(name);
  }
}

function add(known: Set<string>, names: readonly string[]): void {
  for (const name of names) {
    if (known.size >= MAX_KNOWN) return;
    if (name.length <= MAX_KNOWN_UNITS) known.add(name);
  }
}

function bounded(name: string): string {
  return name.slice(0, MAX_KNOWN_UNITS).toWellFormed();
}
