// The checks that messages arrive whole, once, in order and unchanged, however the network cuts them.
// How a dialect writes them comes from its DialectProbe.

import { joinBytes } from "../bytes.ts";
import { type CommonCheck, TALK } from "./common_checks.ts";
import type { ServerProbe } from "./server_probe.ts";
import {
  type DialectProbe,
  expectMessage,
  joinThree,
  joinTwo,
  type ProbeMessage,
} from "./dialect_probe.ts";

const BURST = 30;

const READ_ALL =
  "A short read is taken for a whole message: read() may return any part of what was sent, so keep the bytes in a buffer for each client, and take a message out only when all of it is there";
const READ_MORE =
  "One read() may bring several messages: after the first one look again at what is left in the buffer, and handle each";
const KEEP_REST =
  "What is left in the buffer behind a message is the beginning of the next one: keep it, and put what the next read() brings behind it";
const TOO_SMALL =
  "The message is longer than a buffer: go on reading into a buffer that grows until the end of the message is there, never pass on the pieces as if each were a message";
const EVERYONE =
  "Only some clients get the message: the loop that sends it must go over all of them, and stop neither at the sender nor at a free place in the list";
const LEFTOVERS =
  "The end of an earlier, longer message is sent again: send only as many bytes as this message has, and end a string with \\0 before you use it as one";
const UNTOUCHED =
  "The text is changed on its way: copy its bytes as they are, do not take it apart at spaces, and never use what a client sent as the format of printf()";

