// The file that remembers which certificate each server showed: one line a server, its place and its
// fingerprint. Written whole and at once, readable by its owner alone. Knows nothing of connections.

import type { Problem } from "../../protocol/problem.ts";
import { errorText } from "../../shared/errors.ts";

/** The environment variables that decide where it is. */
export type KnownHostsEnvironment = Pick<typeof Deno.env, "get">;

/** `$XDG_STATE_HOME/minichat/known_hosts`, else below `~/.local/state`. */
export function knownHostsPath(env: KnownHostsEnvironment): string {
  const state = env.get("XDG_STATE_HOME");
  // A relative path means nothing to another process; the XDG standard says to ignore it.
  const base = state?.startsWith("/") ? state : `${env.get("HOME") ?? ""}/.local/state`;
  return `${base}/minichat/known_hosts`;
}

/** What stands behind `place` in the text of such a file; the last line counts. */
export function pinIn(text: string, place: string): string | undefined {
  return text.split("\n").map(parted).findLast(([where]) => where === place)?.[1];
}

/** The text with `fingerprint` for `place`; everything else in it stays as it is. */
export function withPin(text: string, place: string, fingerprint: string): string {
  const kept = text.split("\n").filter((line) => line !== "" && parted(line)[0] !== place);
  return [...kept, `${place} ${fingerprint}`, ""].join("\n");
}

function parted(line: string): [place: string, fingerprint: string] {
  const [place = "", fingerprint = ""] = line.trim().split(/\s+/);
  return [place, fingerprint];
}

/** The file itself. */
export class KnownHosts {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The fingerprint trusted for `place`, or a sentence when the file cannot be read. */
  find(place: string): { readonly pinned: string | undefined } | Problem {
    try {
      return { pinned: pinIn(this.#read(), place) };
    } catch (problem) {
      // Whoever cannot see what was trusted must not be asked to trust it anew.
      return { error: `Cannot read the known servers in ${this.path}: ${reason(problem)}` };
    }
  }

  /** Trusts `fingerprint` for `place` from now on; answers why that cannot be written. */
  pin(place: string, fingerprint: string): Problem | undefined {
    const folder = this.path.slice(0, this.path.lastIndexOf("/"));
    const temporary = `${this.path}.${crypto.randomUUID()}`;
    try {
      Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
      const text = withPin(this.#read(), place, fingerprint);
      Deno.writeTextFileSync(temporary, text, { createNew: true, mode: 0o600 });
      Deno.renameSync(temporary, this.path);
      return undefined;
    } catch (problem) {
      return { error: `Cannot remember ${place} in ${this.path}: ${reason(problem)}` };
    }
  }

  #read(): string {
    try {
      return Deno.readTextFileSync(this.path);
    } catch (problem) {
      if (problem instanceof Deno.errors.NotFound) return "";
      throw problem;
    }
  }
}

function reason(problem: unknown): string {
  if (problem instanceof Deno.errors.PermissionDenied) return "no permission";
  return errorText(problem);
}
