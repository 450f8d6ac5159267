// A check that makes sense for servers of several dialects, and the table that makes it one dialect's.

import type { Check } from "../finding.ts";
import type { ServerCheck } from "./server_runner.ts";
import type { ServerProbe } from "./server_probe.ts";
import type { DialectProbe } from "./dialect_probe.ts";

/** A check without what depends on the dialect. */
export interface CommonCheck {
  readonly id: string;
  readonly title: string;
  /** The checks besides {@linkcode TALK} without which it can show nothing new. */
  readonly needs?: readonly string[];
  /** The likely reason when the server is gone afterwards. */
  readonly ifItDies?: string;
  run(stage: ServerProbe, tongue: DialectProbe): Promise<void>;
}

/** Where a dialect asks for each common check; one without a row is left out. */
export type CommonSources = Readonly<Record<string, readonly [Check["level"], ...string[]]>>;

/** The check without which hardly any other makes sense. */
export const TALK = "talk";

/** The common checks that `sources` names, for one dialect. */
export function commonChecks(
  rows: readonly CommonCheck[],
  tongue: DialectProbe,
  asked: CommonSources,
): ServerCheck[] {
  return rows.flatMap(({ id, title, needs = [], ifItDies, run }) => {
    const [level, ...sources] = asked[id] ?? [];
    if (level === undefined) return [];
    const own = [...needs, ...tongue.needs?.[id] ?? []];
    return [{
      check: { id, title, level, sources },
      needs: id === TALK ? own : [TALK, ...own],
      ...ifItDies === undefined ? {} : { ifItDies },
      run: (stage: ServerProbe) => run(stage, tongue),
    }];
  });
}
