// The program: finds the verb, loads only what it needs, and is the one place that exits.

import { run } from "./cli/run.ts";

Deno.exit(await run(Deno.args));
