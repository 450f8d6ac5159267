import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { checkClient } from "../../../check/client/client_runner.ts";
import { PersonDriver } from "../../../check/client/person_driver.ts";
import { clientSuite } from "../../../check/client/client_suites.ts";
import type { Finding } from "../../../check/finding.ts";
import { within } from "../../../check/timing.ts";
import type { DialectName } from "../../../protocol/dialect.ts";
import { EN } from "../../../texts/en.ts";
import { FastClock } from "../../fast_clock.ts";
import { type Bug, clientOf } from "../fake_client.ts";
import { FakeRun, promptListener, TEST_TIMEOUTS } from "../fake_driver.ts";

/** Does what is asked with a fake client, and answers truly, or not at all. */
class ScriptedTester {
  readonly orders: string[] = [];
  readonly #start: () => FakeRun;
  readonly #answers: boolean;
  #run: FakeRun | undefined;
  #part = "";

  constructor(start: () => FakeRun, answers: boolean) {
    this.#start = start;
    this.#answers = answers;
  }

  tell(line: string): void {
    this.orders.push(line);
    if (line.startsWith("Start your client")) this.#run = this.#start();
    if (line === "Press CTRL-D in your client, on an empty line") this.#run?.type(undefined);
    if (line === "Press CTRL-C in your client") this.#run?.signal.resolve("SIGINT");
    if (line.startsWith("Send SIGTERM")) this.#run?.signal.resolve("SIGTERM");
    if (line === "End your client, if it still runs") this.stop();
    const [, typed] =
      /^(?:Type into .*then press Enter|If your client asks .*answer): (.*)$/.exec(line) ?? [];
    if (typed !== undefined) this.#run?.type(this.#part + typed);
    [, this.#part = ""] = /^Type into .*do not press Enter: (.*)$/.exec(line) ?? [];
  }

  async ask(question: string): Promise<boolean | undefined> {
    if (!this.#answers) return undefined;
    const run = this.#run;
    assert(run, question);
    if (question === "Has your client ended?") {
      await within(run.clock, run.exited, TEST_TIMEOUTS.endMs);
      return run.ending !== undefined;
    }
    if (question.startsWith("Did it end without")) return run.ending?.code === 0;
    const texts = [...question.matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text);
    const ms = question.includes("already") ? TEST_TIMEOUTS.quietMs : TEST_TIMEOUTS.answerMs;
    return await run.screen.shows(texts, ms);
  }

  stop(): Promise<void> | undefined {
    const run = this.#run;
    this.#run = undefined;
    return run?.stop();
  }
}

async function checkBy(
  name: DialectName,
  { bugs = [], answers = true }: { bugs?: readonly Bug[]; answers?: boolean },
): Promise<{ findings: Finding[]; orders: readonly string[] }> {
  const { endpoint, listener } = promptListener();
  const clock = new FastClock();
  const start = () => new FakeRun(clientOf(name, ...bugs), endpoint, () => {}, clock);
  const tester = new ScriptedTester(start, answers);
  const findings: Finding[] = [];
  const texts = EN.clientChecks;
  const driver = () => new PersonDriver({ tester, endpoint, texts, timeouts: TEST_TIMEOUTS });
  const options = { suite: clientSuite(name, texts), listener, driver, texts, clock };
  for await (const finding of checkClient(options)) findings.push(finding);
  await tester.stop();
  return { findings, orders: tester.orders };
}

function ids(findings: readonly Finding[], kind: "pass" | "fail" | "skip"): string[] {
  return findings.filter(({ verdict }) => verdict.kind === kind).map(({ check }) => check.id);
}

Deno.test("PersonDriver checks a client through a person, step by step", async () => {
  const { findings, orders } = await checkBy("usermsg", {});
  assertEquals(ids(findings, "fail"), []);
  assertEquals(ids(findings, "skip"), [
    "long-in",
    "long-out",
    "idle",
    "pasted-lines",
    "line-redrawn",
    "typed-to-nobody",
  ]);
  assertMatch(
    orders[0] ?? "",
    /^Start your client in another terminal: host 127\.0\.0\.1, port \d+$/,
  );
  assertEquals(orders.slice(1, 3), [
    "If your client asks for a name, answer: ana",
    "Type into your client, then press Enter: hello everyone",
  ]);
});

Deno.test("PersonDriver finds a bug by what the person has seen", async () => {
  const { findings } = await checkBy("usermsg", { bugs: ["first only"] });
  assertEquals(ids(findings, "fail"), ["two-in-one"]);
  const { verdict } = findings.find(({ check }) => check.id === "two-in-one") ?? {};
  assertStrictEquals(verdict?.kind === "fail" && verdict.received, "you did not see it");
});

Deno.test("PersonDriver sends signals and sees the end of the session", async () => {
  const { findings } = await checkBy("etx", { bugs: ["no handler"] });
  assertEquals(ids(findings, "fail"), ["interrupt", "terminate"]);
});

Deno.test("PersonDriver skips what stays without an answer", async () => {
  const { findings } = await checkBy("framed", { answers: false });
  assertEquals(ids(findings, "fail"), []);
  assertEquals(ids(findings, "pass"), [
    ...["connects", "registers", "sends", "sends-again", "other-names"],
  ]);
});
