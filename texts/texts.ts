// The catalogue of every text a person reads, in groups by where a text shows. A language is one value
// of this type (en.ts), so the compiler reports each text that a language lacks.

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
  /** What the server tells one member or the operator without being asked. */
  readonly notices: NoticeTexts;
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
