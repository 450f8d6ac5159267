// Feeds decoders the same bytes in different chunks, as a socket does: one read buffer, used for
// every read. Shared by the tests of protocol/.

import { assertEquals } from "@std/assert";
import type { Failure } from "../../protocol/failures.ts";
import { EN } from "../../texts/en.ts";
import { BlockWriter } from "../../protocol/block.ts";
import type { Decoder, Encoder } from "../../protocol/dialect.ts";

const ENCODER = new TextEncoder();

/** Text as UTF-8, and numbers as single bytes. */
export function bytes(...parts: readonly (string | number)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "number" ? [part] : [...ENCODER.encode(part)]),
  );
}

/** `input` whole, cut in two at every place, and byte by byte. */
export function* splits(input: Uint8Array): Generator<Uint8Array[]> {
  yield [input];
  for (let at = 1; at < input.length; at++) yield [input.subarray(0, at), input.subarray(at)];
  yield [...input].map((_, at) => input.subarray(at, at + 1));
}

/** `input` cut at those of `places` that are inside it, in any order. */
export function cut(input: Uint8Array, places: readonly number[]): Uint8Array[] {
  const inside = [...new Set(places)].filter((at) => at > 0 && at < input.length);
  const ends = [...inside.sort((a, b) => a - b), input.length];
  return ends.map((end, index) => input.subarray(ends[index - 1] ?? 0, end));
}

/** Every item that `decoder` decodes from `chunks` and, if `ended`, from the end of the stream. */
export function decodeAll<Item>(
  decoder: Decoder<Item>,
  chunks: readonly Uint8Array[],
  ended = true,
): Item[] {
  const items: Item[] = [];
  const buffer = new Uint8Array(Math.max(0, ...chunks.map((chunk) => chunk.length)));
  for (const chunk of chunks) {
    buffer.set(chunk);
    decoder.feed(buffer.subarray(0, chunk.length), (item) => items.push(item));
    buffer.fill(0x21); // a decoder that kept the chunk would now see "!"
  }
  if (ended) decoder.end((item) => items.push(item));
  return items;
}

/** {@linkcode decodeAll} to its end, with failures as {@linkcode inEnglish} writes them. */
export function decodeInEnglish<Item>(
  decoder: Decoder<Item>,
  chunks: readonly Uint8Array[],
): unknown[] {
  return decodeAll(decoder, chunks).map(inEnglish);
}

/** Fails unless a new decoder decodes `input` to `expected`, in every split. */
export function assertEverySplit<Item>(
  fresh: () => Decoder<Item>,
  input: Uint8Array,
  expected: readonly unknown[],
): void {
  for (const chunks of splits(input)) {
    const shape = chunks.map((chunk) => chunk.length).join("+");
    assertEquals(decodeInEnglish(fresh(), chunks), expected, `cut ${shape}`);
  }
}

/** The item, with its failure's English text in place of the function that makes it. */
function inEnglish(item: unknown): unknown {
  if (typeof item !== "object" || item === null || !("failure" in item)) return item;
  const { code, text } = item.failure as Failure;
  return { ...item, failure: { code, message: text(EN.refusals) } };
}

/** What `encoder` writes for `item`. */
export function encode<Item>(encoder: Encoder<Item>, item: Item): Uint8Array {
  const out = new BlockWriter(256);
  out.begin();
  encoder.encode(item, out);
  const slice = out.end();
  return slice ? slice.block.subarray(slice.start, slice.end) : new Uint8Array(0);
}

/** The same as text; empty if the dialect cannot express `item`. */
export function encodeText<Item>(encoder: Encoder<Item>, item: Item): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(encode(encoder, item));
}
