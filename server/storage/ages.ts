// The ages of messages: marks say which messages are at least how old, by the age clock and not by
// their dates, so that a message dated in the future expires like its neighbours.

import type { Clock } from "../../shared/clock.ts";
import { AgeClock, type AgeState } from "./age_clock.ts";
import type { ClockDoubt } from "./clock_doubt.ts";

/** All messages up to a number were stored at this age or before. */
export interface AgeMark {
  readonly seq: number;
  /** By {@linkcode AgeClock}, in milliseconds. */
  readonly age: number;
  /** The system's time then, in milliseconds since the epoch. */
  readonly clock: number;
}

/** Stores marks and the state of the clock. Failures only make messages look younger later. */
export interface AgeRecords {
  state(): AgeState | undefined;
  /** In the order of their numbers. */
  marks(): readonly AgeMark[];
  /** Returns whether it is stored. */
  save(state: AgeState, added: readonly AgeMark[]): boolean;
  /** Removes the marks below a number. */
  drop(firstSeq: number): void;
  /** Replaces all marks. */
  replace(marks: readonly AgeMark[]): void;
}

/** Records of a server without a store. */
export const NO_AGE_RECORDS: AgeRecords = {
  state: () => undefined,
  marks: () => [],
  save: () => true,
  drop: () => {},
  replace: () => {},
};

/** Between two marks, in milliseconds: messages are deleted later by at most this. */
export const MARK_MS = 600_000;

/** The ages of one history's messages. */
export class Ages {
  readonly clock: AgeClock;
  readonly #records: AgeRecords;
  readonly #systemClock: Pick<Clock, "now">;
  #marks: AgeMark[];
  #unsaved: AgeMark[] = [];
  /** How the system's clock contradicts the history, since the last round of purging. */
  doubt: ClockDoubt | undefined;
  /** Called after {@linkcode confirm}. */
  onConfirm: () => void = () => {};

  /** `lastSeq`: number of the newest message when the history was opened. */
  constructor(
    clock: Pick<Clock, "now" | "monotonic">,
    { records, lastSeq }: { readonly records: AgeRecords; readonly lastSeq: number },
  ) {
    this.#records = records;
    this.#systemClock = clock;
    const stored = records.marks();
    const state = records.state() ?? stateFrom(stored, clock.now());
    this.clock = new AgeClock(clock, state);
    this.#marks = cleaned(stored, this.clock.age);
    // A killed server has left messages that are newer than its last mark.
    if (state !== undefined) this.#add(lastSeq, Math.min(this.clock.age, state.age + MARK_MS));
  }

  /** Marks the messages up to number `seq` as stored by now; called every {@linkcode MARK_MS}. */
  mark(seq: number): void {
    this.#add(seq, this.clock.ageOfNew);
    if (this.#records.save(this.clock.state, this.#unsaved)) this.#unsaved = [];
  }

  /** The number up to which all messages are older than `ms`; 0 if none is. */
  olderThan(ms: number): number {
    const latest = this.clock.age - ms;
    return this.#marks.findLast(({ age }) => age <= latest)?.seq ?? 0;
  }

  /** Forgets the marks of messages below `firstSeq`, which are deleted. */
  forget(firstSeq: number): void {
    const at = this.#marks.findIndex(({ seq }) => seq >= firstSeq);
    if (at <= 0) return;
    this.#marks = this.#marks.slice(at);
    this.#records.drop(firstSeq);
  }

  /**
   * The operator says that the system's clock is right: ages follow the times that it showed,
   * except those later than now, and those earlier than an earlier message's.
   */
  confirm(): void {
    this.clock.confirm();
    const now = this.#systemClock.now();
    const { age } = this.clock;
    let latest = -Infinity;
    const dated = this.#marks.map((mark) => {
      if (mark.clock > now) return mark;
      latest = Math.max(latest, mark.clock);
      return { ...mark, age: Math.min(mark.age, age - (now - latest)) };
    });
    let youngest = Infinity;
    this.#marks = dated.reverse().map((mark) => {
      youngest = Math.min(youngest, mark.age);
      return { ...mark, age: youngest };
    }).reverse();
    this.#records.replace(this.#marks);
    this.onConfirm();
  }

  #add(seq: number, age: number): void {
    const last = this.#marks.at(-1);
    if (seq <= (last?.seq ?? 0)) return;
    const mark = { seq, age: Math.max(age, last?.age ?? age), clock: this.#systemClock.now() };
    this.#marks.push(mark);
    this.#unsaved.push(mark);
  }
}

/** The state of a history whose marks were made from its messages' times. */
function stateFrom(marks: readonly AgeMark[], now: number): AgeState | undefined {
  const last = marks.at(-1);
  if (last === undefined) return undefined;
  const clock = Math.min(last.clock, now);
  return { age: clock, clock, gap: 0 };
}

/** Marks in the order of their ages, none in the future. */
function cleaned(marks: readonly AgeMark[], now: number): AgeMark[] {
  let latest = -Infinity;
  return marks.map((mark) => {
    latest = Math.max(latest, Math.min(mark.age, now));
    return { ...mark, age: latest };
  });
}
