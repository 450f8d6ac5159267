// New inputs: whole legal sessions at random, and changes of inputs that had new behaviour.

import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import { MAX_NATIVE_LINE_BYTES, MAX_TEXT_LINE_BYTES } from "../../protocol/limits.ts";
import type { Random } from "./random_source.ts";
import {
  type Actor,
  copy,
  fromLatin1,
  ORDERS,
  type Scenario,
  type ScenarioStep,
} from "./scenario.ts";
import { introduce, NAMES, randomCommand, TEXTS } from "./client_lines.ts";
import { utf8 } from "./play_scenario.ts";

const MAX_STEPS = 40;
/** Longest step: an endless line is one that is longer than any cap. */
const MAX_BYTES = MAX_NATIVE_LINE_BYTES + 64;

/** Bytes that mean something to some decoder, and break another wherever they are. */
const TOKENS: readonly Uint8Array[] = [
  ...'\n|\r|\r\n|\0|\r\0|\t|\x03|\x04|\x1b|\x7f|{|}|"|\\|hello|hello |USER |MSG |/|@|#| |ok|bye'
    .split("|").map(utf8),
  ..."\x16\x03\x01|SSH-2.0-x|GET / HTTP/1.1\r\n|NICK a|USER a 0 * :b|\xff\xfd\x01|\xff\xf4|\xff\xfd\x06"
    .split("|").map(fromLatin1),
  ..."\xff\xfa\x18\x00|\xff\xf0|\xff\xff|\xc0\x80|\xed\xa0\x80|\xf4\x90\x80\x80|\x80|\xe2\x82|\xf0\x9f"
    .split("|").map(fromLatin1),
  ..."\u202e|\u2066|\u200b|\ufeff|\u{e0041}|\u2028|\u0085|\u009b2J|\ud800|\u0301\u0301\u0301"
    .split("|").map(utf8),
  Uint8Array.of(0, 0, 0, 0),
  Uint8Array.of(1, 0, 0, 0),
  Uint8Array.of(0, 0, 0, 1),
  Uint8Array.of(0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0, 0x22, 0, 0),
];

/** Numbers at which lengths and counts go wrong. */
const NUMBERS = [
  0,
  1,
  2,
  127,
  128,
  255,
  256,
  8192,
  8703,
  8704,
  8705,
  65535,
  65536,
  2 ** 31,
  2 ** 32 - 1,
];

/** Makes and changes inputs at random. */
export class Mutator {
  readonly #random: Random;
  readonly #dialects: readonly DialectName[];

  /** `dialects` are those of the senders. */
  constructor(random: Random, dialects: readonly DialectName[] = DIALECT_NAMES) {
    this.#random = random;
    this.#dialects = dialects;
  }

