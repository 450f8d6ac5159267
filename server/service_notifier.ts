// What a server says to the service manager that started it, such as systemd: that it is ready, that it
// stops, and now and then that its event loop still turns. Knows not how the words get there.

import type { Clock, Timer } from "../shared/clock.ts";

/** What a service manager puts into the environment. */
export interface ServiceEnvironment {
  get(name: string): string | undefined;
}

/** How to reach a service manager. */
export interface ServiceNotifierOptions {
  readonly clock: Clock;
  /** Sends one message of `NAME=VALUE` lines; a lost one is no error. */
  readonly send: (message: string) => void;
  /** How often it wants to hear that all is well, in milliseconds, if it does. */
  readonly watchdogMs: number | undefined;
}

/** The socket a service manager listens at, if one does (sd_notify(3)). */
export function notifySocket(env: ServiceEnvironment): string | undefined {
  const path = env.get("NOTIFY_SOCKET");
  return path !== undefined && /^[/@]./.test(path) ? path : undefined;
}

/** Half of what WATCHDOG_USEC allows (sd_watchdog_enabled(3)), if that is meant for this process. */
export function watchdogMs(env: ServiceEnvironment, pid: number): number | undefined {
  const microseconds = Number(env.get("WATCHDOG_USEC"));
  const forUs = [undefined, "", String(pid)].includes(env.get("WATCHDOG_PID"));
  return forUs && microseconds > 0 ? microseconds / 2_000 : undefined;
}

/** The one who speaks to a service manager. */
export class ServiceNotifier {
  readonly #options: ServiceNotifierOptions;
  #timer: Timer | undefined;

  constructor(options: ServiceNotifierOptions) {
    this.#options = options;
  }

  /** Clients are accepted; from now on a loop that hangs is noticed. `status` is for people. */
  ready(status: string): void {
    this.#options.send(`READY=1\nSTATUS=${status}`);
    this.#watchLater();
  }

  /** The server is stopping; `status` is one line for the administrator. */
  stopping(status: string): void {
    this.#options.send(`STOPPING=1\nSTATUS=${status}`);
  }

  /** Says nothing more. */
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
