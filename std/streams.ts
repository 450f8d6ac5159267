// Streams of lines and text: npm's copy of @std/streams, whose original is on JSR. The copy has no
// types, so streams.d.ts declares the functions that are used here.

// @ts-types="./streams.d.ts"
export * from "deno-std/streams/mod.js";
