// The checks of a server of sheet 001, for people with telnet: names, `@tous`, `@pseudo`, presence
// (R23-R36). The sheet fixes no wording, so the patterns contain only names and texts.

import { literalPattern, utf8Bytes } from "../bytes.ts";
import {
  commonChecks,
  type CommonSources,
  type ServerCheckId,
  TALK,
  type UntitledCheck,
} from "./common_checks.ts";
import {
  type DialectProbe,
  expectMessage,
  joinThree,
  joinTwo,
  nameAlone,
} from "./dialect_probe.ts";
import { LEAVING_CHECKS } from "./leaving_checks.ts";
import { MESSAGE_CHECKS } from "./message_checks.ts";
import type { ProbeConnection } from "./probe_connection.ts";
import type { ServerProbe } from "./server_probe.ts";

const PLAIN_PROBE: DialectProbe = {
  hello: (name) => utf8Bytes(`${name}\n`),
  say: (text) => utf8Bytes(`@tous ${text}\n`),
  // Name and text on one line, in either order, with any decoration.
  received(text, from) {
    const body = literalPattern(text);
    if (from === undefined) return new RegExp(body);
    const name = nameAlone(from);
    return new RegExp(`(?:${name}[^\\n]*${body}|${body}[^\\n]*${name})\\r?\\n?`);
  },
  expectedText: (text, from, { expected }) => expected.plain.line(from, text),
};

const MESSAGES: CommonSources = {
  [TALK]: ["required", "R28", "R32", "D8"],
  everyone: ["required", "R32"],
  "no-copy": ["advised", "R32", "D5"],
  "two-pieces": ["required", "R32", "R46"],
  "byte-by-byte": ["required", "R32", "R46"],
  "one-packet": ["required", "R32", "R46"],
  "one-and-a-half": ["required", "R32", "R46"],
  "name-and-message": ["required", "R28", "R46"],
  long: ["required", "R32"],
  "very-long": ["advised", "R32", "D18"],
  "short-after-long": ["required", "R32"],
  unchanged: ["required", "R32"],
  order: ["required", "R32", "R46"],
};

const LEAVING: CommonSources = {
  silent: ["required", "R32"],
  "half-said": ["required", "R32"],
  "never-registered": ["required", "R33"],
  vanishes: ["required", "R33"],
  reset: ["required", "R33", "R34"],
  sigpipe: ["required", "R33", "R34"],
  "last-words": ["required", "R26"],
  closes: ["required", "R26", "R33"],
  "taken-name": ["advised", "R28", "D6"],
  deaf: ["advised", "R32"],
};

