// The operator's commands that change something: what each takes and does (R41-R43, D9, D10).
// command_table.ts lists them.

import { quoted } from "../protocol/failures.ts";
import { MAX_SHUTDOWN_SECONDS } from "../protocol/limits.ts";
import type { OrderOutcome } from "../server/control.ts";
import {
  invalidArguments,
  parsedArguments,
  parseSeconds,
  sortArguments,
  unexpectedArgument,
  withoutMark,
} from "./command_arguments.ts";
import type { OrderCommand, Reply } from "./command_row.ts";

/** The length of a ban or mute with `--for`, in seconds; without it there is no end. */
const SPAN = { least: 1, most: 365 * 86_400 };

/** Sends a text to everyone as `server` (R41). */
export const wall: OrderCommand<string> = {
  kind: "order",
  name: "wall",
  usage: "wall TEXT",
  wordsBeforeText: 0,
  parse(args, texts) {
    // No options: the text may begin with dashes.
    const text = withoutMark(args, 0).join(" ");
    return text.trim() === "" ? invalidArguments(texts.missingWallText) : parsedArguments(text);
  },
  run: (control, text, { texts }) =>
    replied(control.wall(text), ({ recipients }) => texts.sentToPeople(recipients)),
};

/** Sends a text to one member as `server`; it is as private as any message to one member. */
export const msg: OrderCommand<{ readonly name: string; readonly text: string }> = {
  kind: "order",
  name: "msg",
  usage: "msg NAME TEXT",
  wordsBeforeText: 1,
  parse(args, texts) {
    const [to = "", ...words] = withoutMark(args, 1);
    const name = to.replace(/^@/, "");
    if (name === "") return invalidArguments(texts.missingMsgName);
    const text = words.join(" ");
    return text.trim() === ""
      ? invalidArguments(texts.missingMsgText(quoted(name)))
      : parsedArguments({ name, text });
  },
  run: (control, { name, text }, { texts }) =>
    replied(control.tell(name, text), (value) => texts.sentToMember(value.name)),
};

/** Disconnects a member, and with `--ban` bans the name too (R42, D9). */
export const kick: OrderCommand<
  { readonly name: string; readonly reason: string; readonly ban: boolean }
> = {
  kind: "order",
  name: "kick",
  usage: "kick NAME [REASON] [--ban]",
  parse(args, texts) {
    const sorted = sortArguments(args, { "--ban": "flag" }, texts);
    if (!sorted.ok) return sorted;
    const [name = "", ...reason] = sorted.input.words;
    if (name === "") return invalidArguments(texts.missingName("kick"));
    return parsedArguments({
      name,
      reason: reason.join(" "),
      ban: sorted.input.options.has("--ban"),
    });
  },
  run(control, { name, reason, ban }, { texts }) {
    const kicked = control.kick(name, reason);
    if (!kicked.ok) return refused(kicked.error);
    if (!ban) {
      return { ok: true, text: texts.kicked(kicked.value.name), data: kicked.value };
    }
    const banned = control.ban(kicked.value.name, { reason });
    if (!banned.ok) return refused(texts.kickedNotBanned(kicked.value.name, banned.error));
    const data = { ...kicked.value, ban: banned.value.ban };
    return { ok: true, text: texts.kickedAndBanned(kicked.value.name), data };
  },
};

/** Bans a name or an address (D9). */
export const ban: OrderCommand<
  { readonly subject: string; readonly reason: string; readonly seconds?: number }
> = {
  kind: "order",
  name: "ban",
  usage: "ban NAME|ADDRESS [--for DURATION] [REASON]",
  parse(args, texts) {
    const sorted = sortArguments(args, { "--for": "value" }, texts);
    if (!sorted.ok) return sorted;
    const [subject = "", ...reason] = sorted.input.words;
    if (subject === "") return invalidArguments(texts.missingBanSubject);
    const order = { subject, reason: reason.join(" ") };
    const span = sorted.input.options.get("--for");
    if (span === undefined) return parsedArguments(order);
    const seconds = parseSeconds(span, SPAN, texts);
    return seconds.ok ? parsedArguments({ ...order, seconds: seconds.input }) : seconds;
  },
  run: (control, { subject, ...options }, { texts }) =>
    replied(
      control.ban(subject, options),
      ({ ban, kicked }) => texts.banned(ban, kicked),
    ),
};

/** Lifts a ban (D9). */
export const unban: OrderCommand<string> = commandForOne({
  name: "unban",
  usage: "unban NAME|ADDRESS",
  run: (control, subject, { texts }) =>
    replied(control.unban(subject), (value) => texts.unbanned(value.subject)),
});

