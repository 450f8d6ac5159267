// The file of the certificates that servers have shown: one line per server, its address and its
// fingerprint. Replaced atomically, readable by its owner alone.

import type { Problem } from "../../protocol/problem.ts";
import { errorText } from "../../shared/errors.ts";
import { distrustOfFolder, readOwnedText, UntrustedFileError } from "../../shared/owned_files.ts";
import type { ClientTexts } from "../../texts/texts.ts";

/** The environment variables that decide the file's path. */
export type KnownHostsEnvironment = Pick<typeof Deno.env, "get">;

/** `$XDG_STATE_HOME/minichat/known_hosts`, else below `~/.local/state`. */
export function knownHostsPath(env: KnownHostsEnvironment): string {
  const state = env.get("XDG_STATE_HOME");
  // A relative path would depend on the working directory; the XDG standard says to ignore it.
  const base = state?.startsWith("/") ? state : `${env.get("HOME") ?? ""}/.local/state`;
  return `${base}/minichat/known_hosts`;
}

/** The fingerprint after `address` in the text of such a file; the last line counts. */
export function pinIn(text: string, address: string): string | undefined {
  return text.split("\n").map(fieldsOf).findLast(([host]) => host === address)?.[1];
}

/** The text with `fingerprint` for `address`; all other lines are unchanged. */
export function withPin(text: string, address: string, fingerprint: string): string {
  const kept = text.split("\n").filter((line) => line !== "" && fieldsOf(line)[0] !== address);
  return [...kept, `${address} ${fingerprint}`, ""].join("\n");
}

function fieldsOf(line: string): [address: string, fingerprint: string] {
  const [address = "", fingerprint = ""] = line.trim().split(/\s+/);
  return [address, fingerprint];
}

export class KnownHosts {
  readonly path: string;
  readonly #texts: ClientTexts;

  constructor(path: string, texts: ClientTexts) {
    this.path = path;
    this.#texts = texts;
  }

  /** The fingerprint trusted for `address`, or an error message if the file cannot be read. */
  find(address: string): { readonly pinned: string | undefined } | Problem {
    try {
      return { pinned: pinIn(this.#read(), address) };
    } catch (problem) {
      // Asking again to trust a server would be unsafe while earlier answers cannot be read.
      return { error: this.#texts.cannotReadKnownHosts(this.path, this.#reason(problem)) };
    }
  }

  /** Trusts `fingerprint` for `address` from now on; returns why that cannot be written. */
  pin(address: string, fingerprint: string): Problem | undefined {
    const folder = this.path.slice(0, this.path.lastIndexOf("/"));
    const temporary = `${this.path}.${crypto.randomUUID()}`;
    try {
      Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
      const distrust = distrustOfFolder(this.path);
      if (distrust !== undefined) throw new UntrustedFileError(distrust);
      const text = withPin(this.#read(), address, fingerprint);
      Deno.writeTextFileSync(temporary, text, { createNew: true, mode: 0o600 });
      Deno.renameSync(temporary, this.path);
      return undefined;
    } catch (problem) {
      return { error: this.#texts.cannotRemember(address, this.path, this.#reason(problem)) };
    }
  }

  #read(): string {
    try {
      return readOwnedText(this.path);
    } catch (problem) {
      if (problem instanceof Deno.errors.NotFound) return "";
      throw problem;
    }
  }

  #reason(problem: unknown): string {
    if (problem instanceof Deno.errors.PermissionDenied) return this.#texts.noPermission;
    return errorText(problem);
  }
}
