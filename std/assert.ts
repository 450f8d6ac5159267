// Assertions for tests: npm's copy of @std/assert, whose original is on JSR. The copy has no types,
// so assert.d.ts declares the functions that are used here.

// @ts-types="./assert.d.ts"
export * from "deno-std/assert/mod.js";
