// The operator's commands that change something: what each takes and does (R41-R43, D9, D10). They
// become commands by being listed in commands.ts; nobody else may know them.

import { quoted } from "../protocol/failures.ts";
import { MAX_SHUTDOWN_SECONDS } from "../protocol/limits.ts";
import type { Ban, OrderOutcome } from "../server/control.ts";
import { durationText } from "../shared/duration.ts";
import {
  invalidArguments,
  parsedArguments,
  parseSeconds,
  sortArguments,
  unexpected,
  withoutMark,
} from "./command_arguments.ts";
import { failed, type OrderCommand, type Reply, succeeded } from "./command_row.ts";
import { minute, people } from "./format_values.ts";

/** How long a ban or mute may last, in seconds; one that is to last longer has no `--for`. */
const SPAN = { least: 1, most: 365 * 86_400 };

/** R41. */
export const wall: OrderCommand<string> = {
  kind: "order",
  name: "wall",
  usage: "wall TEXT",
  help: "Says something to everyone as server",
  wordsBeforeText: 0,
  parse(args) {
    // Options are not looked for: the text may begin with dashes.
    const text = withoutMark(args, 0).join(" ");
    return text.trim() === ""
      ? invalidArguments("Missing text: say what to tell everyone")
      : parsedArguments(text);
  },
  run: (control, text) =>
    replied(control.wall(text), ({ recipients }) => `Said to ${people(recipients)}`),
};

/** As private as any message to one person. */
export const msg: OrderCommand<{ readonly name: string; readonly text: string }> = {
  kind: "order",
  name: "msg",
  usage: "msg NAME TEXT",
  help: "Says something to one person as server",
  wordsBeforeText: 1,
  parse(args) {
    const [to = "", ...words] = withoutMark(args, 1);
    const name = to.replace(/^@/, "");
    if (name === "") return invalidArguments("Missing name: say whom to tell it");
    const text = words.join(" ");
    return text.trim() === ""
      ? invalidArguments(`Missing text: say what to tell ${quoted(name)}`)
      : parsedArguments({ name, text });
  },
  run: (control, { name, text }) =>
    replied(control.tell(name, text), (value) => `Said to ${value.name}`),
};

/** R42, D9. */
export const kick: OrderCommand<
  { readonly name: string; readonly reason: string; readonly ban: boolean }
> = {
  kind: "order",
  name: "kick",
  usage: "kick NAME [REASON] [--ban]",
  help: "Disconnects somebody; --ban also keeps the name out",
  parse(args) {
    const sorted = sortArguments(args, { "--ban": "flag" });
    if (!sorted.ok) return sorted;
    const [name = "", ...reason] = sorted.input.words;
    if (name === "") return invalidArguments("Missing name: say whom to kick");
    return parsedArguments({
      name,
      reason: reason.join(" "),
      ban: sorted.input.options.has("--ban"),
    });
  },
  run(control, { name, reason, ban }) {
    const kicked = control.kick(name, reason);
    if (!kicked.ok) return failed(kicked.error);
    if (!ban) return succeeded(`Kicked ${kicked.value.name}`, kicked.value);
    const banned = control.ban(kicked.value.name, { reason });
    if (!banned.ok) return failed(`Kicked ${kicked.value.name}, but not banned: ${banned.error}`);
    const data = { ...kicked.value, ban: banned.value.ban };
    return succeeded(`Kicked and banned ${kicked.value.name}`, data);
  },
};

/** D9. */
export const ban: OrderCommand<
  { readonly subject: string; readonly reason: string; readonly seconds?: number }
> = {
  kind: "order",
  name: "ban",
  usage: "ban NAME|ADDRESS [--for DURATION] [REASON]",
  help: "Keeps a name or address out (default until unban)",
  parse(args) {
    const sorted = sortArguments(args, { "--for": "value" });
    if (!sorted.ok) return sorted;
    const [subject = "", ...reason] = sorted.input.words;
    if (subject === "") return invalidArguments("Missing name or address: say whom to ban");
    const order = { subject, reason: reason.join(" ") };
    const span = sorted.input.options.get("--for");
    if (span === undefined) return parsedArguments(order);
    const seconds = parseSeconds(span, SPAN);
    return seconds.ok ? parsedArguments({ ...order, seconds: seconds.input }) : seconds;
  },
  run: (control, { subject, ...options }) =>
    replied(control.ban(subject, options), ({ ban, kicked }) => {
      return kicked.length === 0 ? banned(ban) : `${banned(ban)}, kicked ${kicked.join(", ")}`;
    }),
};

/** D9. */
export const unban: OrderCommand<string> = aboutOne({
  name: "unban",
  usage: "unban NAME|ADDRESS",
  help: "Lets a banned name or address in again",
  run: (control, subject) =>
    replied(control.unban(subject), (value) => `Unbanned ${value.subject}`),
});

