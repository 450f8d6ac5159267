// How orders are answered. Pure; which orders there are is in operator.ts.

import { EN } from "../../texts/en.ts";
import { type Failure, quoted } from "../../protocol/failures.ts";
import type { OrderOutcome } from "../control.ts";

/** An order was carried out. */
export function orderDone<Value>(value: Value): OrderOutcome<Value> {
  return { ok: true, value };
}

/** An order was not carried out, and why. */
export function orderRefused(error: string): { ok: false; error: string } {
  return { ok: false, error };
}

/** Done for now, but forgotten when the server ends: the operator must know. */
export function unstored(what: string, { text }: Failure): { ok: false; error: string } {
  return orderRefused(`${what}, but only until the server ends: ${text(EN.refusals)}`);
}

/** There is no claim on a name. */
export function notClaimed(name: string): string {
  return `Nobody has claimed ${quoted(name)}: see the command claims`;
}

/** There is nobody of that name. */
export function noSuchPerson(name: string): { ok: false; error: string } {
  return orderRefused(`Nobody called ${quoted(name)}: see the command who`);
}
