// The checks that messages arrive whole, once, in order and unchanged, wherever the network cuts
// them.

import { joinBytes } from "../bytes.ts";
import { type CommonCheck, TALK } from "./common_checks.ts";
import {
  type DialectProbe,
  expectMessage,
  joinThree,
  joinTwo,
  type ProbeMessage,
} from "./dialect_probe.ts";
import type { ServerProbe } from "./server_probe.ts";

/** Messages in a row in the check of their order. */
const BURST = 30;

/** The checks of messages. */
export const MESSAGE_CHECKS: readonly CommonCheck[] = [
  {
    id: TALK,
    async run(probe, dialect) {
      const { sendToAll } = probe.texts.hints.common;
      const { ana, bob } = await joinTwo(probe, dialect);
      const text = "Good morning.";
      await sayAndExpect(dialect, { speaker: ana, listener: bob, text }, sendToAll);
    },
  },
  {
    id: "everyone",
    async run(probe, dialect) {
      const { expected, hints: { common: { sendToAll, sentTwice } } } = probe.texts;
      const { ana, bob, carol } = await joinThree(probe, dialect);
      const [text, last] = ["For both of you.", "And that is all."];
      await ana.send(dialect.say(text));
      for (const listener of [bob, carol]) {
        await expectMessage(dialect, { listener, speaker: ana, text }, sendToAll);
      }
      await ana.send(dialect.say(last));
      for (const listener of [bob, carol]) {
        const { before } = await expectMessage(
          dialect,
          { listener, speaker: ana, text: last },
          sendToAll,
        );
        if (!dialect.received(text).test(before)) continue;
        const message = dialect.expectedText(text, ana.name, probe.texts);
        throw listener.unexpectedData(before, {
          expected: expected.common.once(listener.name, message),
          hint: sentTwice,
        });
      }
    },
  },
  {
    id: "two-pieces",
    isCut: true,
    async run(probe, dialect) {
      const { ana, bob } = await joinTwo(probe, dialect);
      const text = "One message, two pieces.";
      const bytes = dialect.say(text);
      await ana.sendCut(bytes, [bytes.length - 10]);
      const { shortRead } = probe.texts.hints.common;
      await expectMessage(dialect, { listener: bob, speaker: ana, text }, shortRead);
    },
  },
  {
    id: "byte-by-byte",
    isCut: true,
    needs: ["two-pieces"],
    async run(probe, dialect) {
      const { ana, bob } = await joinTwo(probe, dialect);
      const text = "Slowly.";
      const bytes = dialect.say(text);
      await ana.sendCut(bytes, Array.from(bytes.subarray(1), (_, at) => at + 1), "bytesApartMs");
      const { shortRead } = probe.texts.hints.common;
      await expectMessage(dialect, { listener: bob, speaker: ana, text }, shortRead);
    },
  },
  {
    id: "one-packet",
    async run(probe, dialect) {
      const { ana, bob } = await joinTwo(probe, dialect);
      const texts = ["First of two.", "Second of two."];
      await ana.send(joinBytes(...texts.map((text) => dialect.say(text))));
      const { severalPerRead } = probe.texts.hints.common;
      await expectAll(dialect, { speaker: ana, listener: bob, texts }, severalPerRead);
    },
  },
  {
    id: "one-and-a-half",
    isCut: true,
    needs: ["two-pieces", "one-packet"],
    async run(probe, dialect) {
      const { ana, bob } = await joinTwo(probe, dialect);
      const texts = ["A whole one.", "A half, and its other half."];
      const bytes = joinBytes(...texts.map((text) => dialect.say(text)));
      await ana.sendCut(bytes, [bytes.length - 12]);
      const { keepRest } = probe.texts.hints.common;
      await expectAll(dialect, { speaker: ana, listener: bob, texts }, keepRest);
    },
  },
  {
    id: "name-and-message",
    needs: ["one-packet"],
    async run(probe, dialect) {
      const { bob } = await joinTwo(probe, dialect);
      const carol = await probe.connect("cat");
      const text = "In one packet.";
      await carol.send(joinBytes(dialect.hello(carol.name), dialect.say(text)));
      await dialect.identify?.(carol);
      const { severalPerRead } = probe.texts.hints.common;
      await expectMessage(dialect, { listener: bob, speaker: carol, text }, severalPerRead);
    },
  },
  { id: "long", run: (probe, dialect) => sayLong(probe, dialect, 1_000) },
  { id: "very-long", needs: ["long"], run: (probe, dialect) => sayLong(probe, dialect, 5_000) },
  {
    id: "short-after-long",
    async run(probe, dialect) {
      const { expected, hints: { common: { severalPerRead, leftovers } } } = probe.texts;
      const { ana, bob } = await joinTwo(probe, dialect);
      const end = "this is left behind.";
      const [long, short, last] = [`Long enough that ${end}`, "Short.", "The last word."];
      for (const text of [long, short]) {
        await sayAndExpect(dialect, { speaker: ana, listener: bob, text }, severalPerRead);
      }
      await ana.send(dialect.say(last));
      const { before } = await expectMessage(
        dialect,
        { speaker: ana, listener: bob, text: last },
        severalPerRead,
      );
      if (!before.includes(end)) return;
      const message = dialect.expectedText(short, ana.name, probe.texts);
      throw bob.unexpectedData(short + before, {
        expected: expected.common.noMoreThan(bob.name, message),
        hint: leftovers,
      });
    },
  },
  {
    id: "unchanged",
    async run(probe, dialect) {
      const { unchanged } = probe.texts.hints.common;
      const { ana, bob } = await joinTwo(probe, dialect);
      const texts = ["Déjà vu à Nîmes, 日本語, 🎉.", "two  spaces,   three.", "100 %s %d %x %%."];
      for (const text of texts) {
        await sayAndExpect(dialect, { speaker: ana, listener: bob, text }, unchanged);
      }
    },
  },
  {
    id: "order",
    needs: ["one-packet"],
    async run(probe, dialect) {
      const { ana, bob } = await joinTwo(probe, dialect);
      const texts = Array.from({ length: BURST }, (_, at) => `Number ${at + 1} of ${BURST}.`);
      for (const text of texts) await ana.send(dialect.say(text));
      const { severalPerRead } = probe.texts.hints.common;
      await expectAll(dialect, { speaker: ana, listener: bob, texts }, severalPerRead);
    },
  },
  {
    id: "no-copy",
    async run(probe, dialect) {
      const { expected, hints: { common: { sendToAll, leaveOutSender } } } = probe.texts;
      const { ana, bob } = await joinTwo(probe, dialect);
      const [text, reply] = ["Not for myself.", "And this is for you."];
      await sayAndExpect(dialect, { speaker: ana, listener: bob, text }, sendToAll);
      await bob.send(dialect.say(reply));
      const { before } = await expectMessage(
        dialect,
        { speaker: bob, listener: ana, text: reply },
        sendToAll,
      );
      if (!dialect.received(text).test(before)) return;
      throw ana.unexpectedData(before, {
        expected: expected.common.notOwn(ana.name),
        hint: leaveOutSender,
      });
    },
  },
  {
    id: "own-copy",
    async run(probe, dialect) {
      const { sendToAll, includeSender } = probe.texts.hints.common;
      const { ana, bob } = await joinTwo(probe, dialect);
      const text = "For all, and for me.";
      await sayAndExpect(dialect, { speaker: ana, listener: bob, text }, sendToAll);
      await expectMessage(dialect, { speaker: ana, listener: ana, text }, includeSender);
    },
  },
];

/** Sends a message and waits until its listener receives it. */
async function sayAndExpect(
  dialect: DialectProbe,
  message: ProbeMessage,
  hint: string,
): Promise<void> {
  await message.speaker.send(dialect.say(message.text));
  await expectMessage(dialect, message, hint);
}

async function expectAll(
  dialect: DialectProbe,
  { texts, ...ends }: Omit<ProbeMessage, "text"> & { readonly texts: readonly string[] },
  hint: string,
): Promise<void> {
  for (const text of texts) await expectMessage(dialect, { ...ends, text }, hint);
}

/** Sends a message of that many bytes, of which no part repeats. */
async function sayLong(probe: ServerProbe, dialect: DialectProbe, bytes: number): Promise<void> {
  const { ana, bob } = await joinTwo(probe, dialect);
  const numbers = Array.from({ length: Math.ceil(bytes / 5) }, (_, at) => `${1000 + at}`);
  const text = `${numbers.join(" ").slice(0, bytes - 1)}.`;
  const { growBuffer } = probe.texts.hints.common;
  await sayAndExpect(dialect, { speaker: ana, listener: bob, text }, growBuffer);
}
