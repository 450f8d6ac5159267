// `minichat serve`: puts a server, its operator's console, its control socket and its signals
// together, and tells people where to join. What each of them does is in server/ and admin/.

import { completeConsoleLine, OperatorConsole, printOperatorHelp } from "../admin/console.ts";
import { quoted } from "../protocol/failures.ts";
import { describe } from "../protocol/words.ts";
import { DEFAULT_LIMITS, type Limits, RESERVED_DESCRIPTORS } from "../server/limits.ts";
import type { ListenAddress } from "../server/net/address.ts";
import { Operator } from "../server/operator.ts";
import { type LogEntry, Server } from "../server/server.ts";
import { Prompt } from "../terminal/prompt.ts";
import { terminalStyle, wantsColour } from "../terminal/style.ts";
import { systemTerminal } from "../terminal/system_terminal.ts";
import { announceJson, type Announcement, announceText } from "./announce.ts";
import { print } from "./print.ts";
import { openControlSocket } from "./control_listener.ts";
import { openFilesLimit } from "./descriptors.ts";
import { type Log, openLog } from "./log.ts";
import { Output } from "./output.ts";
import { Reloads } from "./reload.ts";
import { listenAddresses, type ServeOptions } from "./serve_options.ts";
import { onStopSignals } from "./signals.ts";
import { VERSION } from "./version.ts";

const USAGE = "Usage: minichat serve [--port PORT] [--listen ADDRESS]... [--tls-cert FILE " +
  "--tls-key FILE [--tls]] ...";

/** Longest wait for whoever reads the output to take its last lines, in milliseconds. */
const LAST_WORDS_MS = 1_000;

/** Runs a server until it is stopped; answers the exit code. */
export async function runServe(options: ServeOptions): Promise<number> {
  const addresses = listenAddresses(options);
  if (typeof addresses === "string") return misused(addresses);
  const log = logOf(options);
  if ("error" in log) return failed(log.error);
  const onFault = (fault: unknown) =>
    log.write({ level: "error", what: "fault", details: { fault: `${fault}` } });

  const { limits, fewer } = limitsOf(options);
  const { rounds } = options;
  const server = new Server({ limits, rounds, log: (entry) => log.write(entry) });
  // Before listening: the runtime fails to register the first handler once descriptors run out.
  const reloads = new Reloads(log.write);
  const signals = onStopSignals(() => void server.stop(), () => void reloads.run());
  const control = new Operator(server, VERSION);
  const problem = await server.start(addresses);
  if (problem !== undefined) return failed(problem);
  const controlSocket = await openControlSocket({ labels: labelsOf(server), control, onFault });
  if ("error" in controlSocket) {
    await server.stop();
    return failed(controlSocket.error);
  }
  surviveFaults(onFault);
  reloads.onReload("certificates", () => server.security.reload());

  const screen = openScreen(options, { control, onInterrupt: signals.interrupt });
  const announcement = {
    addresses: server.addresses,
    interfaces: Deno.networkInterfaces(),
    maxClients: server.limits.maxClients,
    fewer,
    controlPath: controlSocket.path,
    fingerprint: (address: ListenAddress) => server.security.fingerprint(address),
  };
  screen.open(announcement);
  log.write({
    level: "info",
    what: "listening",
    details: { addresses: control.stats().listening },
  });

  const forced = await Promise.race([server.stopped.then(() => false), signals.forced]);
  log.write({ level: "info", what: "stopped", details: { forced } });
  const controlClosed = controlSocket.close(); // removes its file at once
  if (!forced) await controlClosed;
  const last = server.rounds.areOver ? server.rounds.text : undefined;
  const screenClosed = screen.close(last); // gives the terminal back at once
  if (!forced) await screenClosed;
  log.close();
  signals.ignore();
  return forced ? 130 : 0;
}

function failed(sentence: string): number {
  print(Deno.stderr, `minichat serve: ${sentence}`);
  return 1;
}

function misused(sentence: string): number {
  print(Deno.stderr, `${USAGE}\nError: ${sentence}`);
  return 2;
}

/** The first TCP port, which is how people name a server; else the process's number. */
function labelsOf(server: Server): string[] {
  const labels = [`pid-${Deno.pid}`];
  for (const { at } of server.addresses) {
    if (at.kind === "tcp") return [String(at.port), ...labels];
  }
  return labels;
}

function limitsOf(options: ServeOptions): { limits: Partial<Limits>; fewer: string | undefined } {
  const wanted = options.maxClients ?? DEFAULT_LIMITS.maxClients;
  const files = openFilesLimit() ?? Infinity;
  const maxClients = Math.max(1, Math.min(wanted, files - RESERVED_DESCRIPTORS));
  const groups = options.maxGroups === undefined ? {} : { maxGroups: options.maxGroups };
  const fewer = maxClients < wanted
    ? `this shell allows ${files} open files, raise it with ulimit -n`
    : undefined;
  return { limits: { maxClients, ...groups }, fewer };
}

function logOf({ logFile }: ServeOptions): Log | { error: string } {
  if (logFile === undefined) return { write: (_entry: LogEntry) => {}, close: () => {} };
  try {
    return openLog(logFile);
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem);
    return { error: `Cannot write the log ${quoted(logFile)}: ${why}: choose another --log-file` };
  }
}

/** A bug in one place must not take everybody's chat down (F59). */
function surviveFaults(onFault: (fault: unknown) => void): void {
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    onFault(event.reason instanceof Error ? event.reason.stack : event.reason);
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    onFault(event.error instanceof Error ? event.error.stack : event.message);
  });
}

/** What the operator sees: a console on a terminal, else lines or JSON. */
interface Screen {
  open(announcement: Announcement): void;
  /** `last` tells why it ends, where that is not known. */
  close(last: string | undefined): Promise<void>;
}

function openScreen(
  options: ServeOptions,
  { control, onInterrupt }: { control: Operator; onInterrupt: () => void },
): Screen {
  const output = new Output(Deno.stdout);
  if (options.json) {
    return {
      open(announcement) {
        output.line(announceJson(announcement));
        if (!options.quiet) control.watch((watched) => output.line(JSON.stringify(watched)));
      },
      close(reason) {
        output.line(JSON.stringify({ type: "stopped", ...(reason && { reason }) }));
        return output.flushed(LAST_WORDS_MS);
      },
    };
  }
  const close = (last: string | undefined) => {
    output.line(last === undefined ? "Stopped" : `Stopped: ${last.toLowerCase()}`);
    return output.flushed(LAST_WORDS_MS);
  };
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) {
    return {
      open(announcement) {
        output.line(`${printOperatorHelp()}\n${announceText(announcement)}`);
        if (!options.quiet) control.watch(({ event }) => output.line(describe(event)));
      },
      close,
    };
  }
  // CTRL-S on this terminal must not stop the chat, so what is drawn goes through the queue too.
  const io = { ...systemTerminal(), write: (text: string) => output.write(text) };
  const style = terminalStyle({ enabled: !options.noColor && wantsColour(Deno.env, true) });
  const complete = (line: string, cursor: number) => completeConsoleLine(control, line, cursor);
  const prompt = new Prompt({ io, prompt: "server> ", complete });
  const operatorConsole = new OperatorConsole({
    prompt,
    control,
    onInterrupt,
    red: style.red,
    quiet: options.quiet === true,
  });
  return {
    open(announcement) {
      output.line(`${printOperatorHelp()}\n${announceText(announcement)}`);
      void operatorConsole.run();
    },
    close(last) {
      operatorConsole.close();
      return close(last);
    },
  };
}
