// `minichat serve`: runs a server with its operator's console, control socket, log, metrics
// endpoint and signals, and prints where to join.

import { chatOrders } from "../../admin/in_chat_commands.ts";
import {
  completeConsoleLine,
  OperatorConsole,
  printOperatorHelp,
  printOperatorNames,
} from "../../admin/console.ts";
import { describeEvent } from "../../protocol/describe_event.ts";
import type { Problem } from "../../protocol/problem.ts";
import type { Stats } from "../../server/control.ts";
import type { LogEntry } from "../../server/log_entry.ts";
import type { ListenAddress } from "../../server/net/address.ts";
import { Operator } from "../../server/operator/operator.ts";
import { Server } from "../../server/server.ts";
import { Prompt } from "../../terminal/prompt.ts";
import { terminalStyle, wantsColour } from "../../terminal/style.ts";
import { systemTerminal } from "../../terminal/system_terminal.ts";
import type { Texts } from "../../texts/texts.ts";
import { errorText } from "../../shared/errors.ts";
import { chosenTexts } from "../language.ts";
import { networkInterfaces } from "../network_interfaces.ts";
import { announceJson, type Announcement, announceText } from "./announcement.ts";
import { print } from "../print.ts";
import { type ControlListener, openControlSocket } from "./control_listener.ts";
import { chooseLog } from "./choose_log.ts";
import type { Log } from "./logger.ts";
import { openMetricsEndpoint } from "./metrics_endpoint.ts";
import { Output } from "../output.ts";
import { Reloads } from "./reload.ts";
import { passwordOf } from "./authority_options.ts";
import {
  announcementOf,
  maintainHistory,
  type OpenedHistory,
  openHistory,
} from "./open_history.ts";
import { limitsReload, type RunLimits } from "./reload_limits.ts";
import { listenAddresses, type ServeOptions } from "./options.ts";
import { portInUse } from "./address_in_use.ts";
import { serviceNotifier } from "./service_manager.ts";
import { onStopSignals, terminalCloses } from "../signals.ts";
import { VERSION } from "../version.ts";

const USAGE = "Usage: minichat serve [--port PORT] [--listen ADDRESS]... [--tls-cert FILE " +
  "--tls-key FILE [--tls]] ...";

/** Longest wait for the reader of standard output to take the last lines, in milliseconds. */
const FLUSH_TIMEOUT_MS = 1_000;

/** How much longer than its clients' goodbyes a server may take to stop, in milliseconds. */
const OVERDUE_MS = 5_000;

/** Runs a server until it is stopped; returns the exit code. */
export async function runServe(options: ServeOptions, limits: RunLimits): Promise<number> {
  const addresses = listenAddresses(options);
  if ("error" in addresses) return misused(addresses);
  if (addresses.some(({ tls }) => tls !== undefined)) {
    const unavailable = (await import("../tls_runtime.ts")).tlsUnavailable();
    if (unavailable !== undefined) return failed(unavailable);
  }
  const texts = chosenTexts();
  const complete = { ...options, addresses, texts };
  const history = openHistory(complete, Deno.env, texts.serve);
  if ("error" in history) {
    const taken = history.code === 1 ? await portInUse(addresses, Deno.env, texts) : undefined;
    return failed(taken ?? history, history.code);
  }
  try {
    return await serve(complete, limits, history);
  } finally {
    history.store?.close();
  }
}

/** The flags, the addresses to listen at, and the server's language. */
interface CompleteOptions extends ServeOptions {
  readonly addresses: readonly ListenAddress[];
  readonly texts: Texts;
}

