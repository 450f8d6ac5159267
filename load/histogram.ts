// Counts latencies in buckets whose width grows with the value: three per cent of precision from
// microseconds to seconds, in a few kilobytes. Pure.

/** Buckets for each doubling: a bucket is at most 1/32 of its value wide. */
const SUB_BITS = 5;
const SUBS = 1 << SUB_BITS;
/** Larger values count as this one: half an hour in microseconds. */
const MAX_VALUE = 2 ** 31 - 1;
const BUCKETS = (32 - SUB_BITS) * SUBS;

/** Counts of values in microseconds. */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  /** The smallest value; 0 if there is none. */
  get min(): number {
    return this.#count === 0 ? 0 : this.#min;
  }

  /** The largest value; 0 if there is none. */
  get max(): number {
    return this.#max;
  }

  /** The average; 0 if there is no value. */
  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  /** Counts a value in microseconds; fractions are cut off. */
  record(micros: number): void {
    const value = micros < 0 ? 0 : micros > MAX_VALUE ? MAX_VALUE : Math.floor(micros);
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    const bucket = bucketOf(value);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  /** The value that the share `q` (0 to 1) of all values does not exceed; 0 if there is none. */
  quantile(q: number): number {
    const rank = Math.max(1, Math.ceil(q * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      // The end of a bucket may exceed every recorded value.
      if (seen >= rank) return Math.max(this.min, Math.min(this.#max, startOf(bucket + 1) - 1));
    }
    return this.#max;
  }

  /** Number of values from `from` up to, not including, `to`, to the precision of a bucket. */
  between(from: number, to: number): number {
    let sum = 0;
    // Values are whole: a range from a fraction starts at the next whole number.
    for (
      let bucket = bucketOf(Math.ceil(from));
      bucket < BUCKETS && startOf(bucket) < to;
      bucket++
    ) {
      if (startOf(bucket) >= from) sum += this.#counts[bucket] ?? 0;
    }
    return sum;
  }
}

function bucketOf(value: number): number {
  if (value < SUBS) return value;
  const shift = 31 - Math.clz32(value) - SUB_BITS;
  return (shift + 1) * SUBS + ((value >>> shift) & (SUBS - 1));
}

/** The smallest value of a bucket. */
function startOf(bucket: number): number {
  if (bucket < SUBS) return bucket;
  const shift = Math.floor(bucket / SUBS) - 1;
  return (SUBS + bucket % SUBS) * 2 ** shift;
}
