// The checks of clients that leave, vanish, send nothing or do not read: the others must not
// notice.

import { joinBytes } from "../bytes.ts";
import type { CommonCheck } from "./common_checks.ts";
import {
  type DialectProbe,
  expectMessage,
  joinAndConfirm,
  joinChat,
  joinThree,
  joinTwo,
} from "./dialect_probe.ts";
import { Mismatch, Untried } from "./mismatch.ts";
import type { Hint, ProbeConnection } from "./probe_connection.ts";
import type { ServerCheck } from "./server_runner.ts";
import type { ServerProbe } from "./server_probe.ts";

/** How many times clients vanish while the server writes to them. */
const ROUNDS = 6;
/**
 * Most messages of one speaker: a server may read slowly from a client that sends more in one go, as
 * ours does. More messages are sent by several speakers.
 */
const SPEAKER_MESSAGES = 400;
/** Messages of a burst, the long one and each short one: less than {@linkcode SPEAKER_MESSAGES}. */
const LONG_MESSAGES = 280;
const SHORT_MESSAGES = 60;
/**
 * A read of 4 KiB brings several messages: a server that writes them all before it looks at its
 * clients again writes to one that has left in between, and not once, which may go unpunished.
 */
const BURST_TEXT_BYTES = 1_300;
/** Longest wait for the end of a burst, in timeouts of one event. */
const SILENCE_TIMEOUTS = 5;
/** Fills every buffer between a server and a client that does not read, in bytes. */
const FLOOD_BYTES = 8 * 1024 * 1024;
const FLOOD_TEXT_BYTES = 4_000;
const FLOOD_ROUND = 64;

/** A server may read byte by byte: after so many milliseconds a check of many bytes is cut short. */
const LONG_MS = 8_000;
/** Rounds that are made in any case. */
const LEAST_ROUNDS = 2;

/** The hint if the server dies of a client that has left. */
const diesOfWrite: ServerCheck["ifItDies"] = ({ common }) => common.sigpipe;

