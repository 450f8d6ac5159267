// A reference model of the chat, written from docs/protocol.md and docs/dialects.md: the events
// that each client receives for an operation.

import type { DialectName } from "../../protocol/dialect.ts";
import type { MessageEvent, ServerEvent } from "../../protocol/events.ts";
import type { FailureCode } from "../../protocol/failures.ts";
import type { Operation } from "./operation.ts";

/** A client of the model. */
export interface ReferenceMember {
  readonly id: number;
  readonly dialect: DialectName;
  name: string;
  /** Its groups, each with the number of the newest message when it joined. */
  readonly groups: Map<Group, number>;
  lastPrivate?: ReferenceMember;
  isStalled: boolean;
  gone: boolean;
}

interface Group {
  readonly name: string;
  readonly members: Set<ReferenceMember>;
}

interface Stored {
  readonly message: MessageEvent;
  readonly sender: ReferenceMember | undefined;
  /** Who receives it: everyone, a group, or one member. */
  readonly audience: "everyone" | Group | ReferenceMember;
}

const RESERVED = new Set(["all", "tous", "everyone", "server", "admin"]);
/** Messages to everyone that are replayed to a new member, at most. */
const MAX_REPLAYED = 20;
const SHOWN_BEFORE: ReadonlySet<DialectName> = new Set(["native", "plain"]);
/** Dialects that receive their own messages too, and have no refusal of a name. */
const ECHO: ReadonlySet<DialectName> = new Set(["native", "framed"]);
const CANNOT_REFUSE: ReadonlySet<DialectName> = new Set(["framed", "usermsg", "etx"]);

/** The chat as docs/protocol.md and docs/dialects.md describe it. Time stands still in it. */
export class Reference {
  readonly people: (ReferenceMember | undefined)[];
  readonly #at: string;
  /** Every registered client, in the order in which they registered. */
  readonly #here = new Set<ReferenceMember>();
  readonly #groups = new Set<Group>();
  readonly #muted = new Set<string>();
  readonly #banned = new Map<string, string>();
  readonly #stored: Stored[] = [];
  #reported = new Map<ReferenceMember, ServerEvent[]>();

  /** `at` is the time of every event, as the protocol writes it. */
  constructor(slots: number, at: string) {
    this.people = Array.from({ length: slots }, () => undefined);
    this.#at = at;
  }

  /** Carries it out, and returns the events of each client; `message` of an error is empty. */
  apply(op: Operation): Map<ReferenceMember, ServerEvent[]> {
    this.#reported = new Map();
    if ("slot" in op) {
      if (op.does === "connect") this.people[op.slot] = this.#connect(op.dialect, op.name);
      else this.#ask(this.people[op.slot], op);
    } else if (op.does === "wall") {
      this.#toAll(this.#store({ from: "server", text: op.text }, undefined, "everyone"));
    } else if (op.does === "ban") {
      this.#banned.set(op.name.toLowerCase(), op.reason);
      this.#close(this.#find(op.name), "banned", `banned: ${op.reason}`);
    } else if (op.does === "kick") {
      this.#close(this.#find(op.name), "kicked", `kicked: ${op.reason}`);
    } else if (op.does === "unmute") this.#muted.delete(op.name.toLowerCase());
    else if (this.#find(op.name)) this.#muted.add(op.name.toLowerCase());
    return this.#reported;
  }

  #connect(dialect: DialectName, name: string): ReferenceMember {
    const taken = new Set(this.people.flatMap((one) => one && !one.gone ? [one.id] : []));
    let id = 1;
    while (taken.has(id)) id++;
    const groups = new Map<Group, number>();
    const person: ReferenceMember = {
      id,
      dialect,
      name: "",
      groups,
      isStalled: false,
      gone: false,
    };
    this.#register(person, name);
    return person;
  }