/** The checks of messages. */
export const MESSAGE_CHECKS: readonly CommonCheck[] = [
  {
    id: TALK,
    title: "What one client says reaches another",
    async run(stage, tongue) {
      const { ana, bob } = await joinTwo(stage, tongue);
      await says(tongue, { speaker: ana, listener: bob, text: "Good morning." }, EVERYONE);
    },
  },
  {
    id: "everyone",
    title: "A message reaches every other client, each of them once",
    async run(stage, tongue) {
      const { ana, bob, carol } = await joinThree(stage, tongue);
      const [text, last] = ["For both of you.", "And that is all."];
      await ana.send(tongue.say(text));
      for (const listener of [bob, carol]) {
        await expectMessage(tongue, { listener, speaker: ana, text }, EVERYONE);
      }
      await ana.send(tongue.say(last));
      for (const listener of [bob, carol]) {
        const { before } = await expectMessage(
          tongue,
          { listener, speaker: ana, text: last },
          EVERYONE,
        );
        if (!tongue.received(text).test(before)) continue;
        throw listener.unexpectedData(before, {
          expected: `${listener.name} gets ${tongue.expectedText(text, ana.name)} once`,
          hint:
            "The message is sent twice to the same client: one entry for each client in your list is enough",
        });
      }
    },
  },
  {
    id: "two-pieces",
    title: "Puts a message together that comes in two pieces",
    run: (stage, tongue) => saysInPieces(stage, tongue, (length) => [length - 10]),
  },
  {
    id: "byte-by-byte",
    title: "Puts a message together that comes byte by byte",
    needs: ["two-pieces"],
    async run(stage, tongue) {
      const { ana, bob } = await joinTwo(stage, tongue);
      const text = "Slowly.";
      const bytes = tongue.say(text);
      await ana.sendCut(bytes, Array.from(bytes.subarray(1), (_, at) => at + 1), "bytesApartMs");
      await expectMessage(tongue, { listener: bob, speaker: ana, text }, READ_ALL);
    },
  },
  {
    id: "one-packet",
    title: "Takes two messages apart that come in one packet",
    async run(stage, tongue) {
      const { ana, bob } = await joinTwo(stage, tongue);
      const texts = ["First of two.", "Second of two."];
      await ana.send(joinBytes(...texts.map((text) => tongue.say(text))));
      await hearsAll(tongue, { speaker: ana, listener: bob, texts }, READ_MORE);
    },
  },
  {
    id: "one-and-a-half",
    title: "Takes one message and a half from a packet, and the other half from the next",
    needs: ["two-pieces", "one-packet"],
    async run(stage, tongue) {
      const { ana, bob } = await joinTwo(stage, tongue);
      const texts = ["A whole one.", "A half, and its other half."];
      const bytes = joinBytes(...texts.map((text) => tongue.say(text)));
      await ana.sendCut(bytes, [bytes.length - 12]);
      await hearsAll(tongue, { speaker: ana, listener: bob, texts }, KEEP_REST);
    },
  },
  {
    id: "name-and-message",
    title: "Takes a registration and a message that come in one packet",
    needs: ["one-packet"],
    async run(stage, tongue) {
      const { bob } = await joinTwo(stage, tongue);
      const carol = await stage.connect("carol");
      const text = "All at once.";
      await carol.send(joinBytes(tongue.hello(carol.name), tongue.say(text)));
      await expectMessage(tongue, { listener: bob, speaker: carol, text }, READ_MORE);
    },
  },
  {
    id: "long",
    title: "Passes on a message of 1,000 bytes in one piece",
    run: (stage, tongue) => saysLong(stage, tongue, 1_000),
  },
  {
    id: "very-long",
    title: "Passes on a message of 5,000 bytes in one piece",
    needs: ["long"],
    run: (stage, tongue) => saysLong(stage, tongue, 5_000),
  },
  {
    id: "short-after-long",
    title: "A short message carries nothing of a longer one before it",
    async run(stage, tongue) {
      const { ana, bob } = await joinTwo(stage, tongue);
      const end = "this is left behind.";
      const [long, short, last] = [`Long enough that ${end}`, "Short.", "The last word."];
      for (const text of [long, short]) {
        await says(tongue, { speaker: ana, listener: bob, text }, READ_MORE);
      }
      await ana.send(tongue.say(last));
      const { before } = await expectMessage(
        tongue,
        { speaker: ana, listener: bob, text: last },
        READ_MORE,
      );
      if (!before.includes(end)) return;
      throw bob.unexpectedData(short + before, {
        expected: `${bob.name} gets ${tongue.expectedText(short, ana.name)} and no more`,
        hint: LEFTOVERS,
      });
    },
  },
  {
    id: "unchanged",
    title: "A text arrives as it was sent: accents, spaces, percent signs",
    async run(stage, tongue) {
      const { ana, bob } = await joinTwo(stage, tongue);
      const texts = ["Déjà vu à Nîmes, 日本語, 🎉.", "two  spaces,   three.", "100 %s %d %x %%."];
      for (const text of texts) {
        await says(tongue, { speaker: ana, listener: bob, text }, UNTOUCHED);
      }
    },
  },
  {
    id: "order",
    title: `${BURST} messages in a row arrive all, in order`,
    needs: ["one-packet"],
    async run(stage, tongue) {
      const { ana, bob } = await joinTwo(stage, tongue);
      const texts = Array.from({ length: BURST }, (_, at) => `Number ${at + 1} of ${BURST}.`);
      for (const text of texts) await ana.send(tongue.say(text));
      await hearsAll(tongue, { speaker: ana, listener: bob, texts }, READ_MORE);
    },
  },
  {
    id: "no-copy",
    title: "A sender does not get its own message back",
    async run(stage, tongue) {
      const { ana, bob } = await joinTwo(stage, tongue);
      const [text, reply] = ["Not for myself.", "And this is for you."];
      await says(tongue, { speaker: ana, listener: bob, text }, EVERYONE);
      await bob.send(tongue.say(reply));
      const { before } = await expectMessage(
        tongue,
        { speaker: bob, listener: ana, text: reply },
        EVERYONE,
      );
      if (!tongue.received(text).test(before)) return;
      throw ana.unexpectedData(before, {
        expected: `${ana.name} does not get its own message`,
        hint: "A message is for all the others: leave out the sender in the loop that sends it",
      });
    },
  },
  {
    id: "own-copy",
    title: "A sender gets its own message too",
    async run(stage, tongue) {
      const { ana, bob } = await joinTwo(stage, tongue);
      const text = "For all, and for me.";
      await says(tongue, { speaker: ana, listener: bob, text }, EVERYONE);
      await expectMessage(
        tongue,
        { speaker: ana, listener: ana, text },
        "A message is for all clients: do not leave out the sender in the loop that sends it",
      );
    },
  },
];

/** One says it, the other hears it. */
async function says(tongue: DialectProbe, utterance: ProbeMessage, hint: string): Promise<void> {
  await utterance.speaker.send(tongue.say(utterance.text));
  await expectMessage(tongue, utterance, hint);
}

async function hearsAll(
  tongue: DialectProbe,
  { texts, ...who }: Omit<ProbeMessage, "text"> & { readonly texts: readonly string[] },
  hint: string,
): Promise<void> {
  for (const text of texts) await expectMessage(tongue, { ...who, text }, hint);
}

async function saysInPieces(
  stage: ServerProbe,
  tongue: DialectProbe,
  cuts: (length: number) => readonly number[],
): Promise<void> {
  const { ana, bob } = await joinTwo(stage, tongue);
  const text = "One message, two pieces.";
  const bytes = tongue.say(text);
  await ana.sendCut(bytes, cuts(bytes.length));
  await expectMessage(tongue, { listener: bob, speaker: ana, text }, READ_ALL);
}

async function saysLong(stage: ServerProbe, tongue: DialectProbe, bytes: number): Promise<void> {
  const { ana, bob } = await joinTwo(stage, tongue);
  const words = Array.from({ length: Math.ceil(bytes / 5) }, (_, at) => `${1000 + at}`);
  const text = `${words.join(" ").slice(0, bytes - 1)}.`;
  await says(tongue, { speaker: ana, listener: bob, text }, TOO_SMALL);
}