async function serve(
  options: CompleteOptions,
  { limits, openFiles, reread }: RunLimits,
  history: OpenedHistory,
): Promise<number> {
  const log = await chooseLog(options);
  if ("error" in log) return failed(log, log.code);
  const onFault = (fault: unknown) =>
    log.write({ level: "error", what: "fault", details: { fault: `${fault}` } });

  const { store } = history;
  const { rounds, texts, allowExpired } = options;
  const password = passwordOf(options.passwordFile);
  if ("error" in password) return failed(password);
  const service = serviceNotifier(Deno.env);
  const onEntry = (entry: LogEntry) => {
    if (entry.what === "stopping") service.stopping(server.texts.notices.sayingGoodbye);
    log.write(entry);
  };
  const server = new Server(
    { limits, rounds, store, texts, log: onEntry, allowExpired, ...password },
    (server) => chatOrders((by) => new Operator(server, VERSION, { by }), texts),
  );
  // Before listening: the runtime fails to register the first handler once descriptors run out.
  const reloads = new Reloads({
    log: log.write,
    notify: (text) => server.watchers.publish({ type: "notice", text }),
    texts: texts.serve,
  });
  if (reread) reloads.onReload("limits", limitsReload(server, reread));
  const closes = options.config === undefined ? terminalCloses(() => reloads.isEmpty) : () => false;
  const signals = onStopSignals({
    stop: () => server.stop(),
    hangsUp: () => closes() || (void reloads.run(), false),
    limitMs: () => server.limits.flushMs + OVERDUE_MS,
  });
  const start = async (): Promise<Started | Problem> => {
    const problem = await server.start(options.addresses);
    if (problem !== undefined) {
      return await portInUse(options.addresses, Deno.env, texts) ?? problem;
    }
    const figures = new Operator(server, VERSION);
    const observer = await openMetricsEndpoint(options, { server, control: figures, log, onFault });
    if ("error" in observer) return observer;
    const control = new Operator(server, VERSION, { metricsUrl: observer.url ?? null });
    const labels = labelsOf(server);
    const controlSocket = await openControlSocket({ labels, control, texts, onFault });
    if ("error" in controlSocket) {
      await observer.close();
      return controlSocket;
    }
    return { observer, control, controlSocket };
  };
  const thrown = (problem: unknown): Problem => ({
    error: texts.serve.cannotStart(errorText(problem)),
  });
  const started = await Promise.race([start().catch(thrown), signals.forced]);
  if (started === true) return 130;
  if ("error" in started) {
    if (server.addresses.length > 0) await Promise.race([server.stop(), signals.forced]);
    return failed(started);
  }
  const { observer, control, controlSocket } = started;
  surviveFaults(onFault);
  reloadCertificates(reloads, server);
  if (options.logFile !== undefined) reloads.onReload("log", log.reopen);

  const screen = openScreen(options, { control, onInterrupt: signals.interrupt });
  const announcement = {
    addresses: server.addresses,
    ...networkInterfaces(),
    maxClients: server.limits.maxClients,
    openFiles,
    history: announcementOf(server, history),
    control: controlSocket,
    metricsUrl: observer.url,
    warnings: server.security.warnings,
    fingerprint: (address: ListenAddress) => server.security.fingerprint(address),
  };
  screen.open(announcement);
  maintainHistory(server, history);
  logStart(log, control.stats(), { announcement, sockets: server.sockets });
  service.ready(`Listening at ${control.stats().listening.join(" ")}`);

  const forced = await Promise.race([server.stopped.then(() => false), signals.forced]);
  const uptime = control.stats().uptimeSeconds;
  log.write({ level: "info", what: "stopped", details: { forced, uptime } });
  service.end();
  const closed = Promise.all([controlSocket.close(), observer.close()]); // removes the socket's file immediately
  await Promise.race([closed, signals.forced]);
  const last = server.rounds.isReached ? server.rounds.text(server.texts.notices) : undefined;
  const screenClosed = screen.close(last); // restores the terminal immediately
  await Promise.race([screenClosed, signals.forced]);
  await Promise.race([log.close(), signals.forced]);
  signals.ignore();
  return forced ? 130 : 0;
}

/** What is open besides the server itself. */
interface Started {
  readonly observer: Exclude<Awaited<ReturnType<typeof openMetricsEndpoint>>, Problem>;
  readonly control: Operator;
  readonly controlSocket: ControlListener;
}

