// The operator's commands as typed in the chat by a member who is an operator: the same table
// without those that only the operator on the server's machine may give.

import type { CommandHelp } from "../protocol/events.ts";
import type { OrderAnswer, Orders } from "../server/authority/orders_port.ts";
import type { ServerControl } from "../server/control.ts";
import type { OperatorReplyTexts, Texts } from "../texts/texts.ts";
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

/** Operators are made on the server's machine only; `/help` is the chat's own command. */
const NOT_IN_THE_CHAT: ReadonlySet<string> = new Set(["op", "deop", "help"]);

const IN_THE_CHAT = OPERATOR_COMMANDS.filter(({ kind, name }) =>
  kind === "order" && !NOT_IN_THE_CHAT.has(name)
);

/** The texts of orders and of their replies. */
type OrderTexts = Pick<Texts, "operator" | "operatorReplies">;

/** Orders in the chat; `controlAs` returns the server's control for the operator `by`. */
export function chatOrders(
  controlAs: (by: string) => ServerControl,
  texts: OrderTexts,
): Orders {
  const help: readonly CommandHelp[] = [
    ...IN_THE_CHAT.map(({ name, usage }) => ({
      usage: CONSOLE_PREFIX + usage,
      help: texts.operator.help[name],
    })),
    { usage: "/admin COMMAND", help: texts.operator.helpInChat },
  ];
  return {
    help,
    shown: (line) => publicCommandLine(line, texts.operatorReplies),
    carryOut: (by, line) => runChatCommand(controlAs(by), line, texts),
  };
}

/** An order as the console shows it, without the text of a private message. */
function publicCommandLine(line: string, texts: OperatorReplyTexts): string | undefined {
  const [, name = "", rest = ""] = /^(\S*)(.*)$/s.exec(line.trim()) ?? [];
  const command = findCommand(name);
  if (command?.kind !== "order" || !IN_THE_CHAT.includes(command)) return undefined;
  if (command.name === "msg") return `/msg ${/\S+/.exec(rest)?.[0] ?? ""} ${texts.orderText}`;
  return CONSOLE_PREFIX + line.trim();
}

/** Runs an order; returns undefined if its first word is not a command of the chat. */
function runChatCommand(
  control: ServerControl,
  line: string,
  { operator: texts, operatorReplies }: OrderTexts,
): OrderAnswer | undefined {
  const [, name = "", rest = ""] = /^(\S*)(.*)$/s.exec(line.trim()) ?? [];
  if (name === "" || name === "help") {
    const lines = IN_THE_CHAT.map(({ name, usage }) => `${usage}: ${texts.help[name]}`);
    return { ok: true, text: lines.join("\n") };
  }
  const command = findCommand(name);
  if (command?.kind !== "order" || !IN_THE_CHAT.includes(command)) return undefined;
  const prepared = prepare(name, typedArguments(rest, command.wordsBeforeText), texts);
  const reply: Reply | undefined = prepared.kind === "order"
    ? prepared.run(control, { reports, texts: operatorReplies })
    : prepared.kind === "refused"
    ? prepared.reply
    : undefined;
  if (reply === undefined) return undefined;
  if (reply.ok) return { ok: true, text: reply.text };
  return {
    ok: false,
    text: reply.usage
      ? misuseText(CONSOLE_PREFIX, { name, error: reply.error }, texts)
      : reply.error,
  };
}