/** A command as a list of them has it: `@tous`, `/msg PSEUDO`, `!help`; no `prof@univ.fr`. */
const COMMAND =
  /(?<![\w.:/@!#-])[@/!:#][A-Za-z]\w*(?![\w./])|\b(?:commande?s|help|aide)\b[^\n]*\w/i;

/** A check of this dialect alone. */
type PlainCheck = UntitledCheck<ServerCheckId<"plain">>;

const WELCOME_CHECKS: readonly PlainCheck[] = [
  {
    check: {
      id: "welcome",
      level: "advised",
      sources: ["R29", "D26"],
    },
    needs: [],
    async run(probe) {
      const ana = await probe.connect("ana");
      const { expected: { plain: { welcome, commands } }, hints } = probe.texts;
      await ana.expect(/\S/, { expected: welcome, hint: hints.plain.welcome });
      // Some servers ask for the name between the welcome and the commands.
      const shown = await ana.wait(() => COMMAND.exec(ana.rest), probe.timeoutMs / 4);
      if (shown !== undefined) return;
      await ana.send(PLAIN_PROBE.hello(ana.name));
      await ana.expect(COMMAND, { expected: commands, hint: hints.plain.listCommands });
    },
  },
];

const OWN: readonly PlainCheck[] = [
  {
    check: {
      id: "private",
      level: "required",
      sources: ["R31"],
    },
    needs: [TALK],
    run: sayPrivately,
  },
  {
    check: {
      id: "who",
      level: "required",
      sources: ["R30", "R35", "R36"],
    },
    needs: [TALK],
    async run(probe) {
      const { ana } = await joinTwo(probe, PLAIN_PROBE);
      const carol = await probe.connect("cat");
      await carol.send(PLAIN_PROBE.hello(carol.name));
      await expectPresence(probe, ana, { name: carol.name, isHere: true });
    },
  },
  {
    check: {
      id: "who-left",
      level: "required",
      sources: ["R33", "R35", "R36"],
    },
    needs: [TALK, "who"],
    async run(probe) {
      const { ana, carol } = await joinThree(probe, PLAIN_PROBE);
      await probe.pause("silenceMs");
      ana.forget();
      await carol.close();
      await expectPresence(probe, ana, { name: carol.name, isHere: false });
    },
  },
  {
    check: {
      id: "telnet",
      level: "required",
      sources: ["R23"],
    },
    needs: [TALK],
    async run(probe) {
      const { ana, bob } = await joinTwo(probe, PLAIN_PROBE);
      const carol = await probe.connect("cat");
      const hint = probe.texts.hints.plain.carriageReturn;
      await carol.send(utf8Bytes(`${carol.name}\r\n`));
      await probe.pause("silenceMs");
      const [text, reply] = ["Typed in telnet.", "And the answer."];
      await carol.send(utf8Bytes(`@tous ${text}\r\n`));
      const { match } = await expectMessage(
        PLAIN_PROBE,
        { speaker: carol, listener: bob, text },
        hint,
      );
      if (match[0].trimEnd().includes("\r")) {
        throw bob.unexpectedData(match[0], {
          expected: PLAIN_PROBE.expectedText(text, carol.name, probe.texts),
          hint,
        });
      }
      await ana.send(utf8Bytes(`@${carol.name} ${reply}\n`));
      await expectMessage(PLAIN_PROBE, { speaker: ana, listener: carol, text: reply }, hint);
    },
  },
  {
    check: {
      id: "answers",
      level: "advised",
      sources: ["R27", "D12"],
    },
    needs: [TALK],
    async run(probe) {
      const { ana } = await joinTwo(probe, PLAIN_PROBE);
      await probe.pause("silenceMs");
      ana.forget();
      await ana.send(PLAIN_PROBE.say("Is there an answer?"));
      await ana.expect(/\n/, {
        expected: probe.texts.expected.plain.answer,
        hint: probe.texts.hints.plain.confirm,
      });
    },
  },
  {
    check: {
      id: "bare-line",
      level: "advised",
      sources: ["R53", "D8"],
    },
    needs: [TALK],
    async run(probe) {
      const { ana, bob } = await joinTwo(probe, PLAIN_PROBE);
      const text = "Just a line.";
      await ana.send(utf8Bytes(`${text}\n`));
      await expectMessage(
        PLAIN_PROBE,
        { speaker: ana, listener: bob, text },
        probe.texts.hints.plain.bareLine,
      );
    },
  },
  {
    check: {
      id: "unknown-name",
      level: "required",
      sources: ["R31"],
    },
    needs: [TALK],
    ifItDies: ({ plain }) => plain.diesOfName,
    async run(probe) {
      const { ana, bob } = await joinTwo(probe, PLAIN_PROBE);
      await ana.send(utf8Bytes(`@${probe.nameOf("nil")} Is anybody called that?\n`));
      await probe.pause("apartMs");
      const hint = probe.texts.hints.plain.unknownName;
      for (const [speaker, listener] of [[ana, bob], [bob, ana]] as const) {
        const text = `It goes on with ${speaker.name}.`;
        await speaker.send(PLAIN_PROBE.say(text), hint);
        await expectMessage(PLAIN_PROBE, { speaker, listener, text }, hint);
      }
    },
  },
];

async function sayPrivately(probe: ServerProbe): Promise<void> {
  const { ana, bob, carol } = await joinThree(probe, PLAIN_PROBE);
  const [text, last] = ["Between the two of us.", "And this for everyone."];
  await ana.send(utf8Bytes(`@${bob.name} ${text}\n`));
  const hint = probe.texts.hints.plain.private;
  await expectMessage(PLAIN_PROBE, { speaker: ana, listener: bob, text }, hint);
  await ana.send(PLAIN_PROBE.say(last));
  const { before } = await expectMessage(
    PLAIN_PROBE,
    { speaker: ana, listener: carol, text: last },
    hint,
  );
  if (!before.includes(text)) return;
  throw carol.unexpectedData(before, {
    expected: probe.texts.expected.common.nothingFor(carol.name, bob.name),
    hint,
  });
}

/**
 * Waits for a notice with the name in it, else tries the commands for a list that the welcome
 * names.
 */
async function expectPresence(
  probe: ServerProbe,
  ana: ProbeConnection,
  { name, isHere }: { readonly name: string; readonly isHere: boolean },
): Promise<void> {
  const pattern = new RegExp(nameAlone(name));
  if (await ana.wait(() => pattern.exec(ana.rest), probe.timeoutMs / 2) !== undefined) return;
  const lister = await probe.connect("dot");
  await lister.send(PLAIN_PROBE.hello(lister.name));
  await lister.wait(() => undefined, probe.timeoutMs / 4);
  const commands = new Set(lister.rest.match(/(?<!\w)[/@!](?:list|who|qui|users|clients)\w*/gi));
  for (const command of commands) {
    ana.forget();
    await ana.send(utf8Bytes(`${command}\n`));
    const answered = await ana.wait(
      () => new RegExp(nameAlone(isHere ? name : ana.name)).exec(ana.rest),
      probe.timeoutMs / 2,
    );
    if (answered !== undefined && pattern.test(ana.rest) === isHere) return;
  }
  const { expected: { plain: { arrival, departure } }, hints } = probe.texts;
  throw ana.mismatch({
    expected: (isHere ? arrival : departure)(name, [...commands]),
    hint: isHere ? hints.plain.showArrivals : hints.plain.showDepartures,
  });
}

/** All checks of sheet 001, in the order in which they run. */
export const PLAIN_CHECKS: readonly UntitledCheck<ServerCheckId<"common" | "plain">>[] = [
  ...WELCOME_CHECKS,
  ...commonChecks(MESSAGE_CHECKS, PLAIN_PROBE, MESSAGES),
  ...OWN,
  ...commonChecks(LEAVING_CHECKS, PLAIN_PROBE, LEAVING),
];
