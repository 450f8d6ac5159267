// The checks of a server of sheet 000: frames with a nature and a length, `ok` for each message
// (R9-R22), in one layout of the header.

import { frame, type Layout } from "../../protocol/frames.ts";
import { joinBytes, latin1, literalPattern, utf8Bytes } from "../bytes.ts";
import { commonChecks, type CommonSources, TALK } from "./common_checks.ts";
import { LEAVING_CHECKS } from "./leaving_checks.ts";
import { MESSAGE_CHECKS } from "./message_checks.ts";
import type { ServerCheck } from "./server_runner.ts";
import { type DialectProbe, expectMessage, joinChat, joinTwo } from "./dialect_probe.ts";

/** Most bytes between a name and its text: `: `, or the header of a frame. */
const MAX_GAP = 24;
const WORD_END = "(?![\\w-])";

const MESSAGES: CommonSources = {
  [TALK]: ["required", "R9", "R10", "R22"],
  everyone: ["required", "R22"],
  "own-copy": ["required", "R22"],
  "two-pieces": ["required", "R21"],
  "byte-by-byte": ["required", "R21"],
  "one-packet": ["required", "R21"],
  "one-and-a-half": ["required", "R21"],
  "name-and-message": ["required", "R9", "R21"],
  long: ["required", "R21"],
  "very-long": ["required", "R21"],
  "short-after-long": ["required", "R21"],
  unchanged: ["required", "R21", "R22"],
  order: ["required", "R21", "R22"],
};

const LEAVING: CommonSources = {
  silent: ["required", "R2", "R15"],
  "half-said": ["required", "R2", "R4"],
  "never-registered": ["required", "R17"],
  vanishes: ["required", "R17"],
  reset: ["required", "R17"],
  sigpipe: ["required", "R17"],
  "last-words": ["advised", "R13", "R17"],
  closes: ["required", "R17"],
  "taken-name": ["advised", "R16", "D6"],
  deaf: ["advised", "R4"],
};

const HEADER_HINT =
  "A header that comes in pieces is taken for a whole one: read until all bytes of the header are there, look at the length, then read until all of the text is there";

const OK_FOR_EACH =
  "The sender waits for the two bytes ok after each of its messages: write them to its connection once a message is read";

const BARE_OK =
  "Behind ok come bytes that belong to no message: write exactly two bytes, not the whole buffer and not the \\0 at the end of the string";

/** All of them for one layout, in the order in which they are played. */
export function framedChecks(layout: Layout): readonly ServerCheck[] {
  const tongue = framedTongue(layout);
  return [
    ...commonChecks(MESSAGE_CHECKS, tongue, MESSAGES),
    ...headerChecks(layout, tongue),
    ...answerChecks(tongue),
    ...decidedChecks(layout, tongue),
    ...commonChecks(LEAVING_CHECKS, tongue, LEAVING),
  ];
}

function framedTongue(layout: Layout): DialectProbe {
  return {
    hello: (name) => frame(layout, 0, name),
    say: (text) => frame(layout, 1, text),
    // The sheet does not say how a broadcast looks: text or a frame, with anything in between (D4).
    received: (text, from) =>
      new RegExp(
        from === undefined
          ? literalPattern(text)
          : `${literalPattern(from)}${WORD_END}[^\\n]{0,${MAX_GAP}}?${literalPattern(text)}`,
      ),
    expectedText: (text, from) => `${from}: ${text}, in a frame or as it is,`,
    question: () => ({ ask: frame(layout, 1, "One more."), answer: /ok/, expectedText: "ok" }),
    // A server that takes one frame from a read loses its place in a burst.
    needs: { "last-words": ["ok"], sigpipe: ["one-packet"] },
  };
}

function headerChecks({ headerBytes }: Layout, tongue: DialectProbe): readonly ServerCheck[] {
  return [
    cutCheck(tongue, {
      id: "split-header",
      title: "Reads a frame whose header comes in two pieces",
      cuts: [3],
      hint: HEADER_HINT,
    }),
    cutCheck(tongue, {
      id: "split-length",
      title: "Reads a frame that is cut inside its length",
      cuts: [headerBytes - 3],
      hint: HEADER_HINT,
    }),
    cutCheck(tongue, {
      id: "header-alone",
      title: "Reads a frame whose header and text come one after the other",
      cuts: [headerBytes],
      hint:
        "The text is expected in the same read() as the header: when only the header is there, wait for as many bytes as it announces",
    }),
  ];
}

/** A message that arrives although it is cut in these places. */
function cutCheck(
  tongue: DialectProbe,
  { id, title, cuts, hint }: {
    readonly id: string;
    readonly title: string;
    readonly cuts: readonly number[];
    readonly hint: string;
  },
): ServerCheck {
  return {
    check: { id, title, level: "required", sources: ["R9", "R21"] },
    needs: [TALK],
    async run(stage) {
      const { ana, bob } = await joinTwo(stage, tongue);
      const text = "Cut by the network.";
      await ana.sendCut(tongue.say(text), cuts);
      await expectMessage(tongue, { speaker: ana, listener: bob, text }, hint);
    },
  };
}

