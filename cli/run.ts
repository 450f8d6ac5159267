// From a command line to an exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. Each verb's
// module is loaded when it is asked for, so that none pays for another's start.

/** A verb takes the arguments behind it and answers the exit code. */
type Verb = (args: readonly string[]) => Promise<number>;

const VERBS: ReadonlyMap<string, Verb> = new Map([
  ["serve", serve],
  ["connect", connect],
  ["admin", admin],
  ["history", history],
  ["explain", explain],
  ["bench", bench],
  ["check", check],
  ["cert", cert],
  ["doctor", doctor],
]);

const VERSION_FLAGS: ReadonlySet<string> = new Set(["--version", "-V"]);

/** Runs the program with the arguments behind its name. */
export async function run(args: readonly string[]): Promise<number> {
  const [first = "", ...rest] = args;
  // `minichat help serve` is `minichat serve --help`.
  if (first === "help" && VERBS.has(rest[0] ?? "")) return await run([...rest, "--help"]);
  if (first === "help" && rest.length === 0) return await run(["--help"]);
  const verb = VERBS.get(first);
  if (verb !== undefined) return await verb(rest);
  if (args.length === 1 && VERSION_FLAGS.has(first)) return await version();
  const { runProgram } = await import("./program.ts");
  return runProgram(args);
}

/** Asked for by scripts: it must not cost what reading a whole command line does. */
async function version(): Promise<number> {
  const [{ print }, { VERSION }] = await Promise.all([
    import("./print.ts"),
    import("./version.ts"),
  ]);
  print(Deno.stdout, `minichat ${VERSION}`);
  return 0;
}

async function serve(args: readonly string[]): Promise<number> {
  const { startServe } = await import("./serve/parse_settings.ts");
  return await startServe(args);
}

async function connect(args: readonly string[]): Promise<number> {
  const [{ parseArguments }, { CONNECT_FOOTER, connectParser, runConnect }] = await Promise.all([
    import("./arguments.ts"),
    import("./connect/command.ts"),
  ]);
  const settings = { program: "minichat connect", footer: CONNECT_FOOTER };
  const parsed = parseArguments(connectParser, args, settings);
  if (parsed.kind === "exit") return parsed.code;
  if (asksForTurns(parsed.options)) {
    const { runConnectTurns } = await import("./connect/turns.ts");
    return await runConnectTurns(parsed.options);
  }
  return await runConnect(parsed.options);
}

/** Also with `--first` alone, which is told there to be wrong usage. */
function asksForTurns(options: { turns: true | undefined; first: string | undefined }): boolean {
  return options.turns === true || options.first !== undefined;
}

async function cert(args: readonly string[]): Promise<number> {
  const [{ parseArguments }, { CERT_FOOTER, certParser }] = await Promise.all([
    import("./arguments.ts"),
    import("./cert/options.ts"),
  ]);
  const settings = { program: "minichat cert", footer: CERT_FOOTER };
  const parsed = parseArguments(certParser, args, settings);
  if (parsed.kind === "exit") return parsed.code;
  const { runCert } = await import("./cert/command.ts");
  return await runCert(parsed.options);
}

async function check(args: readonly string[]): Promise<number> {
  const [{ parseArguments }, { CHECK_FOOTER, checkParser, runCheck, splitCommand }] = await Promise
    .all([
      import("./arguments.ts"),
      import("./check/command.ts"),
    ]);
  const settings = { program: "minichat check", footer: CHECK_FOOTER };
  const { own, command } = splitCommand(args);
  const parsed = parseArguments(checkParser, own, settings);
  return parsed.kind === "exit" ? parsed.code : await runCheck(parsed.options, command);
}

async function doctor(args: readonly string[]): Promise<number> {
  const [{ parseArguments }, { DOCTOR_FOOTER, doctorParser }] = await Promise.all([
    import("./arguments.ts"),
    import("./doctor/options.ts"),
  ]);
  const settings = { program: "minichat doctor", footer: DOCTOR_FOOTER };
  const parsed = parseArguments(doctorParser, args, settings);
  if (parsed.kind === "exit") return parsed.code;
  const { runDoctor } = await import("./doctor/command.ts");
  return await runDoctor(parsed.options);
}

async function admin(args: readonly string[]): Promise<number> {
  const { runAdmin } = await import("./admin/command.ts");
  return await runAdmin(args);
}

async function history(args: readonly string[]): Promise<number> {
  const [{ parseArguments }, { HISTORY_FOOTER, historyParser }] = await Promise.all([
    import("./arguments.ts"),
    import("./history/options.ts"),
  ]);
  const settings = { program: "minichat history", footer: HISTORY_FOOTER };
  const parsed = parseArguments(historyParser, args, settings);
  if (parsed.kind === "exit") return parsed.code;
  const { runHistory } = await import("./history/command.ts");
  return await runHistory(parsed.options);
}

async function explain(args: readonly string[]): Promise<number> {
  const [{ parseArguments }, { EXPLAIN_FOOTER, explainParser }] = await Promise.all([
    import("./arguments.ts"),
    import("./explain/options.ts"),
  ]);
  const settings = { program: "minichat explain", footer: EXPLAIN_FOOTER };
  const parsed = parseArguments(explainParser, args, settings);
  if (parsed.kind === "exit") return parsed.code;
  const { runExplain } = await import("./explain/command.ts");
  return runExplain(parsed.options);
}

async function bench(args: readonly string[]): Promise<number> {
  const [{ parseArguments }, { BENCH_FOOTER, benchParser, runBench }] = await Promise.all([
    import("./arguments.ts"),
    import("./bench/command.ts"),
  ]);
  const settings = { program: "minichat bench", footer: BENCH_FOOTER };
  const parsed = parseArguments(benchParser, args, settings);
  return parsed.kind === "exit" ? parsed.code : await runBench(parsed.options);
}
