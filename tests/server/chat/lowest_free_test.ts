import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import { LowestFree } from "../../../server/chat/lowest_free.ts";

Deno.test("LowestFree.take() counts from 1 and fills the lowest gap first", () => {
  const ids = new LowestFree();
  assertEquals([ids.take(), ids.take(), ids.take(), ids.take()], [1, 2, 3, 4]);
  ids.release(3);
  ids.release(1);
  assertEquals([ids.take(), ids.take(), ids.take()], [1, 3, 5]);
});

Deno.test("LowestFree.release() of a free number changes nothing", () => {
  const ids = new LowestFree();
  ids.take();
  ids.release(7);
  ids.release(0);
  assertStrictEquals(ids.take(), 2);
});

Deno.test("LowestFree answers the smallest number not in use, whatever came before", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 12 })), (steps) => {
    const ids = new LowestFree();
    const taken = new Set<number>();
    for (const step of steps) {
      if (taken.delete(step)) ids.release(step);
      else {
        let lowest = 1;
        while (taken.has(lowest)) lowest++;
        assertStrictEquals(ids.take(), lowest);
        taken.add(lowest);
      }
    }
  }));
});
