// Notifies the service manager that started the server, such as systemd: ready, stopping, and
// periodically that the event loop still runs.

import type { Clock, Timer } from "../shared/clock.ts";

/** What a service manager puts into the environment. */
export interface ServiceEnvironment {
  get(name: string): string | undefined;
}

/** How to reach the service manager. */
export interface ServiceNotifierOptions {
  readonly clock: Clock;
  /** Sends one message of `NAME=VALUE` lines; a lost one is no error. */
  readonly send: (message: string) => void;
  /** How often the manager expects a message, in milliseconds; undefined if it does not. */
  readonly watchdogMs: number | undefined;
}

/** The service manager's socket, if there is one (sd_notify(3)). */
export function notifySocket(env: ServiceEnvironment): string | undefined {
  const path = env.get("NOTIFY_SOCKET");
  return path !== undefined && /^[/@]./.test(path) ? path : undefined;
}

/**
 * Half of the interval in WATCHDOG_USEC (sd_watchdog_enabled(3)), in milliseconds; undefined if it
 * is not meant for this process.
 */
export function watchdogMs(env: ServiceEnvironment, pid: number): number | undefined {
  const microseconds = Number(env.get("WATCHDOG_USEC"));
  const forUs = [undefined, "", String(pid)].includes(env.get("WATCHDOG_PID"));
  return forUs && microseconds > 0 ? microseconds / 2_000 : undefined;
}

/** Sends notifications to a service manager. */
export class ServiceNotifier {
  readonly #options: ServiceNotifierOptions;
  #timer: Timer | undefined;

  constructor(options: ServiceNotifierOptions) {
    this.#options = options;
  }

  /**
   * Clients are accepted; from now on an event loop that hangs is noticed. `status` is one line for
   * the administrator.
   */
  ready(status: string): void {
    this.#options.send(`READY=1\nSTATUS=${status}`);
    this.#watchLater();
  }

  /** The server is stopping; `status` is one line for the administrator. */
  stopping(status: string): void {
    this.#options.send(`STOPPING=1\nSTATUS=${status}`);
  }

  /** Stops the watchdog messages. */
  end(): void {
    this.#timer?.cancel();
  }

  #watchLater(): void {
    const { clock, send, watchdogMs } = this.#options;
    if (watchdogMs === undefined) return;
    this.#timer = clock.after(watchdogMs, () => {
      send("WATCHDOG=1");
      this.#watchLater();
    });
  }
}
