// The checks of a server of sheet 000: frames with a nature and a length, `ok` for each message
// (R9-R22), in one layout of the header.

import type { Layout } from "../../protocol/frame_layouts.ts";
import { frame } from "../../protocol/frames.ts";
import type { ServerCheckTexts } from "../../texts/texts.ts";
import { joinBytes, latin1, utf8Bytes } from "../bytes.ts";
import {
  commonChecks,
  type CommonSources,
  type ServerCheckId,
  TALK,
  type UntitledCheck,
} from "./common_checks.ts";
import { type DialectProbe, expectMessage, joinChat, joinTwo } from "./dialect_probe.ts";
import { broadcastOf, framedBroadcast } from "./framed_broadcast.ts";
import { LEAVING_CHECKS } from "./leaving_checks.ts";
import { MESSAGE_CHECKS } from "./message_checks.ts";
import { NAME_CHECKS } from "./name_checks.ts";
import { Untried } from "./mismatch.ts";
import { servedChecks } from "./program_suites.ts";
import type { ProbeConnection } from "./probe_connection.ts";

/** A check of this dialect alone. */
type FramedCheck = UntitledCheck<ServerCheckId<"framed">>;

/** A server that ends after so many events probably counts them, as exercise 5 says. */
const MAX_COUNTED_EVENTS = 40;

