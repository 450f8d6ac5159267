import { cheapChecks } from "./run_checks.ts";
import { CASES, caseText, passes } from "./own_server.ts";

for (const one of CASES) {
  Deno.test(`runServerChecks() finds nothing in our server without a flood: ${caseText(one)}`, () =>
    passes(one, cheapChecks(one[0], [])));
}
