// The program's version, from deno.json.

import config from "../deno.json" with { type: "json" };

/** Semantic version, such as `0.1.0`. */
export const VERSION: string = config.version;