/** The checks of clients that leave or do not take part. */
export const LEAVING_CHECKS: readonly CommonCheck[] = [
  {
    id: "silent",
    async run(probe, dialect) {
      await probe.connect("mia");
      const { ana, bob } = await joinTwo(probe, dialect);
      await expectChatWorks(dialect, ana, bob, probe.texts.hints.common.blocked);
    },
  },
  {
    id: "half-said",
    async run(probe, dialect) {
      const { ana, bob, carol } = await joinThree(probe, dialect);
      await carol.send(dialect.say("Wait for the end of it.").subarray(0, -8));
      await probe.pause("apartMs");
      await expectChatWorks(dialect, ana, bob, probe.texts.hints.common.blocked);
    },
  },
  {
    id: "never-registered",
    ifItDies: diesOfWrite,
    async run(probe, dialect) {
      const { ana, bob } = await joinThree(probe, dialect);
      const mute = await probe.connect("mia");
      await probe.pause("apartMs");
      await mute.close();
      await expectChatWorks(dialect, ana, bob, probe.texts.hints.common.removeClient);
    },
  },
  {
    id: "vanishes",
    ifItDies: diesOfWrite,
    async run(probe, dialect) {
      const { removeClient, stalePlace } = probe.texts.hints.common;
      const { ana, bob, carol } = await joinThree(probe, dialect);
      await carol.send(dialect.say("Never finished, never sent.").subarray(0, -8));
      await probe.pause("apartMs");
      await carol.close();
      await expectChatWorks(dialect, ana, bob, removeClient);
      const dan = await joinChat(probe, dialect, "dan");
      await probe.pause("apartMs");
      const text = "I am new here.";
      await dan.send(dialect.say(text));
      await expectMessage(dialect, { speaker: dan, listener: bob, text }, stalePlace);
    },
  },
  {
    id: "reset",
    ifItDies: diesOfWrite,
    async run(probe, dialect) {
      await dialect.settle?.(probe);
      const hello = (name: string): Uint8Array => dialect.hello(name);
      const early = await probe.connectToReset("eve", hello);
      const { ana, bob } = await joinTwo(probe, dialect);
      const late = await probe.connectToReset("zoe", hello);
      await expectChatWorks(dialect, ana, bob, probe.texts.hints.common.removeClient);
      await Promise.all([early.reset(), late.reset()]);
      await expectChatWorks(dialect, bob, ana, afterWriting);
    },
  },
  {
    id: "sigpipe",
    ifItDies: diesOfWrite,
    async run(probe, dialect) {
      const bob = await joinChat(probe, dialect, "bob");
      const began = probe.now();
      for (let round = 0; round < ROUNDS; round++) {
        if (round >= LEAST_ROUNDS && probe.now() - began > LONG_MS) break;
        // One before and one after the speaker in the server's list, which it may walk in either
        // order. No more clients than that: a server may have few places. Only those of the round are
        // deaf: a server may wait for a client that does not read.
        const early = await joinDeaf(probe, dialect, `e${round}v`);
        const speaker = await joinAndConfirm(probe, dialect, { who: `n${round}n`, listener: bob });
        const late = await joinDeaf(probe, dialect, `l${round}v`);
        const text = "What they do not read makes their end a reset.";
        await speaker.send(dialect.say(text), afterWriting);
        await waitForSilence(probe, bob);
        const burst = speaker.send(burstOf(dialect), afterWriting);
        burst.catch(() => {}); // awaited below
        // While the server is writing the burst, which bob's bytes show.
        for (const one of [early, late]) {
          bob.forget();
          await bob.wait(() => bob.rest !== "" || null);
          await one.close();
        }
        await burst;
        const last = [];
        for (const who of ["zo", "zu"]) last.push(await joinDeaf(probe, dialect, `${who}${round}`));
        await waitForSilence(probe, bob);
        for (const one of last) {
          await speaker.send(shortBurstOf(dialect), afterWriting);
          await one.close();
        }
        await waitForSilence(probe, bob);
        if (speaker.hasEnded) throw speaker.lost(afterWriting);
        await speaker.close();
      }
      // Not the last speaker: a server that takes the pieces of a burst for messages lives on too.
      const dan = await joinAndConfirm(probe, dialect, { who: "dan", listener: bob });
      await expectChatWorks(dialect, dan, bob, afterWriting);
    },
  },
  {
    id: "last-words",
    async run(probe, dialect) {
      const { ana, bob } = await joinTwo(probe, dialect);
      const text = "My last words.";
      const question = dialect.question?.(ana.name);
      await ana.send(dialect.say(text));
      if (question !== undefined) {
        await probe.pause("apartMs");
        await ana.send(question.ask);
      }
      await ana.endSending();
      await expectMessage(
        dialect,
        { speaker: ana, listener: bob, text },
        probe.texts.hints.common.lostAtEnd,
      );
      if (question === undefined) return;
      await ana.expect(question.answer, {
        expected: probe.texts.expected.common.afterHalfClose(question.expectedText),
        hint: probe.texts.hints.common.halfClosed,
      });
    },
  },
  {
    id: "closes",
    async run(probe, dialect) {
      const { ana } = await joinTwo(probe, dialect);
      await ana.endSending();
      await ana.expectEnd({
        expected: probe.texts.expected.common.endAfterHalfClose,
        hint: probe.texts.hints.common.closeSocket,
      });
    },
  },
  {
    id: "taken-name",
    async run(probe, dialect) {
      const { ana, bob } = await joinTwo(probe, dialect);
      const hello = dialect.hello(ana.name);
      if (hello.length === 0) throw new Untried(probe.texts.skips.namesGiven);
      const thief = await probe.connect("tom");
      await thief.send(hello);
      const text = "I say I am somebody else.";
      await probe.pause("apartMs");
      await thief.send(dialect.say(text));
      await bob.wait(() => dialect.received(text).exec(bob.rest));
      if (!dialect.received(text, ana.name).test(bob.rest)) return;
      throw bob.unexpectedData(bob.rest, {
        expected: probe.texts.expected.common.onlyBearer(ana.name),
        hint: probe.texts.hints.common.takenName,
      });
    },
  },
  {
    id: "deaf",
    needs: ["two-pieces", "one-packet"],
    ifItDies: diesOfWrite,
    async run(probe, dialect) {
      await joinDeaf(probe, dialect, "del");
      const { ana, bob } = await joinTwo(probe, dialect);
      // All join before the flood: a server that waits for one client accepts no others.
      const speakers = [ana];
      while (speakers.length * SPEAKER_MESSAGES < FLOOD_BYTES / FLOOD_TEXT_BYTES) {
        const who = `n${speakers.length}n`;
        const speaker = await joinAndConfirm(probe, dialect, { who, listener: bob })
          .catch(noPlaceLeft);
        if (speaker === undefined) break;
        speakers.push(speaker);
      }
      await flood(probe, dialect, speakers, bob);
    },
  },
];

