// The ages of messages in the store.

import { bounded, LATEST_MS, MAX_STORED } from "../store/bounded_columns.ts";
import type { Store } from "../store/store.ts";
import type { AgeState } from "./age_clock.ts";
import type { AgeMark, AgeRecords } from "./ages.ts";

/** Age records in a store. */
export class SqliteAgeRecords implements AgeRecords {
  readonly #store: Store;
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(store: Store) {
    this.#store = store;
    this.#statements = statementsOf(store);
  }

  state(): AgeState | undefined {
    const rows = this.#statements.state.all();
    const { age, clock, gap } = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    if (typeof age !== "number" || typeof clock !== "number") return undefined;
    return { age, clock, gap: typeof gap === "number" ? gap : 0 };
  }

  marks(): AgeMark[] {
    return this.#statements.marks.all().map(({ seq, age, clock }) => ({
      seq: Number(seq),
      age: Number(age),
      clock: Number(clock),
    }));
  }

  save({ age, clock, gap }: AgeState, added: readonly AgeMark[]): boolean {
    const { setState, add } = this.#statements;
    const problem = this.#store.transact(() => {
      setState.run("age", age);
      setState.run("clock", clock);
      setState.run("gap", gap);
      for (const mark of added) add.run(mark.seq, mark.age, mark.clock);
    });
    return problem === undefined;
  }

  drop(firstSeq: number): void {
    this.#store.transact(() => void this.#statements.drop.run(firstSeq));
  }

  replace(marks: readonly AgeMark[]): void {
    const { clear, add } = this.#statements;
    this.#store.transact(() => {
      clear.run();
      for (const { seq, age, clock } of marks) add.run(seq, Math.round(age), Math.round(clock));
    });
  }
}

function statementsOf(store: Store) {
  return {
    state: store.prepare(
      `SELECT name, ${
        bounded("value", LATEST_MS)
      } FROM counter WHERE name IN ('age', 'clock', 'gap')`,
    ),
    marks: store.prepare(
      `SELECT seq, ${bounded("age", LATEST_MS)}, ${bounded("clock", LATEST_MS)} FROM age
       WHERE seq BETWEEN 1 AND ${MAX_STORED} ORDER BY seq`,
    ),
    setState: store.prepare("INSERT OR REPLACE INTO counter VALUES (?, ?)"),
    add: store.prepare("INSERT OR REPLACE INTO age VALUES (?, ?, ?)"),
    drop: store.prepare("DELETE FROM age WHERE seq < ?"),
    clear: store.prepare("DELETE FROM age"),
  };
}
