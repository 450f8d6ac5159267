// Runs a command line and returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
// Only the modules of the verb in use are loaded.

import type { Message } from "@optique/core/message";
import type { Mode, Parser } from "@optique/core/parser";

/** Takes the arguments after a verb and returns the exit code. */
type Run = (args: readonly string[]) => Promise<number>;

/** A verb; `load()` loads its modules. */
interface Verb {
  readonly name: string;
  load(): Promise<Run>;
}

/** A verb whose flags the argument library parses. */
interface FlagVerb<Options> {
  readonly name: string;
  /** Loads its flags, and the text below them in `--help`. */
  flags(): Promise<{ readonly parser: Parser<Mode, Options, unknown>; readonly footer: Message }>;
  /** The arguments after a `--` are a command line, which `run` gets. */
  readonly takesCommand?: true;
  run(options: Options, command: readonly string[]): Promise<number>;
}

const VERBS: readonly Verb[] = [
  { name: "serve", load: async () => (await import("./serve/parse_settings.ts")).startServe },
  { name: "admin", load: async () => (await import("./admin/command.ts")).runAdmin },
  withFlags({
    name: "connect",
    async flags() {
      const { connectParser, CONNECT_FOOTER } = await import("./connect/options.ts");
      return { parser: connectParser, footer: CONNECT_FOOTER };
    },
    async run(options) {
      // Also with `--first` alone, which is refused there as wrong usage.
      if (options.turns || options.first !== undefined) {
        return await (await import("./connect/turns.ts")).runConnectTurns(options);
      }
      return await (await import("./connect/command.ts")).runConnect(options);
    },
  }),
  withFlags({
    name: "history",
    async flags() {
      const { historyParser, HISTORY_FOOTER } = await import("./history/options.ts");
      return { parser: historyParser, footer: HISTORY_FOOTER };
    },
    run: async (options) => await (await import("./history/command.ts")).runHistory(options),
  }),
  withFlags({
    name: "explain",
    async flags() {
      const { explainParser, EXPLAIN_FOOTER } = await import("./explain/options.ts");
      return { parser: explainParser, footer: EXPLAIN_FOOTER };
    },
    run: async (options) => (await import("./explain/command.ts")).runExplain(options),
  }),
  withFlags({
    name: "bench",
    async flags() {
      const { benchParser, BENCH_FOOTER } = await import("./bench/options.ts");
      return { parser: benchParser, footer: BENCH_FOOTER };
    },
    run: async (options) => await (await import("./bench/command.ts")).runBench(options),
  }),
  withFlags({
    name: "check",
    takesCommand: true,
    async flags() {
      const { checkParser, CHECK_FOOTER } = await import("./check/options.ts");
      return { parser: checkParser, footer: CHECK_FOOTER };
    },
    run: async (options, command) =>
      await (await import("./check/command.ts")).runCheck(options, command),
  }),
  withFlags({
    name: "cert",
    async flags() {
      const { certParser, CERT_FOOTER } = await import("./cert/options.ts");
      return { parser: certParser, footer: CERT_FOOTER };
    },
    run: async (options) => await (await import("./cert/command.ts")).runCert(options),
  }),
  withFlags({
    name: "doctor",
    async flags() {
      const { doctorParser, DOCTOR_FOOTER } = await import("./doctor/options.ts");
      return { parser: doctorParser, footer: DOCTOR_FOOTER };
    },
    run: async (options) => await (await import("./doctor/command.ts")).runDoctor(options),
  }),
];

const VERSION_FLAGS: ReadonlySet<string> = new Set(["--version", "-V"]);

/** Runs the program with the arguments after its name. */
export async function run(args: readonly string[]): Promise<number> {
  const [first = "", ...rest] = args;
  // `minichat help serve` is `minichat serve --help`.
  const asked = first === "help" ? rest[0] ?? "" : first;
  const verb = VERBS.find(({ name }) => name === asked);
  if (first === "help" && rest.length === 0) return await run(["--help"]);
  if (verb !== undefined) {
    const runVerb = await verb.load();
    const code = await runVerb(first === "help" ? [...rest.slice(1), "--help"] : rest);
    if (code !== 0 && wantsJson(rest)) (await import("./print.ts")).printJsonError();
    return code;
  }
  if (args.length === 1 && VERSION_FLAGS.has(first)) return await version();
  const { runWithoutVerb } = await import("./program.ts");
  return runWithoutVerb(args);
}

/** Whether the verb's own flags, those before a `--`, have `--json`. */
function wantsJson(args: readonly string[]): boolean {
  const at = args.indexOf("--");
  return (at < 0 ? args : args.slice(0, at)).includes("--json");
}

/** Fast, since scripts call it: loads no argument library. */
async function version(): Promise<number> {
  const [{ print }, { VERSION }] = await Promise.all([
    import("./print.ts"),
    import("./version.ts"),
  ]);
  print(Deno.stdout, `minichat ${VERSION}`);
  return 0;
}

function withFlags<Options>({ name, flags, takesCommand, run }: FlagVerb<Options>): Verb {
  return {
    name,
    async load() {
      const [{ parseArguments }, { parser, footer }] = await Promise.all([
        import("./arguments.ts"),
        flags(),
      ]);
      return async (args) => {
        const at = takesCommand ? args.indexOf("--") : -1;
        const own = at < 0 ? args : args.slice(0, at);
        const parsed = parseArguments(parser, own, { program: `minichat ${name}`, footer });
        if (parsed.kind === "exit") return parsed.code;
        return await run(parsed.options, at < 0 ? [] : args.slice(at + 1));
      };
    },
  };
}
