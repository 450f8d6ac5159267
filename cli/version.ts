// The program's version, from the one place that states it.

import config from "../deno.json" with { type: "json" };

/** Semantic version, such as `0.1.0`. */
export const VERSION: string = config.version;
