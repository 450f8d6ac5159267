import { CASES, caseText, passes } from "./own_server.ts";

for (const one of CASES) {
  Deno.test(`runServerChecks() finds nothing in our server: ${caseText(one)}`, () => passes(one));
}
