import assert from "node:assert/strict";
import { bytesPerTurn, TurnBudget } from "../../../server/session/turn_budget.ts";

Deno.test("TurnBudget is spent when all together have sent that much, until the next one begins", () => {
  const due: (() => void)[] = [];
  const turn = new TurnBudget(100, (begin) => due.push(begin));
  turn.spend(60);
  assert.equal(turn.isOver, false);
  turn.spend(60);
  assert.equal(turn.isOver, true);
  const { number } = turn;
  assert.equal(due.length, 1);
  due.pop()?.();
  assert.equal(turn.isOver, false);
  assert.notEqual(turn.number, number);
  turn.spend(1);
  assert.equal(due.length, 1);
});

Deno.test("bytesPerTurn() is far below what a reader may lag behind", () => {
  const mib = 1024 * 1024;
  assert.equal(bytesPerTurn({ hardQueueBytes: 16 * mib }), mib);
  assert.equal(bytesPerTurn({ hardQueueBytes: mib / 4 }), mib / 16);
});