/**
 * The hint after writes to clients that have left: the server may end the sender's connection for
 * it.
 */
function afterWriting({ hasEnded, texts }: ProbeConnection): string {
  const { failedWrite, removeClient } = texts.hints.common;
  return hasEnded ? failedWrite : removeClient;
}

/** A server may have few places: fewer clients then send more each. */
function noPlaceLeft(error: unknown): undefined {
  if (!(error instanceof Mismatch)) throw error;
}

/** A client that registers and never reads. */
async function joinDeaf(
  probe: ServerProbe,
  dialect: DialectProbe,
  who: string,
): Promise<ProbeConnection> {
  await dialect.settle?.(probe);
  const deaf = await probe.connectWithoutReading(who);
  await deaf.send(dialect.hello(deaf.name));
  return deaf;
}

/** Messages that take a server a while to write. */
function burstOf(dialect: DialectProbe): Uint8Array {
  const message = dialect.say("x".repeat(BURST_TEXT_BYTES));
  return joinBytes(...Array.from({ length: LONG_MESSAGES }, () => message));
}

/**
 * Messages of which one read brings many: a server that takes lines out of what it has read writes
 * all of them before it looks whether a client has left.
 */
function shortBurstOf(dialect: DialectProbe): Uint8Array {
  return joinBytes(...Array.from({ length: SHORT_MESSAGES }, () => dialect.say("x")));
}

/**
 * Waits until `connection` receives nothing more, at most {@linkcode SILENCE_TIMEOUTS} timeouts.
 */
async function waitForSilence(probe: ServerProbe, connection: ProbeConnection): Promise<void> {
  const deadline = probe.now() + SILENCE_TIMEOUTS * probe.timeoutMs;
  do {
    connection.forget();
    await probe.pause("silenceMs");
  } while (connection.rest !== "" && probe.now() < deadline);
}

/** Fails unless messages still arrive in both directions. */
async function expectChatWorks(
  dialect: DialectProbe,
  ana: ProbeConnection,
  bob: ProbeConnection,
  hint: Hint,
): Promise<void> {
  for (
    const [speaker, listener, text] of [
      [ana, bob, "Are you still there?"],
      [bob, ana, "Yes, I am still here."],
    ] as const
  ) {
    await speaker.send(dialect.say(text), hint);
    await expectMessage(dialect, { speaker, listener, text }, hint);
  }
}

/** Sends so much that the buffers on the way to a client that does not read are full. */
async function flood(
  probe: ServerProbe,
  dialect: DialectProbe,
  speakers: readonly ProbeConnection[],
  bob: ProbeConnection,
): Promise<void> {
  const hint = bob.texts.hints.common.blockedWrite;
  const filler = dialect.say("x".repeat(FLOOD_TEXT_BYTES));
  const rounds = Math.ceil(FLOOD_BYTES / (FLOOD_TEXT_BYTES * FLOOD_ROUND));
  const began = probe.now();
  for (let round = 1; round <= rounds; round++) {
    const speaker = speakers[round % speakers.length] as ProbeConnection;
    for (let at = 0; at < FLOOD_ROUND; at++) await speaker.send(filler, hint);
    const text = `Round ${round}.`;
    await speaker.send(dialect.say(text), hint);
    await expectMessage(dialect, { speaker, listener: bob, text }, hint);
    for (const one of speakers) one.forget();
    if (probe.now() - began > LONG_MS) throw new Untried(probe.texts.skips.tooSlow);
  }
}