/** The notice after a reload shows the new fingerprints, since people compare them. */
function reloadCertificates(reloads: Reloads, { security, addresses }: Server): void {
  if (security.port === undefined) return;
  const shown = () => new Set(addresses.flatMap((address) => security.fingerprint(address) ?? []));
  reloads.onReload(
    "certificates",
    () => security.reload(),
    () => [...shown()].join(" "),
  );
}

function failed({ error }: Problem, code = 1): number {
  print(Deno.stderr, `minichat serve: ${error}`);
  return code;
}

function misused({ error }: Problem): number {
  print(Deno.stderr, `${USAGE}\nError: ${error}`);
  return 2;
}

/** Logs the facts about this run. */
function logStart(
  log: Log,
  { version, pid, listening }: Stats,
  { announcement: { maxClients, openFiles, control, metricsUrl }, sockets }: {
    readonly announcement: Announcement;
    readonly sockets: string | undefined;
  },
): void {
  const places = { addresses: listening, control: control.path, metrics: metricsUrl ?? null };
  const details = { version, pid, maxClients, sockets, ...places };
  log.write({ level: "info", what: "listening", details });
  if (openFiles === undefined) return;
  const problem = `this shell allows ${openFiles} open files, raise it with ulimit -n`;
  log.write({ level: "warning", what: "fewer_clients", details: { maxClients, problem } });
}

/** Names of the control socket: the first TCP port if there is one, then the process's number. */
function labelsOf(server: Server): string[] {
  const labels = [`pid-${Deno.pid}`];
  for (const { at } of server.addresses) {
    if (at.kind === "tcp") return [String(at.port), ...labels];
  }
  return labels;
}

/** Logs an uncaught exception: a bug in one place must not end the chat (F59). */
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

/** The operator's view: a console on a terminal, else lines or JSON. */
interface Screen {
  open(announcement: Announcement): void;
  /** `last` is why the server stopped, if the operator did not stop it. */
  close(last: string | undefined): Promise<void>;
}

function openScreen(
  options: CompleteOptions,
  { control, onInterrupt }: { control: Operator; onInterrupt: () => void },
): Screen {
  const { texts } = options;
  const output = new Output(Deno.stdout, texts.serve.linesNotShown);
  if (options.json) {
    return {
      open(announcement) {
        output.line(announceJson(announcement));
        if (!options.quiet) control.watch((watched) => output.line(JSON.stringify(watched)));
      },
      close(reason) {
        output.line(JSON.stringify({ type: "stopped", ...(reason && { reason }) }));
        return output.flushed(FLUSH_TIMEOUT_MS);
      },
    };
  }
  const close = (last: string | undefined) => {
    output.line(texts.serve.stopped(last?.toLowerCase()));
    return output.flushed(FLUSH_TIMEOUT_MS);
  };
  const announce = (commands: string, announcement: Announcement): void =>
    output.line(`${commands}\n${announceText(announcement, texts.serve)}`);
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) {
    return {
      open(announcement) {
        announce(printOperatorNames(texts.operator), announcement);
        if (!options.quiet) {
          control.watch(({ event }) => output.line(describeEvent(event, texts.events)));
        }
      },
      close,
    };
  }
  // CTRL-S on this terminal must not block the chat, so the prompt is drawn through the queue too.
  const io = { ...systemTerminal(), write: (text: string) => output.write(text) };
  const style = terminalStyle({ enabled: !options.noColor && wantsColour(Deno.env, true) });
  const complete = (line: string, cursor: number) => completeConsoleLine(control, line, cursor);
  const prompt = new Prompt({
    io,
    prompt: "server> ",
    complete,
    andMore: texts.events.andMore,
  });
  const operatorConsole = new OperatorConsole({
    prompt,
    control,
    onInterrupt,
    red: style.red,
    quiet: options.quiet === true,
    texts,
  });
  return {
    open(announcement) {
      announce(printOperatorHelp(texts.operator), announcement);
      void operatorConsole.run();
    },
    close(last) {
      operatorConsole.close();
      return close(last);
    },
  };
}
