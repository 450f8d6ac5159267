// Decides who may read a stored message.

import type { Audience } from "../history/history.ts";
import type { Member } from "./member.ts";

/** Whether `member` may read message number `seq`, which was for `audience`. */
export function mayRead(member: Member, audience: Audience, seq: number): boolean {
  switch (audience.kind) {
    case "everyone":
      return true;
    case "people":
      return audience.serials.includes(member.serial);
    case "group":
      if (audience.sender === member.serial) return true;
      for (const [group, joinedAt] of member.groups) {
        if (group.serial === audience.serial) return seq > joinedAt;
      }
      return false;
  }
}