/** What a muted person says is refused. */
export const mute: OrderCommand<{ readonly name: string; readonly seconds?: number }> = {
  kind: "order",
  name: "mute",
  usage: "mute NAME [--for DURATION]",
  help: "Refuses messages of a name (default until unmute)",
  parse(args) {
    const sorted = sortArguments(args, { "--for": "value" });
    if (!sorted.ok) return sorted;
    const [name = "", extra] = sorted.input.words;
    if (name === "") return invalidArguments("Missing name: say whom to mute");
    if (extra !== undefined) return invalidArguments(unexpected(extra));
    const span = sorted.input.options.get("--for");
    if (span === undefined) return parsedArguments({ name });
    const seconds = parseSeconds(span, SPAN);
    return seconds.ok ? parsedArguments({ name, seconds: seconds.input }) : seconds;
  },
  run: (control, { name, ...options }) =>
    replied(control.mute(name, options), ({ name, until }) => {
      return until === null ? `Muted ${name}` : `Muted ${name} until ${minute(until)}`;
    }),
};

/** The opposite of {@linkcode mute}. */
export const unmute: OrderCommand<string> = aboutOne({
  name: "unmute",
  usage: "unmute NAME",
  help: "Lets a muted person speak again",
  run: (control, name) => replied(control.unmute(name), (value) => `Unmuted ${value.name}`),
});

/** For whoever has forgotten a passphrase, or claimed what is not theirs. */
export const unclaim: OrderCommand<string> = aboutOne({
  name: "unclaim",
  usage: "unclaim NAME",
  help: "Frees a claimed name",
  run: (control, name) => replied(control.unclaim(name), (value) => `Freed ${value.name}`),
});

/** Orders may be given in the chat, by whoever has proven the name. */
export const op: OrderCommand<string> = aboutOne({
  name: "op",
  usage: "op NAME",
  help: "Lets the owner of a claimed name give orders",
  run: (control, name) =>
    replied(control.setOperator(name, true), (value) => `${value.name} is an operator`),
});

/** The opposite of {@linkcode op}. */
export const deop: OrderCommand<string> = aboutOne({
  name: "deop",
  usage: "deop NAME",
  help: "Takes that away again",
  run: (control, name) =>
    replied(control.setOperator(name, false), (value) => `${value.name} is no operator any more`),
});

/** R43, D10: `"cancel"`, or the seconds of a countdown. */
export const shutdown: OrderCommand<"cancel" | number> = {
  kind: "order",
  name: "shutdown",
  usage: "shutdown DURATION | --cancel",
  help: "Stops in 90s or 5m, 0 is now; --cancel calls it off",
  parse(args) {
    const sorted = sortArguments(args, { "--cancel": "flag" });
    if (!sorted.ok) return sorted;
    const { words: [time, extra], options } = sorted.input;
    if (extra !== undefined) return invalidArguments(unexpected(extra));
    if (!options.has("--cancel")) {
      return time === undefined
        ? invalidArguments("Missing time: say when to stop, such as 90s or 5m, 0 is now")
        : parseSeconds(time, { least: 0, most: MAX_SHUTDOWN_SECONDS });
    }
    return time === undefined
      ? parsedArguments("cancel")
      : invalidArguments("Give a time or --cancel, not both");
  },
  run(control, order) {
    if (order === "cancel") {
      return replied(control.cancelShutdown(), () => "Called off the shutdown");
    }
    return replied(control.shutdown(order), ({ seconds, replaced }) => {
      const when = seconds === 0 ? "Stopping now" : `Stopping in ${durationText(seconds * 1000)}`;
      return replaced ? `${when}, instead of the earlier shutdown` : when;
    });
  },
};

/** A command that takes exactly one name or address. */
function aboutOne(
  row: Pick<OrderCommand<string>, "name" | "usage" | "help" | "run">,
): OrderCommand<string> {
  return {
    kind: "order",
    ...row,
    parse(args) {
      const sorted = sortArguments(args, {});
      if (!sorted.ok) return sorted;
      const [subject = "", extra] = sorted.input.words;
      if (subject === "") return invalidArguments(`Missing name: say whom to ${row.name}`);
      return extra === undefined ? parsedArguments(subject) : invalidArguments(unexpected(extra));
    },
  };
}

function banned({ subject, until }: Ban): string {
  return until === null ? `Banned ${subject}` : `Banned ${subject} until ${minute(until)}`;
}

/** The server's answer to an order, in words; the value is the data. */
function replied<Done>(outcome: OrderOutcome<Done>, words: (value: Done) => string): Reply {
  return outcome.ok
    ? succeeded(words(outcome.value), outcome.value ?? null)
    : failed(outcome.error);
}
