// The checks of a server of sheet 001, for people with telnet: names, `@tous`, `@pseudo`, presence
// (R23-R36). The sheet fixes no wording, so the patterns contain only names and texts.

import { latin1, latin1Bytes, utf8Bytes } from "../bytes.ts";
import {
  commonChecks,
  type CommonSources,
  type ServerCheckId,
  TALK,
  type UntitledCheck,
} from "./common_checks.ts";
import { expectMessage, joinThree, joinTwo, nameAlone, registerOn } from "./dialect_probe.ts";
import { LEAVING_CHECKS } from "./leaving_checks.ts";
import { MESSAGE_CHECKS } from "./message_checks.ts";
import { NAME_CHECKS } from "./name_checks.ts";
import { Mismatch, Untried } from "./mismatch.ts";
import { COMMAND } from "../shown_commands.ts";
import type { PlainProbe } from "./plain_probe.ts";
import type { ProbeConnection } from "./probe_connection.ts";
import { servedChecks } from "./program_suites.ts";
import type { ServerProbe } from "./server_probe.ts";

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

const NAMES: CommonSources = {
  "name-length": ["advised", "R28", "D28"],
  "name-accents": ["advised", "R28", "D28"],
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

/** Commands that list who is connected, as a greeting or a help names them. */
const LIST_COMMANDS =
  /(?<![\w/@!])[/@!:#.]?(?:list(?:e|er)?|who|qui|users?|clients?|members?|membres?|connect(?:e|\xc3\xa9)s|names|noms|online|present[es]*|ls)(?!\w)/gi;
/** Commands for a message to one client. */
const PRIVATE_COMMANDS =
  /(?<![\w/@!])[/!:#.](?:msg|mp|pm|w|whisper|tell|priv[a-z]*|dm|to|message|chuchoter?|send|envoyer|dire)(?!\w)/gi;
/** The same as {@linkcode LIST_COMMANDS}, for servers that name none. */
const USUAL_LISTS = ["/list", "/who", "/liste", "/qui", "@list", "@liste", "list", "who"];

/** A check of this dialect alone. */
type PlainCheck = UntitledCheck<ServerCheckId<"plain">>;

function welcomeChecks(dialect: PlainProbe): readonly PlainCheck[] {
  return [
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
        await registerOn(probe, dialect, ana);
        await ana.expect(COMMAND, { expected: commands, hint: hints.plain.listCommands });
      },
    },
  ];
}

function ownChecks(dialect: PlainProbe): readonly PlainCheck[] {
  return [
    {
      check: {
        id: "private",
        level: "required",
        sources: ["R31"],
      },
      needs: [TALK],
      run: (probe) => sayPrivately(probe, dialect),
    },
    {
      check: {
        id: "who",
        level: "required",
        sources: ["R30"],
      },
      needs: [TALK],
      async run(probe) {
        const { ana } = await joinTwo(probe, dialect);
        const carol = await probe.connect("cat");
        await registerOn(probe, dialect, carol);
        await expectPresence(probe, dialect, ana, { name: carol.name, isHere: true });
      },
    },
    {
      check: {
        id: "who-left",
        level: "required",
        sources: ["R30", "R33"],
      },
      needs: [TALK, "who"],
      async run(probe) {
        const { ana, carol } = await joinThree(probe, dialect);
        await probe.pause("silenceMs");
        ana.forget();
        await carol.close();
        await expectPresence(probe, dialect, ana, { name: carol.name, isHere: false });
      },
    },
    // One of the two ways is enough, but each is in the sheet: what is missing was not tried.
    {
      check: { id: "notices", level: "advised", sources: ["R35"] },
      needs: [TALK, "who"],
      async run(probe) {
        const { ana } = await joinTwo(probe, dialect);
        const carol = await probe.connect("cat");
        await registerOn(probe, dialect, carol);
        if (await isNoticed(probe, ana, carol.name)) return;
        throw new Untried(probe.texts.skips.otherWay("R36"));
      },
    },
    {
      check: { id: "list", level: "advised", sources: ["R36"] },
      needs: [TALK, "who"],
      async run(probe) {
        const { ana, bob } = await joinTwo(probe, dialect);
        await probe.pause("silenceMs");
        for (const command of listCommands(dialect)) {
          if (await isListed(probe, dialect, ana, { command, name: bob.name })) return;
        }
        throw new Untried(probe.texts.skips.otherWay("R35"));
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
        const { ana, bob } = await joinTwo(probe, dialect);
        const carol = await probe.connect("cat");
        const hint = probe.texts.hints.plain.carriageReturn;
        const hello = latin1(dialect.hello(carol.name)).replaceAll("\n", "\r\n");
        await carol.send(latin1Bytes(hello));
        await probe.pause("silenceMs");
        await dialect.identify(carol);
        const [text, reply] = ["Typed in telnet.", "And the answer."];
        await carol.send(utf8Bytes(`@tous ${text}\r\n`));
        const { match } = await expectMessage(
          dialect,
          { speaker: carol, listener: bob, text },
          hint,
        );
        if (match[0].trimEnd().includes("\r")) {
          throw bob.unexpectedData(match[0], {
            expected: dialect.expectedText(text, carol.name, probe.texts),
            hint,
          });
        }
        await ana.send(utf8Bytes(`@${carol.name} ${reply}\n`));
        await expectMessage(dialect, { speaker: ana, listener: carol, text: reply }, hint);
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
        const { ana } = await joinTwo(probe, dialect);
        await probe.pause("silenceMs");
        ana.forget();
        await ana.send(dialect.say("Is there an answer?"));
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
        const { ana, bob } = await joinTwo(probe, dialect);
        const text = "Just a line.";
        await ana.send(utf8Bytes(`${text}\n`));
        await expectMessage(
          dialect,
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
        const { ana, bob } = await joinTwo(probe, dialect);
        await ana.send(utf8Bytes(`@${probe.nameOf("nil")} Is anybody called that?\n`));
        await probe.pause("apartMs");
        const hint = probe.texts.hints.plain.unknownName;
        for (const [speaker, listener] of [[ana, bob], [bob, ana]] as const) {
          const text = `It goes on with ${speaker.name}.`;
          await speaker.send(dialect.say(text), hint);
          await expectMessage(dialect, { speaker, listener, text }, hint);
        }
      },
    },
  ];
}

async function sayPrivately(probe: ServerProbe, dialect: PlainProbe): Promise<void> {
  const clients = await joinThree(probe, dialect);
  const { ana, bob } = clients;
  try {
    await expectPrivate(dialect, clients, `@${bob.name}`);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    // The sheet writes @pseudo; another command that works belongs in the report.
    for (const command of new Set(dialect.commands.match(PRIVATE_COMMANDS) ?? [])) {
      await probe.pause("silenceMs");
      for (const one of Object.values(clients)) one.forget();
      const works = await expectPrivate(dialect, { ...clients, ana }, `${command} ${bob.name}`)
        .then(() => true, () => false);
      if (!works) continue;
      const hint = probe.texts.hints.plain.privateOtherwise(command);
      throw new Mismatch({ ...error.difference, hint });
    }
    throw error;
  }
}

/** Sends a text to bob, `to` being the beginning of the line: he must receive it, and carol must not. */
async function expectPrivate(
  dialect: PlainProbe,
  { ana, bob, carol }: Awaited<ReturnType<typeof joinThree>>,
  to: string,
): Promise<void> {
  const { expected, hints } = ana.texts;
  const hint = hints.plain.private;
  const [text, last] = ["Between the two of us.", "And this for everyone."];
  await ana.send(utf8Bytes(`${to} ${text}\n`));
  await expectMessage(dialect, { speaker: ana, listener: bob, text }, hint);
  await ana.send(dialect.say(last));
  const { before } = await expectMessage(
    dialect,
    { speaker: ana, listener: carol, text: last },
    hint,
  );
  if (!before.includes(text)) return;
  throw carol.unexpectedData(before, {
    expected: expected.common.nothingFor(carol.name, bob.name),
    hint,
  });
}

/**
 * Waits for a notice with the name in it, else tries the commands for a list that the welcome
 * names.
 */
async function expectPresence(
  probe: ServerProbe,
  dialect: PlainProbe,
  ana: ProbeConnection,
  { name, isHere }: { readonly name: string; readonly isHere: boolean },
): Promise<void> {
  if (await isNoticed(probe, ana, name)) return;
  const commands = listCommands(dialect);
  for (const command of commands) {
    const known = isHere ? name : ana.name;
    if (!await isListed(probe, dialect, ana, { command, name: known })) continue;
    if (new RegExp(nameAlone(name)).test(ana.rest) === isHere) return;
  }
  const { expected: { plain: { arrival, departure } }, hints } = probe.texts;
  throw ana.mismatch({
    expected: (isHere ? arrival : departure)(name, commands),
    hint: isHere ? hints.plain.showArrivals : hints.plain.showDepartures,
  });
}

/** Whether `ana` receives a notice with the name in it, within one of `parts` of the timeout. */
async function isNoticed(
  { timeoutMs }: ServerProbe,
  ana: ProbeConnection,
  name: string,
  parts = 2,
): Promise<boolean> {
  const pattern = new RegExp(nameAlone(name));
  return await ana.wait(() => pattern.exec(ana.rest), timeoutMs / parts) !== undefined;
}

/** The commands for a list that the server names, else the usual ones. */
function listCommands({ commands }: PlainProbe): readonly string[] {
  const named = commands.match(LIST_COMMANDS) ?? [];
  return [...new Set(named.length > 0 ? named : USUAL_LISTS)];
}

/** Whether the answer to `command` has `name` in it; all of it is in {@linkcode ProbeConnection.rest}. */
async function isListed(
  probe: ServerProbe,
  { commands }: PlainProbe,
  ana: ProbeConnection,
  { command, name }: { readonly command: string; readonly name: string },
): Promise<boolean> {
  ana.forget();
  await ana.send(utf8Bytes(`${command}\n`));
  // Less patience for commands that the server does not name: most of them will not exist.
  return await isNoticed(probe, ana, name, commands.includes(command) ? 2 : 8);
}

/** All checks of sheet 001, in the order in which they run. */
export function plainChecks(
  dialect: PlainProbe,
): readonly UntitledCheck<ServerCheckId<"common" | "plain" | "program">>[] {
  return [
    ...welcomeChecks(dialect),
    ...commonChecks(MESSAGE_CHECKS, dialect, MESSAGES),
    ...ownChecks(dialect),
    ...commonChecks(NAME_CHECKS, dialect, NAMES),
    ...commonChecks(LEAVING_CHECKS, dialect, LEAVING),
    ...servedChecks("plain", dialect),
  ];
}
