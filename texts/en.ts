// English, the default language: the groups of en/ as one catalogue.

import { client } from "./en/client.ts";
import { turns } from "./en/turns.ts";
import { operator } from "./en/operator.ts";
import { operatorReplies } from "./en/operator_replies.ts";
import { serve } from "./en/serve.ts";
import { checkReport } from "./en/check_report.ts";
import { serverChecks } from "./en/server_checks.ts";
import { clientChecks } from "./en/client_checks.ts";
import { closeReasons } from "./en/close_reasons.ts";
import { commands } from "./en/commands.ts";
import { etxCommands } from "./en/etx_commands.ts";
import { events } from "./en/events.ts";
import { notices } from "./en/notices.ts";
import { refusals } from "./en/refusals.ts";
import type { Texts } from "./texts.ts";

/** The English texts. */
export const EN: Texts = {
  events,
  commands,
  etxCommands,
  closeReasons,
  refusals,
  notices,
  client,
  turns,
  operator,
  operatorReplies,
  serve,
  checkReport,
  serverChecks,
  clientChecks,
};
