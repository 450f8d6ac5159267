// The command lines of tools: npm's copy of @std/cli, whose original is on JSR. The copy has no
// types, so cli.d.ts declares the functions that are used here.

// @ts-types="./cli.d.ts"
export * from "deno-std/cli/parse_args.js";
