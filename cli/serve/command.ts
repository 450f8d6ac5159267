// `minichat serve`: puts a server, its operator's console, its control socket and its signals
// together, and tells people where to join. What each of them does is in server/ and admin/.

import { chatOrders } from "../../admin/in_chat_commands.ts";
import { completeConsoleLine, OperatorConsole, printOperatorHelp } from "../../admin/console.ts";
import { describeEvent } from "../../protocol/describe_event.ts";
import type { Stats } from "../../server/control.ts";
import type { LogEntry } from "../../server/log_entry.ts";
import type { ListenAddress } from "../../server/net/address.ts";
import { Operator } from "../../server/operator/operator.ts";
import { Server } from "../../server/server.ts";
import { Prompt } from "../../terminal/prompt.ts";
import { terminalStyle, wantsColour } from "../../terminal/style.ts";
import { systemTerminal } from "../../terminal/system_terminal.ts";
import { announceJson, type Announcement, announceText } from "./announcement.ts";
import { print } from "../print.ts";
import { chosenTexts } from "../language.ts";
import { openControlSocket } from "./control_listener.ts";
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
import { onStopSignals } from "../signals.ts";
import { VERSION } from "../version.ts";

const USAGE = "Usage: minichat serve [--port PORT] [--listen ADDRESS]... [--tls-cert FILE " +
  "--tls-key FILE [--tls]] ...";

/** Longest wait for whoever reads the output to take its last lines, in milliseconds. */
const LAST_WORDS_MS = 1_000;

/** Runs a server with those limits until it is stopped; answers the exit code. */
export async function runServe(options: ServeOptions, limits: RunLimits): Promise<number> {
  const addresses = listenAddresses(options);
  if (typeof addresses === "string") return misused(addresses);
  if (addresses.some(({ tls }) => tls !== undefined)) {
    const unavailable = (await import("../tls_runtime.ts")).tlsUnavailable();
    if (unavailable !== undefined) return failed(unavailable.error);
  }
  const placed = { ...options, addresses };
  const history = openHistory(placed, Deno.env);
  if ("error" in history) {
    const taken = history.code === 1 ? await portInUse(addresses, Deno.env) : undefined;
    return failed(taken ?? history.error, history.code);
  }
  try {
    return await serve(placed, limits, history);
  } finally {
    history.store?.close();
  }
}

/** The flags, and where they say to listen. */
type PlacedOptions = ServeOptions & { readonly addresses: readonly ListenAddress[] };

async function serve(
  options: PlacedOptions,
  { limits, fewer, reread }: RunLimits,
  history: OpenedHistory,
): Promise<number> {
  const log = await chooseLog(options);
  if ("error" in log) return failed(log.error, log.code);
  const onFault = (fault: unknown) =>
    log.write({ level: "error", what: "fault", details: { fault: `${fault}` } });

  const { store } = history;
  const { rounds } = options;
  const password = passwordOf(options.passwordFile);
  if ("error" in password) return failed(password.error);
  const service = serviceNotifier(Deno.env);
  const onEntry = (entry: LogEntry) => {
    if (entry.what === "stopping") service.stopping();
    log.write(entry);
  };
  const server = new Server(
    { limits, rounds, store, log: onEntry, ...password },
    (server) => chatOrders((by) => new Operator(server, VERSION, { by })),
  );
  // Before listening: the runtime fails to register the first handler once descriptors run out.
  const reloads = new Reloads(
    log.write,
    (text) => server.watchers.publish({ type: "notice", text }),
  );
  if (reread) reloads.onReload("limits", limitsReload(server, reread));
  const signals = onStopSignals(() => void server.stop(), () => void reloads.run());
  const problem = await server.start(options.addresses);
  if (problem !== undefined) {
    return failed(await portInUse(options.addresses, Deno.env) ?? problem.error);
  }
  const figures = new Operator(server, VERSION);
  const observer = await openMetricsEndpoint(options, { server, control: figures, log, onFault });
  if ("error" in observer) {
    await server.stop();
    return failed(observer.error);
  }
  const control = new Operator(server, VERSION, { metricsUrl: observer.url ?? null });
  const controlSocket = await openControlSocket({ labels: labelsOf(server), control, onFault });
  if ("error" in controlSocket) {
    await Promise.all([server.stop(), observer.close()]);
    return failed(controlSocket.error);
  }
  surviveFaults(onFault);
  reloadCertificates(reloads, server);
  if (options.logFile !== undefined) reloads.onReload("log", log.reopen);

  const screen = openScreen(options, { control, onInterrupt: signals.interrupt });
  const announcement = {
    addresses: server.addresses,
    interfaces: Deno.networkInterfaces(),
    maxClients: server.limits.maxClients,
    fewer,
    history: announcementOf(server, history),
    controlPath: controlSocket.path,
    metricsUrl: observer.url,
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
  const closed = Promise.all([controlSocket.close(), observer.close()]); // removes its file at once
  if (!forced) await closed;
  const last = server.rounds.isReached ? server.rounds.text : undefined;
  const screenClosed = screen.close(last); // gives the terminal back at once
  if (!forced) await screenClosed;
  await log.close();
  signals.ignore();
  return forced ? 130 : 0;
}

/** Told with the fingerprints that are shown from then on: people compare them. */
function reloadCertificates(reloads: Reloads, { security, addresses }: Server): void {
  if (security.port === undefined) return;
  const shown = () => new Set(addresses.flatMap((address) => security.fingerprint(address) ?? []));
  reloads.onReload(
    "certificates",
    async () => (await security.reload())?.error,
    () => [...shown()].join(" "),
  );
}

function failed(sentence: string, code = 1): number {
  print(Deno.stderr, `minichat serve: ${sentence}`);
  return code;
}

function misused(sentence: string): number {
  print(Deno.stderr, `${USAGE}\nError: ${sentence}`);
  return 2;
}

/** What a reader of the log must know of this run. */
function logStart(
  log: Log,
  { version, pid, listening }: Stats,
  { announcement: { maxClients, fewer, controlPath, metricsUrl }, sockets }: {
    readonly announcement: Announcement;
    readonly sockets: string | undefined;
  },
): void {
  const places = { addresses: listening, control: controlPath, metrics: metricsUrl ?? null };
  const details = { version, pid, maxClients, sockets, ...places };
  log.write({ level: "info", what: "listening", details });
  if (fewer === undefined) return;
  log.write({ level: "warning", what: "fewer_clients", details: { maxClients, problem: fewer } });
}

/** The first TCP port, which is how people name a server; else the process's number. */
function labelsOf(server: Server): string[] {
  const labels = [`pid-${Deno.pid}`];
  for (const { at } of server.addresses) {
    if (at.kind === "tcp") return [String(at.port), ...labels];
  }
  return labels;
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
        if (!options.quiet) {
          control.watch(({ event }) => output.line(describeEvent(event, chosenTexts().events)));
        }
      },
      close,
    };
  }
  // CTRL-S on this terminal must not stop the chat, so what is drawn goes through the queue too.
  const io = { ...systemTerminal(), write: (text: string) => output.write(text) };
  const style = terminalStyle({ enabled: !options.noColor && wantsColour(Deno.env, true) });
  const complete = (line: string, cursor: number) => completeConsoleLine(control, line, cursor);
  const prompt = new Prompt({
    io,
    prompt: "server> ",
    complete,
    andMore: chosenTexts().events.andMore,
  });
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