const MESSAGES: CommonSources = {
  [TALK]: ["required", "R9", "R10", "R22"],
  everyone: ["required", "R18", "R22"],
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

const NAMES: CommonSources = {
  "name-length": ["advised", "R10"],
  "name-accents": ["advised", "R10"],
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

/** All checks of sheet 000 for one layout of the header, in the order in which they run. */
export function framedChecks(
  layout: Layout,
): readonly UntitledCheck<ServerCheckId<"common" | "framed" | "program">>[] {
  const dialect = framedProbe(layout);
  return [
    ...commonChecks(MESSAGE_CHECKS, dialect, MESSAGES),
    ...headerChecks(layout, dialect),
    ...answerChecks(dialect),
    ...advisedChecks(layout, dialect),
    ...commonChecks(NAME_CHECKS, dialect, NAMES),
    ...commonChecks(LEAVING_CHECKS, dialect, LEAVING),
    ...servedChecks("framed", dialect),
  ];
}

function framedProbe(layout: Layout): DialectProbe {
  return {
    hello: (name) => frame(layout, 0, name),
    say: (text) => frame(layout, 1, text),
    received: (text, from) => broadcastOf(layout, text, from),
    missingReason: (rest, text, { hints }) =>
      rest.includes(latin1(frame(layout, 1, text))) ? hints.framed.takesNoHeader : undefined,
    expectedText: (text, from, { expected }) => expected.framed.broadcast(from, text),
    question: () => ({ ask: frame(layout, 1, "One more."), answer: /ok/, expectedText: "ok" }),
    ifItEnds: ({ framed, common }, events) =>
      events <= MAX_COUNTED_EVENTS ? framed.countsRounds(events) : common.died,
    ifPiecesCrash: diesOfPieces,
    // A server that takes only one frame from each read loses the frame boundaries in a burst.
    needs: { "last-words": ["ok"], sigpipe: ["one-packet"] },
  };
}

function diesOfPieces({ framed }: ServerCheckTexts["hints"]): string {
  return framed.diesOfPieces;
}

function headerChecks({ headerBytes }: Layout, dialect: DialectProbe): readonly FramedCheck[] {
  return [
    cutCheck(dialect, { id: "split-header", cut: 3, hint: "splitHeader" }),
    cutCheck(dialect, { id: "split-length", cut: headerBytes - 3, hint: "splitHeader" }),
    cutCheck(dialect, { id: "header-alone", cut: headerBytes, hint: "textWithHeader" }),
  ];
}

/** Checks that a message arrives although its frame is cut at the offset `cut`, in bytes. */
function cutCheck(
  dialect: DialectProbe,
  { id, cut, hint }: {
    readonly id: ServerCheckId<"framed">;
    readonly cut: number;
    readonly hint: "splitHeader" | "textWithHeader";
  },
): FramedCheck {
  return {
    check: { id, level: "required", sources: ["R9", "R21"] },
    needs: [TALK],
    ifItCrashes: diesOfPieces,
    async run(probe) {
      const { ana, bob } = await joinTwo(probe, dialect);
      const text = "Cut by the network.";
      await ana.sendCut(dialect.say(text), [cut]);
      const hintText = probe.texts.hints.framed[hint];
      await expectMessage(dialect, { speaker: ana, listener: bob, text }, hintText);
    },
  };
}

function answerChecks(dialect: DialectProbe): readonly FramedCheck[] {
  return [
    {
      check: {
        id: "ok",
        level: "required",
        sources: ["R13"],
      },
      needs: [],
      async run(probe) {
        const ana = await joinChat(probe, dialect, "ana");
        const bob = await joinChat(probe, dialect, "bob");
        for (const text of ["Did this arrive?", "And this?"]) {
          const bytes = dialect.say(text);
          await ana.send(bytes);
          const isAnswered = await ana.wait(() => /ok/.exec(ana.rest)) !== undefined;
          // Bytes that are passed on unread are no messages that could be answered.
          if (!isAnswered && bob.rest.includes(latin1(bytes))) {
            throw new Untried(probe.texts.skips.failed(TALK));
          }
          await expectOk(ana, text);
          await probe.pause("apartMs");
        }
      },
    },
    {
      check: {
        id: "ok-for-each",
        level: "required",
        sources: ["R13", "R21"],
      },
      needs: ["ok", "one-packet"],
      async run(probe) {
        const ana = await joinChat(probe, dialect, "ana");
        const texts = ["First of two.", "Second of two."];
        await ana.send(joinBytes(...texts.map((text) => dialect.say(text))));
        for (const text of texts) await expectOk(ana, text);
      },
    },
    {
      check: {
        id: "any-order",
        level: "required",
        sources: ["R15", "R16"],
      },
      needs: [TALK],
      async run(probe) {
        const { bob } = await joinTwo(probe, dialect);
        const late = await probe.connect("cat");
        const early = await probe.connect("dan");
        for (const connection of [early, late]) {
          await connection.send(dialect.hello(connection.name));
          await probe.pause("apartMs");
          const text = `My turn, after my registration.`;
          await connection.send(dialect.say(text));
          await expectMessage(
            dialect,
            { speaker: connection, listener: bob, text },
            probe.texts.hints.framed.registrationOrder,
          );
        }
      },
    },
  ];
}

async function expectOk(sender: ProbeConnection, text: string): Promise<void> {
  const { expected, hints } = sender.texts;
  await sender.expect(/ok/, {
    expected: expected.framed.okFor(text),
    hint: hints.framed.okForEach,
  });
}

/** The checks of decisions that the sheet leaves open. */
function advisedChecks(layout: Layout, dialect: DialectProbe): readonly FramedCheck[] {
  return [
    {
      check: {
        id: "broadcast-frame",
        level: "advised",
        sources: ["R22", "D4"],
      },
      needs: [TALK],
      async run(probe) {
        const { ana, bob } = await joinTwo(probe, dialect);
        const text = "In a frame.";
        await ana.send(dialect.say(text));
        const broadcast = `${ana.name}: ${text}`;
        await bob.expect(framedBroadcast(layout, text, ana.name), {
          expected: probe.texts.expected.framed.frame(broadcast.length, broadcast),
          hint: probe.texts.hints.framed.broadcastFrame,
        });
      },
    },
    {
      check: {
        id: "bare-ok",
        level: "advised",
        sources: ["R13", "D1"],
      },
      needs: ["ok", TALK],
      async run(probe) {
        const { ana, bob } = await joinTwo(probe, dialect);
        const text = "The next thing.";
        await ana.send(dialect.say("Only the answer, please."));
        const { expected, hints: { framed: { bareOk } } } = probe.texts;
        await ana.expect(/ok/, { expected: "ok", hint: bareOk });
        await bob.send(dialect.say(text));
        const { before } = await expectMessage(
          dialect,
          { speaker: bob, listener: ana, text },
          bareOk,
        );
        if (!/^[\0\r\n]/.test(before)) return;
        throw ana.unexpectedData(`ok${before}`, {
          expected: expected.framed.bareOk(ana.name),
          hint: bareOk,
        });
      },
    },
    {
      check: {
        id: "huge-length",
        level: "advised",
        sources: ["R9", "D2"],
      },
      needs: [TALK],
      ifItDies: ({ framed }) => framed.diesOfLength,
      async run(probe) {
        const { ana, bob } = await joinTwo(probe, dialect);
        const carol = await joinChat(probe, dialect, "cat");
        const hugeHeader = frame(layout, 1, "x");
        hugeHeader.fill(
          0xff,
          layout.headerBytes === 8 ? 4 : layout.headerBytes - 8,
          layout.headerBytes,
        );
        await carol.send(joinBytes(hugeHeader, utf8Bytes("and some more of it")));
        const text = "Nothing happened.";
        await ana.send(dialect.say(text));
        await expectMessage(
          dialect,
          { speaker: ana, listener: bob, text },
          probe.texts.hints.framed.hugeLength,
        );
      },
    },
  ];
}
