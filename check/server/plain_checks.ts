// The checks of a server of sheet 001, for people with telnet: names, `@tous`, `@pseudo`, who is there
// (R23-R36). The sheet fixes no wording, so only names and texts are looked for.

import { literalPattern, utf8Bytes } from "../bytes.ts";
import { commonChecks, type CommonSources, TALK } from "./common_checks.ts";
import type { ProbeConnection } from "./probe_connection.ts";
import { LEAVING_CHECKS } from "./leaving_checks.ts";
import { MESSAGE_CHECKS } from "./message_checks.ts";
import type { ServerCheck } from "./server_runner.ts";
import type { ServerProbe } from "./server_probe.ts";
import { type DialectProbe, expectMessage, joinThree, joinTwo } from "./dialect_probe.ts";

/** A name that is no part of a longer one. */
function nameAlone(name: string): string {
  return `(?<![\\w-])${literalPattern(name)}(?![\\w-])`;
}

const TONGUE: DialectProbe = {
  hello: (name) => utf8Bytes(`${name}\n`),
  say: (text) => utf8Bytes(`@tous ${text}\n`),
  // On one line, in either order, with any decoration.
  received(text, from) {
    const said = literalPattern(text);
    if (from === undefined) return new RegExp(said);
    const name = nameAlone(from);
    return new RegExp(`(?:${name}[^\\n]*${said}|${said}[^\\n]*${name})\\r?\\n?`);
  },
  expectedText: (text, from) => `a line with ${from} and ${text}`,
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
  long: ["required", "R25", "R32"],
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

const OWN: readonly ServerCheck[] = [
  {
    check: {
      id: "welcome",
      title: "Welcomes a client first of all, and tells the commands",
      level: "required",
      sources: ["R29"],
    },
    needs: [],
    async run(stage) {
      const ana = await stage.connect("ana");
      const hint =
        "A person with telnet sees nothing but what the server sends: send a welcome and the list of commands (@pseudo and @tous among them) as soon as accept() returns";
      await ana.expect(/\S/, { expected: "a welcome before it has said anything", hint });
      // Some ask for the name between the welcome and the commands.
      const shown = await ana.wait(() => /@/.exec(ana.rest), stage.timeoutMs / 4);
      if (shown !== undefined) return;
      await ana.send(TONGUE.hello(ana.name));
      await ana.expect(/@/, { expected: "the commands, @pseudo and @tous among them,", hint });
    },
  },
  {
    check: {
      id: "private",
      title: "A message to @pseudo reaches that one alone",
      level: "required",
      sources: ["R31"],
    },
    needs: [TALK],
    run: saysPrivately,
  },
  {
    check: {
      id: "who",
      title: "One can know who is there: by a notice at each arrival, or by a list",
      level: "required",
      sources: ["R30", "R35", "R36"],
    },
    needs: [TALK],
    async run(stage) {
      const { ana } = await joinTwo(stage, TONGUE);
      const carol = await stage.connect("carol");
      await carol.send(TONGUE.hello(carol.name));
      await seesWhoIsThere(stage, ana, { name: carol.name, isHere: true });
    },
  },
  {
    check: {
      id: "who-left",
      title: "One can know who has left: by a notice, or by the list",
      level: "required",
      sources: ["R33", "R35", "R36"],
    },
    needs: [TALK, "who"],
    async run(stage) {
      const { ana, carol } = await joinThree(stage, TONGUE);
      await stage.pause("silenceMs");
      ana.forget();
      await carol.close();
      await seesWhoIsThere(stage, ana, { name: carol.name, isHere: false });
    },
  },
  {
    check: {
      id: "telnet",
      title: "Takes lines that end with CR LF, as telnet sends them",
      level: "required",
      sources: ["R23"],
    },
    needs: [TALK],
    async run(stage) {
      const { ana, bob } = await joinTwo(stage, TONGUE);
      const carol = await stage.connect("carol");
      const hint =
        "telnet ends a line with \\r\\n: leave out the \\r, or it becomes part of the name and of each text";
      await carol.send(utf8Bytes(`${carol.name}\r\n`));
      await stage.pause("silenceMs");
      const [text, reply] = ["Typed in telnet.", "And the answer."];
      await carol.send(utf8Bytes(`@tous ${text}\r\n`));
      const { match } = await expectMessage(TONGUE, { speaker: carol, listener: bob, text }, hint);
      if (match[0].trimEnd().includes("\r")) {
        throw bob.unexpectedData(match[0], {
          expected: TONGUE.expectedText(text, carol.name),
          hint,
        });
      }
      await ana.send(utf8Bytes(`@${carol.name} ${reply}\n`));
      await expectMessage(TONGUE, { speaker: ana, listener: carol, text: reply }, hint);
    },
  },
  {
    check: {
      id: "answers",
      title: "Sends at least one line back for each line, for clients that wait for it",
      level: "advised",
      sources: ["R27", "D12"],
    },
    needs: [TALK],
    async run(stage) {
      const { ana } = await joinTwo(stage, TONGUE);
      await stage.pause("silenceMs");
      ana.forget();
      await ana.send(TONGUE.say("Is there an answer?"));
      await ana.expect(/\n/, {
        expected: "a line for its own",
        hint:
          "The sheet's client waits for an answer to each line and is stuck without one: confirm each message to its sender",
      });
    },
  },
  {
    check: {
      id: "bare-line",
      title: "A line without @ goes to everyone",
      level: "advised",
      sources: ["R53", "D8"],
    },
    needs: [TALK],
    async run(stage) {
      const { ana, bob } = await joinTwo(stage, TONGUE);
      const text = "Just a line.";
      await ana.send(utf8Bytes(`${text}\n`));
      await expectMessage(
        TONGUE,
        { speaker: ana, listener: bob, text },
        "Somebody who types a line without @tous means everyone: send it to all, or at least answer how to address people",
      );
    },
  },
];

async function saysPrivately(stage: ServerProbe): Promise<void> {
  const { ana, bob, carol } = await joinThree(stage, TONGUE);
  const [text, last] = ["Between the two of us.", "And this for everyone."];
  await ana.send(utf8Bytes(`@${bob.name} ${text}\n`));
  const hint =
    "@pseudo TEXT is for the client of that name alone: look the name up in your list, and write to that one socket";
  await expectMessage(TONGUE, { speaker: ana, listener: bob, text }, hint);
  await ana.send(TONGUE.say(last));
  const { before } = await expectMessage(
    TONGUE,
    { speaker: ana, listener: carol, text: last },
    hint,
  );
  if (!before.includes(text)) return;
  throw carol.unexpectedData(before, {
    expected: `${carol.name} gets nothing of what was for ${bob.name}`,
    hint,
  });
}

/** Waits for a notice with the name in it; else asks the list, by what the welcome calls it. */
async function seesWhoIsThere(
  stage: ServerProbe,
  ana: ProbeConnection,
  { name, isHere }: { readonly name: string; readonly isHere: boolean },
): Promise<void> {
  const pattern = new RegExp(nameAlone(name));
  if (await ana.wait(() => pattern.exec(ana.rest), stage.timeoutMs / 2) !== undefined) return;
  const lister = await stage.connect("dora");
  await lister.send(TONGUE.hello(lister.name));
  await lister.wait(() => undefined, stage.timeoutMs / 4);
  const commands = new Set(lister.rest.match(/(?<!\w)[/@!](?:list|who|qui|users|clients)\w*/gi));
  for (const command of commands) {
    ana.forget();
    await ana.send(utf8Bytes(`${command}\n`));
    const answered = await ana.wait(
      () => new RegExp(nameAlone(isHere ? name : ana.name)).exec(ana.rest),
      stage.timeoutMs / 2,
    );
    if (answered !== undefined && pattern.test(ana.rest) === isHere) return;
  }
  const asked = commands.size === 0 ? "" : `, nor in the answer to ${[...commands].join(" ")}`;
  throw ana.mismatch({
    expected: `a line with ${name} when it ${isHere ? "comes" : "leaves"}${asked}`,
    hint: isHere
      ? "Nobody can know who is there: tell all the others of each newcomer, or have a command that lists the names"
      : "Nobody can know who has left: when read() returns 0, take the client out of your list and tell the others",
  });
}

/** All of them, in the order in which they are played. */
export const PLAIN_CHECKS: readonly ServerCheck[] = [
  ...OWN.slice(0, 1),
  ...commonChecks(MESSAGE_CHECKS, TONGUE, MESSAGES),
  ...OWN.slice(1),
  ...commonChecks(LEAVING_CHECKS, TONGUE, LEAVING),
];