/** Refuses the messages of a member, or from an address. */
export const mute: OrderCommand<{ readonly name: string; readonly seconds?: number }> = {
  kind: "order",
  name: "mute",
  usage: "mute NAME|ADDRESS [--for DURATION]",
  parse(args, texts) {
    const sorted = sortArguments(args, { "--for": "value" }, texts);
    if (!sorted.ok) return sorted;
    const [name = "", extra] = sorted.input.words;
    if (name === "") return invalidArguments(texts.missingName("mute"));
    if (extra !== undefined) return unexpectedArgument(extra, texts);
    const span = sorted.input.options.get("--for");
    if (span === undefined) return parsedArguments({ name });
    const seconds = parseSeconds(span, SPAN, texts);
    return seconds.ok ? parsedArguments({ name, seconds: seconds.input }) : seconds;
  },
  run: (control, { name, ...options }, { texts }) =>
    replied(control.mute(name, options), ({ name, until }) => texts.muted(name, until)),
};

/** The opposite of {@linkcode mute}. */
export const unmute: OrderCommand<string> = commandForOne({
  name: "unmute",
  usage: "unmute NAME|ADDRESS",
  run: (control, name, { texts }) =>
    replied(control.unmute(name), (value) => texts.unmuted(value.name)),
});

/** Deletes a claim: its passphrase is forgotten, or the name was claimed without a right to it. */
export const unclaim: OrderCommand<string> = commandForOne({
  name: "unclaim",
  usage: "unclaim NAME",
  run: (control, name, { texts }) =>
    replied(control.unclaim(name), (value) => texts.freed(value.name)),
});

/** Makes a claimed name an operator: its owner may give orders in the chat after login. */
export const op: OrderCommand<string> = commandForOne({
  name: "op",
  usage: "op NAME",
  run: (control, name, { texts }) =>
    replied(control.setOperator(name, true), (value) => texts.isOperator(value.name)),
});

/** The opposite of {@linkcode op}. */
export const deop: OrderCommand<string> = commandForOne({
  name: "deop",
  usage: "deop NAME",
  run: (control, name, { texts }) =>
    replied(control.setOperator(name, false), (value) => texts.isNoOperator(value.name)),
});

/** Confirms that the system's clock is right, so that what has expired by it is deleted. */
export const retain: OrderCommand<undefined> = {
  kind: "order",
  name: "retain",
  usage: "retain now",
  parse(args, texts) {
    const sorted = sortArguments(args, {}, texts);
    if (!sorted.ok) return sorted;
    const [now, extra] = sorted.input.words;
    if (now === undefined) return invalidArguments(texts.missingNow);
    const unexpected = now === "now" ? extra : now;
    return unexpected === undefined
      ? parsedArguments(undefined)
      : unexpectedArgument(unexpected, texts);
  },
  run: (control, _input, { texts }) => replied(control.confirmClock(), () => texts.clockConfirmed),
};

/** Stops the server (R43, D10); takes `"cancel"`, or the seconds of a countdown. */
export const shutdown: OrderCommand<"cancel" | number> = {
  kind: "order",
  name: "shutdown",
  usage: "shutdown DURATION | --cancel",
  parse(args, texts) {
    const sorted = sortArguments(args, { "--cancel": "flag" }, texts);
    if (!sorted.ok) return sorted;
    const { words: [time, extra], options } = sorted.input;
    if (extra !== undefined) return unexpectedArgument(extra, texts);
    if (!options.has("--cancel")) {
      return time === undefined
        ? invalidArguments(texts.missingTime)
        : parseSeconds(time, { least: 0, most: MAX_SHUTDOWN_SECONDS }, texts);
    }
    return time === undefined ? parsedArguments("cancel") : invalidArguments(texts.timeAndCancel);
  },
  run(control, order, { texts }) {
    if (order === "cancel") {
      return replied(control.cancelShutdown(), () => texts.shutdownCancelled);
    }
    return replied(
      control.shutdown(order),
      ({ seconds, replaced }) => texts.stopping(seconds, replaced),
    );
  },
};

/** A command that takes exactly one name or address. */
function commandForOne(
  row: Pick<OrderCommand<string>, "name" | "usage" | "run">,
): OrderCommand<string> {
  return {
    kind: "order",
    ...row,
    parse(args, texts) {
      const sorted = sortArguments(args, {}, texts);
      if (!sorted.ok) return sorted;
      const [subject = "", extra] = sorted.input.words;
      if (subject === "") return invalidArguments(texts.missingName(row.name));
      return extra === undefined ? parsedArguments(subject) : unexpectedArgument(extra, texts);
    },
  };
}

/** The outcome of an order as a reply; its value is the data, and `text` renders it. */
function replied<Done>(outcome: OrderOutcome<Done>, text: (value: Done) => string): Reply {
  return outcome.ok
    ? { ok: true, text: text(outcome.value), data: outcome.value ?? null }
    : refused(outcome.error);
}

/** The reply of a correct command that could not be carried out. */
function refused(error: string): Reply {
  return { ok: false, error, usage: false };
}