  #register(person: ReferenceMember, wanted: string): void {
    const problem = wanted === "" ? undefined : this.#problemWith(wanted);
    const reason = this.#banned.get(wanted.toLowerCase());
    if (problem === "banned" && reason !== undefined) {
      const text = `"${wanted}" is banned: ${reason}`;
      this.#tell(person, { type: "closed", reason: "banned", text });
      person.gone = true;
      return;
    }
    if (problem !== undefined && !CANNOT_REFUSE.has(person.dialect)) {
      return this.#refuse(person, problem);
    }
    person.name = this.#free(
      wanted === "" || problem === "name_reserved" ? `user${person.id}` : wanted,
    );
    this.#here.add(person);
    const names = [...this.#here].map(({ name }) => name);
    const before = this.#stored
      .filter(({ audience }) => audience === "everyone" && SHOWN_BEFORE.has(person.dialect))
      .slice(-MAX_REPLAYED).map(({ message }) => ({ ...message, replay: true } as const));
    this.#tell(person, {
      type: "welcome",
      id: person.id,
      name: person.name,
      session: "",
      seq: this.#stored.length,
      users: names,
      groups: [...this.#groups].map(({ name }) => name),
      total: names.length,
      version: 1,
      ...(before.length === 0 ? {} : { replay: before.length }),
    });
    for (const message of before) this.#tell(person, message);
    this.#toAll({ type: "joined", name: person.name }, person);
  }

  #problemWith(name: string, own?: ReferenceMember): FailureCode | undefined {
    if (RESERVED.has(name.toLowerCase())) return "name_reserved";
    if (this.#banned.has(name.toLowerCase())) return "banned";
    const holder = this.#find(name) ?? this.#group(name);
    return holder !== undefined && holder !== own ? "name_taken" : undefined;
  }

  #free(name: string): string {
    if (this.#problemWith(name) === undefined) return name;
    for (let number = 2;; number++) {
      if (this.#problemWith(`${name}_${number}`) === undefined) return `${name}_${number}`;
    }
  }

  #ask(person: ReferenceMember | undefined, op: Extract<Operation, { slot: number }>): void {
    if (person === undefined || person.gone) return;
    if (op.does === "bye") return this.#close(person, "bye", "left");
    if (op.does === "end") return this.#depart(person, "disconnected");
    if (op.does === "cut") return this.#depart(person, "connection lost");
    if (op.does === "connect") return;
    if (op.does === "stall" || op.does === "read") {
      return void (person.isStalled = op.does === "stall");
    }
    if (op.does === "rename") return this.#rename(person, op.name);
    if (person.name === "") this.#register(person, "");
    if (op.does === "join" || op.does === "leave") this.#enter(person, op.does, op.group);
    else if (op.does === "say") this.#say(person, op.text, op.to);
    else if (op.does === "reply") this.#reply(person, op.text);
    else if (op.does === "who") {
      const users = [...this.#here].map(({ id, name, groups, dialect }) => (
        { id, name, groups: [...groups.keys()].map((g) => g.name), since: this.#at, dialect }
      ));
      this.#tell(person, { type: "who", users, total: users.length });
    } else if (op.does === "groups") {
      const groups = [...this.#groups].map(({ name, members }) => (
        { name, members: [...members].map((one) => one.name) }
      ));
      this.#tell(person, { type: "groups", groups, total: groups.length });
    } else if (op.does === "history") {
      const all = this.#stored.filter((one) => this.#mayRead(person, one))
        .map(({ message }) => ({ ...message, replay: true } as const));
      const older = all.at(-op.limit - 1)?.seq;
      const more = older === undefined ? {} : { more: true, next: older + 1 } as const;
      this.#tell(person, { type: "history", messages: all.slice(-op.limit), ...more });
    }
  }

  #mayRead(person: ReferenceMember, { audience, sender, message }: Stored): boolean {
    if (audience === "everyone" || sender === person || audience === person) return true;
    return "members" in audience && (person.groups.get(audience) ?? Infinity) < message.seq;
  }

  #rename(person: ReferenceMember, name: string): void {
    if (person.name === "") return this.#register(person, name);
    if (this.#muted.has(person.name.toLowerCase())) return this.#refuse(person, "muted");
    const problem = this.#problemWith(name, person);
    if (problem !== undefined) return this.#refuse(person, problem);
    const was = person.name;
    person.name = name;
    this.#tell(person, { type: "renamed", was, name, you: true });
    if (was !== name) this.#toAll({ type: "renamed", was, name }, person);
  }

  #enter(person: ReferenceMember, does: "join" | "leave", wanted: string): void {
    const found = this.#group(wanted);
    const isIn = found !== undefined && person.groups.has(found);
    if (does === "leave" && !isIn) return this.#refuse(person, "not_in_group");
    if (does === "join" && isIn) return this.#refuse(person, "in_group");
    // A ban is for members: a group of that name is allowed.
    const problem = found ? undefined : this.#problemWith(wanted);
    if (problem !== undefined && problem !== "banned") return this.#refuse(person, problem);
    const group = found ?? { name: wanted, members: new Set<ReferenceMember>() };
    const type = does === "join" ? "joined" : "left";
    const event = { type, name: person.name, group: group.name } as const;
    this.#groups.add(group);
    this.#tell(person, { ...event, you: true });
    this.#toSome(group.members, event, person);
    if (does === "leave") return this.#takeOut(person, group);
    group.members.add(person);
    person.groups.set(group, this.#stored.length);
  }

  #takeOut(person: ReferenceMember, group: Group): void {
    group.members.delete(person);
    person.groups.delete(group);
    if (group.members.size === 0) this.#groups.delete(group);
  }

  #reply(person: ReferenceMember, text: string): void {
    const to = person.lastPrivate;
    if (to === undefined || to.gone) return this.#refuse(person, "no_one_to_reply");
    this.#say(person, text, { sigil: "@", name: to.name });
  }

  #say(person: ReferenceMember, text: string, to?: { sigil: "@" | "#"; name: string }): void {
    if (this.#muted.has(person.name.toLowerCase())) return this.#refuse(person, "muted");
    if (text.trim() === "") return this.#refuse(person, "empty_message");
    const from = person.name;
    const isForAll = to === undefined ||
      (to.sigil === "@" && ["all", "tous", "everyone"].includes(to.name.toLowerCase()));
    if (isForAll) {
      return this.#deliver(person, this.#store({ from, text }, person, "everyone"), this.#here);
    }
    const group = this.#group(to.name);
    const target = to.sigil === "@" ? this.#find(to.name) : undefined;
    if (group !== undefined) {
      const message = this.#store({ from, text, to: `#${group.name}` }, person, group);
      return this.#deliver(person, message, group.members);
    }
    if (target === undefined) {
      return this.#refuse(person, to.sigil === "#" ? "no_such_group" : "no_such_name");
    }
    target.lastPrivate = person;
    const message = this.#store({ from, text, to: `@${target.name}` }, person, target);
    this.#deliver(person, message, new Set([target]));
  }

  #store(
    sent: Pick<MessageEvent, "from" | "text"> & { to?: string },
    sender: ReferenceMember | undefined,
    audience: Stored["audience"],
  ): MessageEvent {
    const { from, to, text } = sent;
    const head = { type: "message", seq: this.#stored.length + 1, at: this.#at } as const;
    const message = { ...head, from, text, ...(to === undefined ? {} : { to }) };
    this.#stored.push({ message, sender, audience });
    return message;
  }

  #deliver(person: ReferenceMember, message: MessageEvent, to: ReadonlySet<ReferenceMember>): void {
    this.#toSome(to, message, person);
    if (ECHO.has(person.dialect)) this.#tell(person, message);
    const { seq, to: addressed } = message;
    const recipients = to.size - (to.has(person) ? 1 : 0);
    this.#tell(person, {
      type: "ack",
      seq,
      recipients,
      ...(addressed === undefined ? {} : { to: addressed }),
    });
  }

  #close(
    person: ReferenceMember | undefined,
    reason: "bye" | "kicked" | "banned",
    text: string,
  ): void {
    if (person === undefined) return;
    this.#tell(person, { type: "closed", reason, text });
    this.#depart(person, reason === "bye" ? undefined : text);
  }

  #depart(person: ReferenceMember, reason: string | undefined): void {
    person.gone = true;
    if (!this.#here.delete(person)) return;
    for (const group of [...person.groups.keys()]) this.#takeOut(person, group);
    this.#toAll({ type: "left", name: person.name, ...(reason === undefined ? {} : { reason }) });
  }

  #find(name: string): ReferenceMember | undefined {
    return [...this.#here].find((one) => one.name.toLowerCase() === name.toLowerCase());
  }

  #group(name: string): Group | undefined {
    return [...this.#groups].find((one) => one.name.toLowerCase() === name.toLowerCase());
  }

  #refuse(person: ReferenceMember, code: FailureCode): void {
    this.#tell(person, { type: "error", code, message: "" });
  }

  #toAll(event: ServerEvent, except?: ReferenceMember): void {
    this.#toSome(this.#here, event, except);
  }

  #toSome(people: Iterable<ReferenceMember>, event: ServerEvent, except?: ReferenceMember): void {
    for (const person of people) if (person !== except) this.#tell(person, event);
  }

  #tell(person: ReferenceMember, event: ServerEvent): void {
    this.#reported.set(person, [...this.#reported.get(person) ?? [], event]);
  }
}
