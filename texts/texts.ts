// The catalogue of what people read in the chat, the clients, the checks, the operator's console.
// A language is one value of this type (en.ts): the compiler reports each text that it lacks.

import type { client } from "./en/client.ts";
import type { turns } from "./en/turns.ts";
import type { operator } from "./en/operator.ts";
import type { operatorReplies } from "./en/operator_replies.ts";
import type { serve } from "./en/serve.ts";
import type { checkReport } from "./en/check_report.ts";
import type { serverChecks } from "./en/server_checks.ts";
import type { clientChecks } from "./en/client_checks.ts";
import type { closeReasons } from "./en/close_reasons.ts";
import type { commands } from "./en/commands.ts";
import type { etxCommands } from "./en/etx_commands.ts";
import type { events } from "./en/events.ts";
import type { notices } from "./en/notices.ts";
import type { refusals } from "./en/refusals.ts";

/** All texts of one language. Functions take what the text names; none ends with a line end. */
export interface Texts {
  /** Events as lines: what `plain` sends, and what terminals and the operator's console show. */
  readonly events: EventTexts;
  /** Help of the commands that can be typed in the chat. */
  readonly commands: CommandTexts;
  /** Help of sheet 003's commands, by letter. */
  readonly etxCommands: EtxCommandTexts;
  /** Why a connection ended, after `left` and in the goodbye. */
  readonly closeReasons: CloseReasonTexts;
  /** Why a request was refused; the code beside it (`FailureCode`) is for programs. */
  readonly refusals: RefusalTexts;
  /** Notices of the server to one client, to the operator and to the service manager. */
  readonly notices: NoticeTexts;
  /** What the chat client shows, on a terminal and in a pipe. */
  readonly client: ClientTexts;
  /** Two-person mode (`--turns`). */
  readonly turns: TurnsTexts;
  /** What `serve` prints, and why it cannot listen. */
  readonly serve: ServeTexts;
  /** The operator's console, the help and the wrong uses of its commands, and what `admin` prints. */
  readonly operator: OperatorTexts;
  /** What the operator's commands answer; apart, because `admin` does not load it. */
  readonly operatorReplies: OperatorReplyTexts;
  /** The report of `minichat check`. */
  readonly checkReport: CheckReportTexts;
  /** Titles and hints of the checks of servers. */
  readonly serverChecks: ServerCheckTexts;
  /** Titles and hints of the checks of clients. */
  readonly clientChecks: ClientCheckTexts;
}

/** See {@linkcode Texts.events}. */
export type EventTexts = typeof events;
/** See {@linkcode Texts.commands}. */
export type CommandTexts = typeof commands;
/** See {@linkcode Texts.etxCommands}. */
export type EtxCommandTexts = typeof etxCommands;
/** See {@linkcode Texts.closeReasons}. */
export type CloseReasonTexts = typeof closeReasons;
/** See {@linkcode Texts.refusals}. */
export type RefusalTexts = typeof refusals;
/** See {@linkcode Texts.notices}. */
export type NoticeTexts = typeof notices;
/** See {@linkcode Texts.client}. */
export type ClientTexts = typeof client;
/** See {@linkcode Texts.turns}. */
export type TurnsTexts = typeof turns;
/** See {@linkcode Texts.operator}. */
export type OperatorTexts = typeof operator;
/** See {@linkcode Texts.operatorReplies}. */
export type OperatorReplyTexts = typeof operatorReplies;
/** See {@linkcode Texts.serve}. */
export type ServeTexts = typeof serve;
/** Why a socket cannot listen. */
export type ListenTexts = ServeTexts["listen"];
/** See {@linkcode Texts.checkReport}. */
export type CheckReportTexts = typeof checkReport;
/** See {@linkcode Texts.serverChecks}. */
export type ServerCheckTexts = typeof serverChecks;
/** What the check of a server says about its program. */
export type ServedProgramTexts = ServerCheckTexts["program"];
/** See {@linkcode Texts.clientChecks}. */
export type ClientCheckTexts = typeof clientChecks;
/** How a program under check ended. */
export type ProgramExitTexts = ClientCheckTexts["exits"];
