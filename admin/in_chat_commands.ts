// The operator's commands where they are typed in the chat, by somebody who is an operator there: the
// same table, less what only whoever runs the server may do. It knows neither the chat nor its server.

import type { CommandHelp } from "../protocol/events.ts";
import type { OrderAnswer, Orders } from "../server/authority/orders_port.ts";
import type { ServerControl } from "../server/control.ts";
import { typedArguments } from "./command_arguments.ts";
import type { Reply } from "./command_row.ts";
import {
  CONSOLE_PREFIX,
  findCommand,
  misuseText,
  OPERATOR_COMMANDS,
  prepare,
} from "./command_table.ts";
import * as reports from "./tables.ts";

/** Who is an operator is settled on the machine of the server: nobody in the chat can make one. */
const NOT_IN_THE_CHAT: ReadonlySet<string> = new Set(["op", "deop", "help"]);

const IN_THE_CHAT = OPERATOR_COMMANDS.filter(({ kind, name }) =>
  kind === "order" && !NOT_IN_THE_CHAT.has(name)
);

/** Told for `/admin` alone and `/admin help`. */
const HELP_TEXT = IN_THE_CHAT.map(({ usage, help }) => `${usage}: ${help}`).join("\n");

/** What an operator can type in the chat, for its help. */
const IN_CHAT_COMMANDS: readonly CommandHelp[] = [
  ...IN_THE_CHAT.map(({ usage, help }) => ({ usage: CONSOLE_PREFIX + usage, help })),
  { usage: "/admin COMMAND", help: "any of these, where the chat has a command of that name" },
];

/** The orders; `controlAs` is the server as controlled by the operator of that name. */
export function chatOrders(controlAs: (by: string) => ServerControl): Orders {
  return {
    help: IN_CHAT_COMMANDS,
    shown: publicCommandLine,
    carryOut: (by, line) => runChatCommand(controlAs(by), line),
  };
}

/** An order as the console shows it: what it tells one person alone is not for others. */
function publicCommandLine(line: string): string | undefined {
  const [, name = "", rest = ""] = /^(\S*)(.*)$/s.exec(line.trim()) ?? [];
  const command = findCommand(name);
  if (command?.kind !== "order" || !IN_THE_CHAT.includes(command)) return undefined;
  if (command.name === "msg") return `/msg ${/\S+/.exec(rest)?.[0] ?? ""} (not shown)`;
  return CONSOLE_PREFIX + line.trim();
}

/** What an order came to; nothing for a word that is none. */
function runChatCommand(
  control: ServerControl,
  line: string,
): OrderAnswer | undefined {
  const [, name = "", rest = ""] = /^(\S*)(.*)$/s.exec(line.trim()) ?? [];
  if (name === "" || name === "help") return { ok: true, text: HELP_TEXT };
  const command = findCommand(name);
  if (command?.kind !== "order" || !IN_THE_CHAT.includes(command)) return undefined;
  const prepared = prepare(name, typedArguments(rest, command.wordsBeforeText));
  const reply: Reply | undefined = prepared.kind === "order"
    ? prepared.run(control, reports)
    : prepared.kind === "refused"
    ? prepared.reply
    : undefined;
  if (reply === undefined) return undefined;
  if (reply.ok) return { ok: true, text: reply.text };
  return {
    ok: false,
    text: reply.usage ? misuseText(CONSOLE_PREFIX, name, reply.error) : reply.error,
  };
}
