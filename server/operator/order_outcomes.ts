// How orders are answered. Pure; which orders there are is in operator.ts.

import { EN } from "../../texts/en.ts";
import { type Failure, quoted } from "../../protocol/failures.ts";
import type { Outcome } from "../control.ts";

/** An order was carried out. */
export function done<Value>(value: Value): Outcome<Value> {
  return { ok: true, value };
}

/** An order was not carried out, and why. */
export function refused(error: string): { ok: false; error: string } {
  return { ok: false, error };
}

/** Done for now, but forgotten when the server ends: the operator must know. */
export function unstored(what: string, { text }: Failure): { ok: false; error: string } {
  return refused(`${what}, but only until the server ends: ${text(EN.refusals)}`);
}

/** There is no claim on a name. */
export function notClaimed(name: string): string {
  return `Nobody has claimed ${quoted(name)}: see the command claims`;
}

/** There is nobody of that name. */
export function nobody(name: string): { ok: false; error: string } {
  return refused(`Nobody called ${quoted(name)}: see the command who`);
}
