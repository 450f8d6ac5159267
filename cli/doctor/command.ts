// `minichat doctor`: has the machine examined and prints what was found. What is looked at is in doctor/.

import { examine } from "../../doctor/examine.ts";
import { jsonDoctorReport, serverWouldRun, textDoctorReport } from "../../doctor/doctor_report.ts";
import { realSystemFacts, terminalColumns } from "../../doctor/system_facts.ts";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import { terminalStyle, wantsColour } from "../../terminal/style.ts";
import type { DoctorOptions } from "./options.ts";
import { stateDirectory } from "../history_directory.ts";
import { print } from "../print.ts";

/** Longer lines are hard to read, however wide the terminal. */
const MAX_COLUMNS = 100;

/** Where nobody may write: the history of a user without a home is in memory. */
const NOWHERE = "/.local/state/minichat";

/** Examines, prints, and answers the exit code. */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  const { host, port, maxClients: clients, json, noColor } = options;
  const enabled = !noColor && wantsColour(Deno.env, Deno.stdout.isTerminal());
  const plan = {
    host,
    port,
    clients,
    backlog: DEFAULT_LIMITS.tcpBacklog,
    data: options.data ?? `${stateDirectory(Deno.env) ?? NOWHERE}/${port}`,
  };
  const findings = await examine(plan, realSystemFacts({ colours: enabled }));
  const width = Math.min(terminalColumns() ?? MAX_COLUMNS, MAX_COLUMNS);
  const style = terminalStyle({ enabled });
  const report = json
    ? jsonDoctorReport(findings)
    : textDoctorReport(findings, { style, columns: width });
  print(Deno.stdout, report);
  return serverWouldRun(findings) ? 0 : 1;
}