  /** A legal session of one to three clients, with one or two silent members. */
  fresh(): Scenario {
    const random = this.#random;
    const actors = Array.from({ length: random.few(3) }, () => this.#actor());
    const spoken = actors.map(() => ({
      dialect: random.pick(this.#dialects),
      layout: random.int(6),
    }));
    const steps: ScenarioStep[] = spoken.map(({ dialect, layout }, who) => ({
      does: "send",
      who,
      bytes: introduce(random, dialect, layout),
    }));
    for (let count = 1 + random.int(8); count > 0; count--) {
      const who = random.int(actors.length);
      const { dialect, layout } = spoken[who] ?? { dialect: "plain", layout: 0 };
      steps.push({ does: "send", who, bytes: randomCommand(random, dialect, layout) });
      if (random.chance(0.1)) steps.push(this.#event(actors.length));
    }
    const listeners = Array.from({ length: random.few(2) }, () => ({
      dialect: random.pick(DIALECT_NAMES),
      layout: random.int(6),
    }));
    return { actors, listeners, steps, cut: random.int(1_000), tight: random.chance(0.3) };
  }

  /** `parent` with one to four changes, some of them parts of `other`. */
  change(parent: Scenario, other: Scenario): Scenario {
    const child = copy(parent);
    child.cut = this.#random.int(1_000);
    if (this.#random.chance(0.05)) child.tight = !child.tight;
    for (let count = this.#random.few(4); count > 0; count--) {
      if (this.#random.chance(0.35)) this.#changeSteps(child, other);
      else this.#changeBytes(child, other);
    }
    child.steps.length = Math.min(child.steps.length, MAX_STEPS);
    return child;
  }

  #actor(): Actor {
    const random = this.#random;
    const actor = {
      kind: random.chance(0.6) ? "tcp" : "unix",
      notices: random.chance(0.5),
    } as const;
    return random.chance(0.1) ? { ...actor, pinned: random.pick(this.#dialects) } : actor;
  }

  #event(actors: number): ScenarioStep {
    const random = this.#random;
    const who = random.int(actors);
    switch (random.int(6)) {
      case 0:
        return { does: "wait", ms: random.pick([1, 299, 300, 301, 5_000, 9_999, 10_000, 60_000]) };
      case 1:
        return { does: "reset", who };
      case 2:
        return { does: "stall", who, room: random.pick([0, 1, 5, 100]) };
      case 3:
        return { does: "read", who };
      case 4:
        return { does: "deafen", who };
      default:
        return {
          does: "order",
          order: random.pick(ORDERS),
          subject: random.pick(NAMES),
          reason: random.pick(TEXTS).slice(0, 300),
        };
    }
  }

  #changeSteps(child: Scenario, other: Scenario): void {
    const random = this.#random;
    const { actors, steps } = child;
    const at = random.int(steps.length + 1);
    switch (random.int(9)) {
      case 0:
        return void steps.splice(at, random.few(3));
      case 1:
        return void steps.splice(at, 0, ...steps.slice(at - random.few(4), at));
      case 2:
        return void steps.splice(at, 0, this.#event(actors.length));
      case 3: {
        const from = random.int(other.steps.length + 1);
        const taken = other.steps.slice(from, from + random.few(6));
        return void steps.splice(at, 0, ...taken.map((step) => adapted(step, actors.length)));
      }
      case 4: {
        const who = random.int(actors.length);
        const bytes = randomCommand(random, random.pick(this.#dialects), random.int(6));
        return void steps.splice(at, 0, { does: "send", who, bytes });
      }
      case 5:
        actors[random.int(actors.length)] = this.#actor();
        return;
      case 6:
        if (actors.length < 4) actors.push(this.#actor());
        return void steps.splice(at, 0, {
          does: "send",
          who: actors.length - 1,
          bytes: introduce(random, random.pick(this.#dialects), random.int(6)),
        });
      case 7: {
        const step = steps[at];
        if (step?.does === "send") steps[at] = { ...step, end: true };
        return;
      }
      default: {
        const step = steps[at];
        if (step !== undefined && "who" in step) step.who = random.int(actors.length);
      }
    }
  }

  #changeBytes(child: Scenario, other: Scenario): void {
    const random = this.#random;
    const sends = child.steps.filter((step) => step.does === "send");
    if (sends.length === 0) return;
    const step = random.pick(sends);
    const { bytes } = step;
    const at = random.int(bytes.length + 1);
    const end = Math.min(bytes.length, at + random.few(12));
    step.bytes = this.#changed(bytes, { at, end, other }).subarray(0, MAX_BYTES);
  }

  #changed(
    bytes: Uint8Array,
    { at, end, other }: { at: number; end: number; other: Scenario },
  ): Uint8Array {
    const random = this.#random;
    switch (random.int(10)) {
      case 0: {
        const flipped = bytes.slice();
        const byte = flipped[at];
        if (byte !== undefined) flipped[at] = byte ^ (1 << random.int(8));
        return flipped;
      }
      case 1:
        return spliced(bytes, at, at + random.int(2), Uint8Array.of(random.int(256)));
      case 2:
      case 3:
        return spliced(bytes, at, random.chance(0.5) ? at : end, random.pick(TOKENS));
      case 4:
        return spliced(bytes, at, end, new Uint8Array(0));
      case 5:
        return spliced(bytes, at, at, bytes.subarray(at, end));
      case 6:
        return bytes.subarray(0, at);
      case 7: {
        const piece = random.pick(other.steps);
        return spliced(
          bytes,
          at,
          end,
          piece.does === "send" ? piece.bytes : utf8(random.pick(NAMES)),
        );
      }
      case 8:
        return this.#withNumber(bytes, at);
      default:
        return this.#stretched(bytes, at);
    }
  }

  /** Replaces four bytes, or digits, with a number at which things go wrong. */
  #withNumber(bytes: Uint8Array, at: number): Uint8Array {
    const random = this.#random;
    const number = random.pick(NUMBERS);
    if (random.chance(0.3)) return spliced(bytes, at, at, utf8(String(number)));
    const place = random.chance(0.5) ? random.pick([0, 4, 8]) : at;
    const field = new Uint8Array(4);
    new DataView(field.buffer).setUint32(0, number, random.chance(0.7));
    return spliced(bytes, place, place + 4, field);
  }

  /** Repeats one byte or token until the step is just at a cap, or above all of them. */
  #stretched(bytes: Uint8Array, at: number): Uint8Array {
    const random = this.#random;
    if (!random.chance(0.15)) return bytes;
    const size = random.pick([
      MAX_TEXT_LINE_BYTES,
      MAX_TEXT_LINE_BYTES + 1,
      MAX_TEXT_LINE_BYTES + 2,
      MAX_NATIVE_LINE_BYTES + 2,
    ]);
    const filler = new Uint8Array(Math.max(0, size - bytes.length));
    return spliced(
      bytes,
      at,
      at,
      filler.fill(random.pick([0x78, 0x0d, 0x20, 0x1b, 0xc3, 0xff, 0])),
    );
  }
}

function adapted(step: ScenarioStep, actors: number): ScenarioStep {
  return "who" in step ? { ...step, who: step.who % actors } : { ...step };
}

function spliced(bytes: Uint8Array, from: number, to: number, piece: Uint8Array): Uint8Array {
  const head = bytes.subarray(0, from);
  const tail = bytes.subarray(Math.min(bytes.length, to));
  const whole = new Uint8Array(head.length + piece.length + tail.length);
  whole.set(head);
  whole.set(piece, head.length);
  whole.set(tail, head.length + piece.length);
  return whole;
}
