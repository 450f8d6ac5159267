// Invariants of a server's state after every step: queues are bounded, and names, members and
// groups agree with each other.

import type { Server } from "../../server/server.ts";
import { InvariantError } from "./invariant_error.ts";

/** Throws {@linkcode InvariantError} if an invariant is broken. */
export function checkState(server: Server): void {
  const { chat, limits, sessions } = server;
  for (const session of sessions) {
    const { queuedBytes } = session.outbox;
    if (queuedBytes > limits.hardQueueBytes + limits.writeBytes) {
      throw new InvariantError("queue", `${queuedBytes} bytes wait for ${session.member?.name}`);
    }
  }
  const names = new Set<string>();
  for (const member of chat.members) {
    if (member.hasLeft || chat.find(member.name) !== member || names.has(member.name)) {
      throw new InvariantError("membership", `${member.name} is not who bears that name`);
    }
    names.add(member.name);
    for (const group of member.groups.keys()) {
      if (!group.members.has(member)) {
        throw new InvariantError("membership", `one-sided #${group.name}`);
      }
      for (const other of group.members) {
        if (!other.groups.has(group)) {
          throw new InvariantError("membership", `${other.name} is not in`);
        }
        if (!chat.members.has(other)) {
          throw new InvariantError("membership", `${other.name} has gone`);
        }
      }
    }
  }
  for (const { name, members } of chat.groups.list(1_000)) {
    if (members.length === 0) throw new InvariantError("membership", `#${name} is empty`);
  }
}
