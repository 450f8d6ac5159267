import { assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { bytesPerTurn, TurnBudget } from "../../../server/session/turn_budget.ts";

Deno.test("TurnBudget is spent when all together have sent that much, until the next one begins", () => {
  const due: (() => void)[] = [];
  const turn = new TurnBudget(100, (begin) => due.push(begin));
  turn.spend(60);
  assertStrictEquals(turn.isOver, false);
  turn.spend(60);
  assertStrictEquals(turn.isOver, true);
  const { number } = turn;
  assertStrictEquals(due.length, 1);
  due.pop()?.();
  assertStrictEquals(turn.isOver, false);
  assertNotStrictEquals(turn.number, number);
  turn.spend(1);
  assertStrictEquals(due.length, 1);
});

Deno.test("bytesPerTurn() is far below what a reader may lag behind", () => {
  const mib = 1024 * 1024;
  assertStrictEquals(bytesPerTurn({ hardQueueBytes: 16 * mib }), mib);
  assertStrictEquals(bytesPerTurn({ hardQueueBytes: mib / 4 }), mib / 16);
});