function answerChecks(tongue: DialectProbe): readonly ServerCheck[] {
  return [
    {
      check: {
        id: "ok",
        title: "Answers ok to each message",
        level: "required",
        sources: ["R13"],
      },
      needs: [],
      async run(stage) {
        const ana = await joinChat(stage, tongue, "ana");
        for (const text of ["Did this arrive?", "And this?"]) {
          await ana.send(tongue.say(text));
          await ana.expect(/ok/, { expected: `ok for "${text}"`, hint: OK_FOR_EACH });
          await stage.pause("apartMs");
        }
      },
    },
    {
      check: {
        id: "ok-for-each",
        title: "Answers ok twice to two messages that come in one packet",
        level: "required",
        sources: ["R13", "R21"],
      },
      needs: ["ok", "one-packet"],
      async run(stage) {
        const ana = await joinChat(stage, tongue, "ana");
        const texts = ["First of two.", "Second of two."];
        await ana.send(joinBytes(...texts.map((text) => tongue.say(text))));
        for (const text of texts) {
          await ana.expect(/ok/, { expected: `ok for "${text}"`, hint: OK_FOR_EACH });
        }
      },
    },
    {
      check: {
        id: "any-order",
        title: "Takes registrations in whatever order they come",
        level: "required",
        sources: ["R15", "R16"],
      },
      needs: [TALK],
      async run(stage) {
        const { bob } = await joinTwo(stage, tongue);
        const late = await stage.connect("carol");
        const early = await stage.connect("dan");
        for (const player of [early, late]) {
          await player.send(tongue.hello(player.name));
          await stage.pause("apartMs");
          const text = `My turn, after my registration.`;
          await player.send(tongue.say(text));
          await expectMessage(
            tongue,
            { speaker: player, listener: bob, text },
            "Who connects first need not register first: keep a name for each socket, not for each number in the order of arrival",
          );
        }
      },
    },
  ];
}

/** What only minichat has decided. */
function decidedChecks(layout: Layout, tongue: DialectProbe): readonly ServerCheck[] {
  return [
    {
      check: {
        id: "broadcast-frame",
        title: "Sends a broadcast as a frame of nature 1 with the text `name: text`",
        level: "advised",
        sources: ["R22", "D4"],
      },
      needs: [TALK],
      async run(stage) {
        const { ana, bob } = await joinTwo(stage, tongue);
        const text = "In a frame.";
        await ana.send(tongue.say(text));
        const wanted = latin1(frame(layout, 1, `${ana.name}: ${text}`));
        await bob.expect(new RegExp(RegExp.escape(wanted)), {
          expected: `[nature 1, length ${ana.name.length + 2 + text.length}] ${ana.name}: ${text}`,
          hint:
            "A client cannot tell where bare text ends: send broadcasts as frames too, and minichat connect can join",
        });
      },
    },
    {
      check: {
        id: "bare-ok",
        title: "The answer is the two bytes ok and nothing else",
        level: "advised",
        sources: ["R13", "D1"],
      },
      needs: ["ok", TALK],
      async run(stage) {
        const { ana, bob } = await joinTwo(stage, tongue);
        const text = "The next thing.";
        await ana.send(tongue.say("Just ok, please."));
        await ana.expect(/ok/, { expected: "ok", hint: BARE_OK });
        await bob.send(tongue.say(text));
        const { before } = await expectMessage(
          tongue,
          { speaker: bob, listener: ana, text },
          BARE_OK,
        );
        if (!/^[\0\r\n]/.test(before)) return;
        throw ana.unexpectedData(`ok${before}`, {
          expected: `${ana.name} gets ok, two bytes without \\0 or newline`,
          hint: BARE_OK,
        });
      },
    },
    {
      check: {
        id: "huge-length",
        title: "A length that cannot be true harms nobody",
        level: "advised",
        sources: ["R9", "D2"],
      },
      needs: [TALK],
      ifItDies:
        "A client may announce any length: compare it with a limit before you call malloc() or read, and close the connection of whoever exceeds it",
      async run(stage) {
        const { ana, bob } = await joinTwo(stage, tongue);
        const carol = await joinChat(stage, tongue, "carol");
        const lie = frame(layout, 1, "x");
        lie.fill(0xff, layout.headerBytes === 8 ? 4 : layout.headerBytes - 8, layout.headerBytes);
        await carol.send(joinBytes(lie, utf8Bytes("and some more of it")));
        const text = "Nothing happened.";
        await ana.send(tongue.say(text));
        await expectMessage(
          tongue,
          { speaker: ana, listener: bob, text },
          "The server waits for a text that never ends, or has run out of memory: compare the length with a limit before you use it",
        );
      },
    },
  ];
}
