// `minichat doctor`: examines this machine, prints the findings and returns the exit code.

import { examine } from "../../doctor/examine.ts";
import { jsonDoctorReport, serverWouldRun, textDoctorReport } from "../../doctor/doctor_report.ts";
import { realSystemFacts, terminalColumns } from "../../doctor/system_facts.ts";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import { terminalStyle, wantsColour } from "../../terminal/style.ts";
import type { DoctorOptions } from "./options.ts";
import { stateDirectory } from "../history_directory.ts";
import { chosenTexts } from "../language.ts";
import { print } from "../print.ts";

/** Longer lines are hard to read, even on a wide terminal. */
const MAX_COLUMNS = 100;

/** Stands for the state directory of a user without a home; it cannot be written. */
const NOWHERE = "/.local/state/minichat";

/** Runs the verb; returns the exit code. */
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
  const findings = await examine(plan, realSystemFacts({ colours: enabled, texts: chosenTexts() }));
  const width = Math.min(terminalColumns() ?? MAX_COLUMNS, MAX_COLUMNS);
  const style = terminalStyle({ enabled });
  const report = json
    ? jsonDoctorReport(findings)
    : textDoctorReport(findings, { style, columns: width });
  print(Deno.stdout, report);
  return serverWouldRun(findings) ? 0 : 1;
}
