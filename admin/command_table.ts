// The table of the operator's commands: names, usage, parsing and what each does to a
// ServerControl. The console, the control socket and the shell all use it.

import { quoted } from "../protocol/failures.ts";
import { nearest } from "../protocol/nearest.ts";
import type { ServerControl } from "../server/control.ts";
import type { OperatorTexts } from "../texts/texts.ts";
import {
  invalidArguments,
  type ParsedArguments,
  parsedArguments,
  sortArguments,
  unexpectedArgument,
} from "./command_arguments.ts";
import type {
  LocalCommand,
  OperatorCommand,
  OrderCommand,
  Prepared,
  Reply,
  ReplyTools,
  StreamCommand,
} from "./command_row.ts";
import {
  ban,
  deop,
  kick,
  msg,
  mute,
  op,
  retain,
  shutdown,
  unban,
  unclaim,
  unmute,
  wall,
} from "./moderation_commands.ts";

/** What precedes a command in a shell. */
export const SHELL_PREFIX = "minichat admin ";

/** What precedes a command on the server's own terminal. */
export const CONSOLE_PREFIX = "/";

const bans = query("bans", (control, { reports, texts }) => {
  const bans = control.bans();
  return { ok: true, text: reports.bansTable(bans, texts), data: { bans } };
});

const mutes = query("mutes", (control, { reports, texts }) => {
  const mutes = control.mutes();
  return { ok: true, text: reports.mutesTable(mutes, texts), data: { mutes } };
});

const claims = query("claims", (control, { reports, texts }) => {
  const claims = control.claims();
  return { ok: true, text: reports.claimsTable(claims, texts.noClaims, texts), data: { claims } };
});

const ops = query("ops", (control, { reports, texts }) => {
  const ops = control.claims().filter(({ operator }) => operator);
  return { ok: true, text: reports.claimsTable(ops, texts.noOperators, texts), data: { ops } };
});

const who = query("who", (control, { reports, texts }) => {
  const users = control.who();
  return { ok: true, text: reports.peopleTable(users, texts), data: { users } };
});

const groups = query("groups", (control, { reports, texts }) => {
  const groups = control.groups();
  return { ok: true, text: reports.groupsTable(groups, texts), data: { groups } };
});

const stats = query("stats", (control, { reports, texts }) => {
  const stats = control.stats();
  return { ok: true, text: reports.statsTable(stats, texts), data: stats };
});

const tail: StreamCommand<undefined> = {
  kind: "stream",
  name: "tail",
  usage: "tail",
  parse: parseNothing,
  run: (control, _input, listener) => control.watch(listener),
};

const help: LocalCommand<OperatorCommand | undefined> = {
  kind: "local",
  name: "help",
  usage: "help [COMMAND]",
  parse([name, extra], texts) {
    if (name === undefined) return parsedArguments(undefined);
    if (extra !== undefined) return unexpectedArgument(extra, texts);
    const command = findCommand(name);
    return command === undefined
      ? invalidArguments(unknownCommand(name, texts))
      : parsedArguments(command);
  },
  run(prefix, command, texts) {
    const rows = command === undefined ? commandsFor(prefix) : [command];
    const text = command === undefined
      ? commandList(prefix, texts)
      : commandHelp(prefix, command, texts);
    const commands = rows.map(({ name, usage }) => ({ name, usage, help: texts.help[name] }));
    return { ok: true, text, data: { commands } };
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
  retain,
  shutdown,
  help,
];

/** Returns the command with exactly this name. */
export function findCommand(name: string): OperatorCommand | undefined {
  return OPERATOR_COMMANDS.find((command) => command.name === name);
}

/** Returns the commands that can be given after `prefix`: the console takes no streams. */
export function commandsFor(prefix: string): readonly OperatorCommand[] {
  return prefix === CONSOLE_PREFIX
    ? OPERATOR_COMMANDS.filter(({ kind }) => kind !== "stream")
    : OPERATOR_COMMANDS;
}

/** Finds a command and parses its arguments; an argument is never split, whatever it contains (F67). */
export function prepare(name: string, args: readonly string[], texts: OperatorTexts): Prepared {
  const command = findCommand(name);
  if (command === undefined) return misused(unknownCommand(name, texts));
  const parsed = command.parse(args, texts);
  if (!parsed.ok) return misused(parsed.error);
  const { input } = parsed;
  switch (command.kind) {
    case "order":
      return { kind: "order", run: (control, tools) => command.run(control, input, tools) };
    case "stream":
      return { kind: "stream", run: (control, to) => command.run(control, input, to) };
    case "local":
      return { kind: "local", run: (prefix) => command.run(prefix, input, texts) };
  }
}

/** Lists the commands with their help, one per line, as they are typed after `prefix`. */
export function commandList(prefix: string, texts: OperatorTexts): string {
  const rows: (readonly [string, string])[] = commandsFor(prefix)
    .map(({ name, usage }) => ["  " + prefix + usage, texts.help[name]]);
  if (prefix === CONSOLE_PREFIX) {
    rows.push(["  @NAME TEXT", texts.helpPrivate], ["  TEXT", texts.helpText]);
  }
  const width = Math.max(...rows.map(([typed]) => typed.length));
  return rows.map(([typed, help]) => `${typed.padEnd(width)}  ${help}`).join("\n");
}

/** Usage and help of one command, as it is typed after `prefix`, or in a shell if only there. */
export function commandHelp(
  prefix: string,
  command: OperatorCommand,
  texts: OperatorTexts,
): string {
  return `${commandUsage(prefix, command, texts)}\n${texts.help[command.name]}`;
}

/** An error message about wrong usage, with the correct usage of the command `name`. */
export function misuseText(
  prefix: string,
  { name, error }: { readonly name: string; readonly error: string },
  texts: OperatorTexts,
): string {
  const command = findCommand(name);
  if (command !== undefined) return `${error}\n${commandUsage(prefix, command, texts)}`;
  const usage = texts.usage(`${prefix}COMMAND [ARGUMENT...]`);
  return `${error}\n${usage}, ${texts.helpLists(`${prefix}help`)}`;
}

function commandUsage(prefix: string, command: OperatorCommand, texts: OperatorTexts): string {
  const here = commandsFor(prefix).includes(command);
  return texts.usage((here ? prefix : SHELL_PREFIX) + command.usage);
}

function unknownCommand(name: string, texts: OperatorTexts): string {
  const near = nearest(name, OPERATOR_COMMANDS.map((command) => command.name));
  return texts.unknownCommand(quoted(name), near);
}

function misused(error: string): Prepared {
  return { kind: "refused", reply: { ok: false, error, usage: true } };
}

/** A command that takes no arguments and changes nothing. */
function query(
  name: OrderCommand<undefined>["name"],
  answer: (control: ServerControl, tools: ReplyTools) => Reply,
): OrderCommand<undefined> {
  const run: OrderCommand<undefined>["run"] = (control, _input, tools) => answer(control, tools);
  return { kind: "order", name, usage: name, parse: parseNothing, run };
}

function parseNothing(args: readonly string[], texts: OperatorTexts): ParsedArguments<undefined> {
  const sorted = sortArguments(args, {}, texts);
  if (!sorted.ok) return sorted;
  const [extra] = sorted.input.words;
  return extra === undefined ? parsedArguments(undefined) : unexpectedArgument(extra, texts);
}
