// `minichat doctor`: has the machine examined and prints what was found. What is looked at is in doctor/.

import { examine } from "../doctor/examine.ts";
import { jsonReport, passes, textReport } from "../doctor/report.ts";
import { columns, realSystem } from "../doctor/system.ts";
import { DEFAULT_LIMITS } from "../server/limits.ts";
import { terminalStyle, wantsColour } from "../terminal/style.ts";
import type { DoctorOptions } from "./doctor_options.ts";
import { print } from "./print.ts";

/** Longer lines are hard to read, however wide the terminal. */
const MAX_COLUMNS = 100;

/** Examines, prints, and answers the exit code. */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  const { host, port, maxClients: clients, json, noColor } = options;
  const enabled = !noColor && wantsColour(Deno.env, Deno.stdout.isTerminal());
  const plan = {
    host,
    port,
    clients,
    backlog: DEFAULT_LIMITS.tcpBacklog,
    data: options.data ?? stateDirectory(Deno.env),
  };
  const findings = await examine(plan, realSystem({ colours: enabled }));
  const width = Math.min(columns() ?? MAX_COLUMNS, MAX_COLUMNS);
  const style = terminalStyle({ enabled });
  const report = json ? jsonReport(findings) : textReport(findings, { style, columns: width });
  print(Deno.stdout, report);
  return passes(findings) ? 0 : 1;
}

/** Where a server of this user keeps its history unless told otherwise. */
function stateDirectory(env: Pick<typeof Deno.env, "get">): string {
  const state = env.get("XDG_STATE_HOME");
  // A relative path means nothing: the XDG standard says to ignore it.
  return `${state?.startsWith("/") ? state : `${env.get("HOME") ?? ""}/.local/state`}/minichat`;
}
