// One event of every type, with all its fields, for tests of every type.

import type { EventType, ServerEvent } from "../../protocol/events.ts";

const AT = "2026-03-04T12:34:56.789Z";

/** By type, so that a new type does not compile until it has a sample. */
export const SAMPLES: { readonly [T in EventType]: Extract<ServerEvent, { type: T }> } = {
  message: { type: "message", seq: 7, at: AT, from: "bob", text: "Grüße, 世界 👍" },
  greeting: {
    type: "greeting",
    here: 2,
    commands: [{ usage: "/help", help: "this list" }],
    within: 60,
  },
  welcome: {
    type: "welcome",
    id: 3,
    name: "eve",
    session: "s3cret",
    seq: 9,
    users: ["alice", "eve"],
    groups: ["cooks"],
    total: 2,
    version: 1,
    ref: 1,
  },
  gap: { type: "gap", from: 3, to: 5 },
  ack: { type: "ack", seq: 8, recipients: 2, ref: "a" },
  joined: { type: "joined", name: "bob", group: "cooks" },
  left: { type: "left", name: "bob", reason: "connection lost" },
  presence: {
    type: "presence",
    joined: 153,
    left: 1,
    names: ["ana", "bob"],
    gone: ["eve"],
    total: 200,
  },
  renamed: { type: "renamed", was: "bob", name: "rob" },
  you: { type: "you", id: 3, name: "eve", ref: 2 },
  who: {
    type: "who",
    users: [{ id: 1, name: "bob", groups: ["cooks"], since: AT, dialect: "plain" }],
    total: 1,
  },
  groups: { type: "groups", groups: [{ name: "cooks", members: ["bob"] }], total: 1 },
  history: {
    type: "history",
    messages: [
      { type: "message", seq: 1, at: AT, from: "bob", text: "hi", replay: true },
      { type: "message", seq: 2, at: AT, from: "eve", to: "#cooks", text: "soup", replay: true },
    ],
    more: true,
    next: 2,
  },
  help: { type: "help", commands: [{ usage: "/help", help: "this list" }] },
  notice: { type: "notice", text: "Backup at noon" },
  shutdown: { type: "shutdown", in: 10 },
  pong: { type: "pong", ref: 5 },
  closed: { type: "closed", reason: "kicked", text: "kicked: spam" },
  error: { type: "error", code: "name_taken", message: 'Choose another name: "bob" is taken' },
};

/** The samples as a list. */
export const ALL_EVENTS: readonly ServerEvent[] = Object.values(SAMPLES);

/** A message as a client decodes it if the dialect sends neither number nor time. */
export function clientMessage(from: string, text: string, more: { to?: string } = {}): ServerEvent {
  return { type: "message", seq: 0, at: "", from, ...more, text };
}
