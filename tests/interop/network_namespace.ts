// A second machine inside this one: a network namespace with a link that can be cut. It needs the
// right to make one, which root of a container may not have.

import { assert } from "@std/assert";

/** Addresses that nothing else on a machine for tests uses. */
const HERE = "10.231.77.1";
const THERE = "10.231.77.2";

async function ip(...args: string[]): Promise<boolean> {
  const piped = { stdout: "null", stderr: "null" } as const;
  try {
    return (await new Deno.Command("ip", { args, ...piped }).output()).success;
  } catch {
    return false; // not installed
  }
}

/** The other machine. */
export class OtherMachine implements AsyncDisposable {
  /** The address of this machine on the link. */
  readonly here = HERE;
  readonly #name: string;
  readonly #near: string;
  readonly #far: string;

  private constructor() {
    this.#name = `minichat-${Deno.pid}`;
    this.#near = `mc${Deno.pid}n`;
    this.#far = `mc${Deno.pid}f`;
  }

  /** Whether this process may make one. */
  static async isPossible(): Promise<boolean> {
    const machine = await OtherMachine.#make();
    await machine?.[Symbol.asyncDispose]();
    return machine !== undefined;
  }

  /** Makes one, linked. */
  static async make(): Promise<OtherMachine> {
    const machine = await OtherMachine.#make();
    assert(machine);
    return machine;
  }

  static async #make(): Promise<OtherMachine | undefined> {
    const machine = new OtherMachine();
    const near = machine.#near;
    const far = machine.#far;
    const made = await ip("netns", "add", machine.#name) &&
      await ip("link", "add", near, "type", "veth", "peer", "name", far) &&
      await ip("link", "set", far, "netns", machine.#name) &&
      await ip("addr", "add", `${HERE}/24`, "dev", near) &&
      await ip("link", "set", near, "up") &&
      await ip("-n", machine.#name, "addr", "add", `${THERE}/24`, "dev", far) &&
      await machine.link("up");
    if (made) return machine;
    await machine[Symbol.asyncDispose]();
    return undefined;
  }

  /** Cuts the link, or restores it; neither side is notified. */
  link(state: "up" | "down"): Promise<boolean> {
    return ip("-n", this.#name, "link", "set", this.#far, state);
  }

  /** The command line that runs a command there. */
  command(command: string, args: readonly string[]): [string, string[]] {
    return ["ip", ["netns", "exec", this.#name, command, ...args]];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await ip("link", "del", this.#near);
    await ip("netns", "del", this.#name);
  }
}
