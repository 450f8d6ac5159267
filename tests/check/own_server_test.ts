import { cheapChecks } from "./run_checks.ts";
import { CASES, caseText, passesChecks } from "./own_server.ts";

for (const one of CASES) {
  Deno.test(`runServerChecks() finds nothing in our server without a flood: ${caseText(one)}`, () =>
    passesChecks(one, cheapChecks(one[0], [])));
}
