import { CASES, caseText, passesChecks } from "./own_server.ts";

for (const one of CASES) {
  Deno.test(`runServerChecks() finds nothing in our server: ${caseText(one)}`, () =>
    passesChecks(one));
}
