// The table of the operator's commands: names, usage, help, what they take and what they do to a
// ServerControl. Console, socket and shell know the commands through it alone.

import type { ServerControl } from "../server/control.ts";
import {
  invalidArguments,
  type ParsedArguments,
  parsedArguments,
  sortArguments,
  unexpected,
  unknown,
} from "./command_arguments.ts";
import {
  type LocalCommand,
  type OperatorCommand,
  type OrderCommand,
  type Prepared,
  type Reply,
  type Reports,
  type StreamCommand,
  succeeded,
} from "./command_row.ts";
import {
  ban,
  deop,
  kick,
  msg,
  mute,
  op,
  shutdown,
  unban,
  unclaim,
  unmute,
  wall,
} from "./moderation_commands.ts";

/** What is typed before a command in a shell. */
export const SHELL_PREFIX = "minichat admin ";

/** What is typed before a command on the server's own terminal. */
export const CONSOLE_PREFIX = "/";

/** What can be typed on the console besides commands. */
const CONSOLE_LINES: readonly (readonly [string, string])[] = [
  ["  @NAME TEXT", "The same as /msg NAME TEXT"],
  ["  TEXT", "Says it to everyone; // or /@ for text with / or @"],
];

const bans = question("bans", "Lists who is banned, until when and why", (control, reports) => {
  const bans = control.bans();
  return succeeded(reports.bansTable(bans), { bans });
});

const mutes = question("mutes", "Lists who is muted, and until when", (control, reports) => {
  const mutes = control.mutes();
  return succeeded(reports.mutesTable(mutes), { mutes });
});

const claims = question(
  "claims",
  "Lists claimed names, and when each was last proven",
  (control, reports) => {
    const claims = control.claims();
    return succeeded(reports.claimsTable(claims, "Nobody has claimed a name"), { claims });
  },
);

const ops = question("ops", "Lists who may give orders in the chat", (control, reports) => {
  const ops = control.claims().filter(({ operator }) => operator);
  return succeeded(reports.claimsTable(ops, "Nobody may give orders in the chat"), { ops });
});

const who = question(
  "who",
  "Lists who is connected, from where and since when",
  (control, reports) => {
    const users = control.who();
    return succeeded(reports.peopleTable(users), { users });
  },
);

const groups = question("groups", "Lists the groups with their members", (control, reports) => {
  const groups = control.groups();
  return succeeded(reports.groupsTable(groups), { groups });
});

const stats = question("stats", "Shows the server's counters", (control, reports) => {
  const stats = control.stats();
  return succeeded(reports.statsTable(stats), stats);
});

const tail: StreamCommand<undefined> = {
  kind: "stream",
  name: "tail",
  usage: "tail",
  help: "Shows what happens from now on, until Ctrl-C",
  parse: parseNothing,
  run: (control, _input, listener) => control.watch(listener),
};

const help: LocalCommand<OperatorCommand | undefined> = {
  kind: "local",
  name: "help",
  usage: "help [COMMAND]",
  help: "Lists the commands, or explains one",
  parse([name, extra]) {
    if (name === undefined) return parsedArguments(undefined);
    if (extra !== undefined) return invalidArguments(unexpected(extra));
    const command = findCommand(name);
    return command === undefined
      ? invalidArguments(unknownCommand(name))
      : parsedArguments(command);
  },
  run(prefix, command) {
    const rows = command === undefined ? commandsBehind(prefix) : [command];
    const text = command === undefined ? commandList(prefix) : commandHelp(prefix, command);
    return succeeded(text, {
      commands: rows.map(({ name, usage, help }) => ({ name, usage, help })),
    });
  },
};

/** Every command, in the order in which help lists them. */
export const OPERATOR_COMMANDS: readonly OperatorCommand[] = [
  wall,
  msg,
  kick,
  ban,
  unban,
  bans,
  mute,
  unmute,
  mutes,
  claims,
  unclaim,
  op,
  deop,
  ops,
  who,
  groups,
  stats,
  tail,
  shutdown,
  help,
];

/** The command of exactly that name. */
export function findCommand(name: string): OperatorCommand | undefined {
  return OPERATOR_COMMANDS.find((command) => command.name === name);
}

/** The commands that can be given behind `prefix`: the console has no place for a stream. */
export function commandsBehind(prefix: string): readonly OperatorCommand[] {
  return prefix === CONSOLE_PREFIX
    ? OPERATOR_COMMANDS.filter(({ kind }) => kind !== "stream")
    : OPERATOR_COMMANDS;
}

/** Looks a command up and reads its arguments; each argument stays one, whatever it holds (F67). */
export function prepare(name: string, args: readonly string[]): Prepared {
  const command = findCommand(name);
  if (command === undefined) return misused(unknownCommand(name));
  const parsed = command.parse(args);
  if (!parsed.ok) return misused(parsed.error);
  const { input } = parsed;
  switch (command.kind) {
    case "order":
      return { kind: "order", run: (control, reports) => command.run(control, input, reports) };
    case "stream":
      return { kind: "stream", run: (control, to) => command.run(control, input, to) };
    case "local":
      return { kind: "local", run: (prefix) => command.run(prefix, input) };
  }
}

/** The commands with what they do, one a line, as they are typed behind `prefix`. */
export function commandList(prefix: string): string {
  const rows = [
    ...commandsBehind(prefix).map(({ usage, help }) => ["  " + prefix + usage, help] as const),
    ...(prefix === CONSOLE_PREFIX ? CONSOLE_LINES : []),
  ];
  const width = Math.max(...rows.map(([typed]) => typed.length));
  return rows.map(([typed, help]) => `${typed.padEnd(width)}  ${help}`).join("\n");
}

/** How to use one command, where it can be given: behind `prefix`, else in a shell. */
export function commandHelp(prefix: string, command: OperatorCommand): string {
  return `${commandUsage(prefix, command)}\n${command.help}`;
}

/** A wrong use in words, with the right one of the command that was meant. */
export function misuseText(prefix: string, name: string, error: string): string {
  const command = findCommand(name);
  return command === undefined
    ? `${error}\n${usageLine(prefix, "COMMAND [ARGUMENT...]")}, ${prefix}help lists the commands`
    : `${error}\n${commandUsage(prefix, command)}`;
}

function commandUsage(prefix: string, command: OperatorCommand): string {
  const here = commandsBehind(prefix).includes(command);
  return usageLine(here ? prefix : SHELL_PREFIX, command.usage);
}

function usageLine(prefix: string, usage: string): string {
  return `Usage: ${prefix}${usage}`;
}

function unknownCommand(name: string): string {
  return unknown("command", name, OPERATOR_COMMANDS.map((command) => command.name));
}

function misused(error: string): Prepared {
  return { kind: "refused", reply: { ok: false, error, usage: true } };
}

/** A command that takes nothing and changes nothing. */
function question(
  name: string,
  help: string,
  answer: (control: ServerControl, reports: Reports) => Reply,
): OrderCommand<undefined> {
  const run: OrderCommand<undefined>["run"] = (control, _input, reports) =>
    answer(control, reports);
  return { kind: "order", name, usage: name, help, parse: parseNothing, run };
}

function parseNothing(args: readonly string[]): ParsedArguments<undefined> {
  const sorted = sortArguments(args, {});
  if (!sorted.ok) return sorted;
  const [extra] = sorted.input.words;
  return extra === undefined ? parsedArguments(undefined) : invalidArguments(unexpected(extra));
}
