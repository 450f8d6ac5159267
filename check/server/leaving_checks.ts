// The checks of clients that leave, vanish, fall silent or do not read: nobody else may notice.

import { joinBytes } from "../bytes.ts";
import type { CommonCheck } from "./common_checks.ts";
import type { Hint, ProbeConnection } from "./probe_connection.ts";
import type { ServerProbe } from "./server_probe.ts";
import { type DialectProbe, expectMessage, joinChat, joinThree, joinTwo } from "./dialect_probe.ts";

/** Times that somebody vanishes while the server is at work. */
const ROUNDS = 4;
/**
 * Most messages of one speaker: a server may read slowly from whoever says more at once, as ours does,
 * and is right to. Who has more to say says it through several speakers.
 */
const SPEAKER_MESSAGES = 400;
/** So long that a read brings about one, and that the server still writes when somebody's end comes. */
const BURST_TEXT_BYTES = 4_000;
/** How many times the usual wait a burst may take. */
const PATIENCE = 5;
/** What fills every buffer between a server and a client that does not read, in bytes. */
const FLOOD_BYTES = 8 * 1024 * 1024;
const FLOOD_TEXT_BYTES = 4_000;
const FLOOD_ROUND = 64;

const SIGPIPE =
  "The server ended when it wrote to a client that was gone: such a write raises SIGPIPE, which ends the program. Call signal(SIGPIPE, SIG_IGN) at the start (or use send() with MSG_NOSIGNAL), and take EPIPE (BrokenPipeError in Python) for a client that has left";
const FORGET =
  "A client that left disturbs the others: when read() returns 0 or -1 (ECONNRESET), close the socket and take the client out of your list, and leave the rest alone";
const GONE =
  "The server ends the connection of one client because it cannot write to another: a write to a client that has left fails with EPIPE or ECONNRESET (BrokenPipeError, ConnectionResetError in Python) and raises SIGPIPE. Call signal(SIGPIPE, SIG_IGN) in C, look at the result of each write or catch its exception inside the loop that writes to all, and let go of that one client alone";
const STALE =
  "A newcomer inherits the place of somebody who left: empty the buffer and the name of a place in the list when its client leaves";
const BLOCKED =
  "The server waits for one client and serves no other: never read in a loop until a message is complete; read once when poll() or select() says so (non-blocking), keep what came, and go back to waiting for all";

/** The checks of clients that are no help. */
export const LEAVING_CHECKS: readonly CommonCheck[] = [
  {
    id: "silent",
    title: "A client that connects and says nothing holds up nobody",
    async run(stage, tongue) {
      await stage.connect("mute");
      const { ana, bob } = await joinTwo(stage, tongue);
      await goesOn(tongue, ana, bob, BLOCKED);
    },
  },
  {
    id: "half-said",
    title: "A client in the middle of a message holds up nobody",
    async run(stage, tongue) {
      const { ana, bob, carol } = await joinThree(stage, tongue);
      await carol.send(tongue.say("Wait for the end of it.").subarray(0, -8));
      await stage.pause("apartMs");
      await goesOn(tongue, ana, bob, BLOCKED);
    },
  },
  {
    id: "never-registered",
    title: "A client that leaves before it has a name disturbs nobody",
    ifItDies: SIGPIPE,
    async run(stage, tongue) {
      const { ana, bob } = await joinThree(stage, tongue);
      const mute = await stage.connect("mute");
      await stage.pause("apartMs");
      await mute.close();
      await goesOn(tongue, ana, bob, FORGET);
    },
  },
  {
    id: "vanishes",
    title: "A client that leaves in the middle of a message disturbs nobody",
    ifItDies: SIGPIPE,
    async run(stage, tongue) {
      const { ana, bob, carol } = await joinThree(stage, tongue);
      await carol.send(tongue.say("Never finished, never heard.").subarray(0, -8));
      await stage.pause("apartMs");
      await carol.close();
      await goesOn(tongue, ana, bob, FORGET);
      const dan = await joinChat(stage, tongue, "dan");
      await stage.pause("apartMs");
      const text = "I am new here.";
      await dan.send(tongue.say(text));
      await expectMessage(tongue, { speaker: dan, listener: bob, text }, STALE);
    },
  },
  {
    id: "reset",
    title: "A client whose connection is reset (RST) disturbs nobody",
    ifItDies: SIGPIPE,
    async run(stage, tongue) {
      const early = await stage.connectToReset("eve", tongue.hello);
      const { ana, bob } = await joinTwo(stage, tongue);
      const late = await stage.connectToReset("zoe", tongue.hello);
      await goesOn(tongue, ana, bob, FORGET);
      await Promise.all([early.reset(), late.reset()]);
      await goesOn(tongue, bob, ana, afterWriting);
    },
  },
  {
    id: "sigpipe",
    title: "Lives on when clients vanish while it writes to them",
    ifItDies: SIGPIPE,
    async run(stage, tongue) {
      // Some before and some behind the speaker in the server's list, which may look from either end.
      const early: ProbeConnection[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        early.push(await joinDeaf(stage, tongue, `eve${round}x`));
      }
      const { ana, bob } = await joinTwo(stage, tongue);
      let speaker = ana;
      for (const [round, first] of early.entries()) {
        if (round > 0) speaker = await nextSpeaker(stage, tongue, { last: speaker, round });
        const doomed = [first];
        for (const who of ["xia", "yan", "zoe"]) {
          doomed.push(await joinDeaf(stage, tongue, `${who}${round}x`));
        }
        const text = "What they do not read makes their end a reset.";
        await speaker.send(tongue.say(text), afterWriting);
        await silence(stage, bob);
        const burst = speaker.send(burstOf(tongue), afterWriting);
        burst.catch(() => {}); // told below
        for (const one of doomed) {
          await stage.pause("midBurstMs");
          await one.close();
        }
        await burst;
        await silence(stage, bob);
      }
      await goesOn(tongue, speaker, bob, afterWriting);
    },
  },
  {
    id: "last-words",
    title: "What a client says just before it ends its side (shutdown) is heard",
    async run(stage, tongue) {
      const { ana, bob } = await joinTwo(stage, tongue);
      const text = "My last words.";
      const question = tongue.question?.(ana.name);
      await ana.send(tongue.say(text));
      if (question !== undefined) {
        await stage.pause("apartMs");
        await ana.send(question.ask);
      }
      await ana.endSending();
      await expectMessage(
        tongue,
        { speaker: ana, listener: bob, text },
        "The end of a connection loses what came before it: handle all that is in the buffer before you close the socket",
      );
      if (question === undefined) return;
      await ana.expect(question.answer, {
        expected: `${question.expectedText}, although it has ended its own side`,
        hint:
          "A client that has ended its side (shutdown with SHUT_WR) still reads: answer what it asked before you close the socket",
      });
    },
  },
  {
    id: "closes",
    title: "Closes the connection of a client that has left",
    async run(stage, tongue) {
      const { ana } = await joinTwo(stage, tongue);
      await ana.endSending();
      await ana.expectEnd({
        expected: "the end of its connection after it has ended its own side",
        hint:
          "read() returns 0 when a client has left: close its socket then, or it stays open for ever and select() reports it again and again",
      });
    },
  },
  {
    id: "taken-name",
    title: "Two clients cannot speak under one name",
    async run(stage, tongue) {
      const { ana, bob } = await joinTwo(stage, tongue);
      const thief = await stage.connect("thief");
      await thief.send(tongue.hello(ana.name));
      const text = "I say I am somebody else.";
      await stage.pause("apartMs");
      await thief.send(tongue.say(text));
      await bob.wait(() => tongue.received(text).exec(bob.rest));
      if (!tongue.received(text, ana.name).test(bob.rest)) return;
      throw bob.unexpectedData(bob.rest, {
        expected: `nobody but ${ana.name} speaks as ${ana.name}`,
        hint:
          "A name that is taken is given to a second client: look through your list when a client registers, and refuse the name or change it",
      });
    },
  },
  {
    id: "deaf",
    title: "A client that does not read holds up nobody",
    needs: ["two-pieces", "one-packet"],
    ifItDies: SIGPIPE,
    async run(stage, tongue) {
      const deaf = await stage.connectWithoutReading("deaf");
      await deaf.send(tongue.hello(deaf.name));
      const { ana, bob } = await joinTwo(stage, tongue);
      // All of them before it begins: a server that waits for one client takes in nobody.
      const speakers = [ana];
      while (speakers.length * SPEAKER_MESSAGES < FLOOD_BYTES / FLOOD_TEXT_BYTES) {
        speakers.push(await joinChat(stage, tongue, `ann${speakers.length}x`));
      }
      await flood(tongue, speakers, bob);
    },
  },
];

/** The end of somebody's connection at a write to others that have gone has a reason of its own. */
function afterWriting({ hasEnded }: ProbeConnection): string {
  return hasEnded ? GONE : FORGET;
}

/** Somebody who registers and never reads. */
async function joinDeaf(
  stage: ServerProbe,
  tongue: DialectProbe,
  who: string,
): Promise<ProbeConnection> {
  const deaf = await stage.connectWithoutReading(who);
  await deaf.send(tongue.hello(deaf.name));
  return deaf;
}

/** Who speaks in a round, instead of the one before, who leaves. */
async function nextSpeaker(
  stage: ServerProbe,
  tongue: DialectProbe,
  { last, round }: { readonly last: ProbeConnection; readonly round: number },
): Promise<ProbeConnection> {
  const speaker = await joinChat(stage, tongue, `ann${round}x`);
  await last.close();
  return speaker;
}

/** Messages that keep a server writing for a while. */
function burstOf(tongue: DialectProbe): Uint8Array {
  const message = tongue.say("x".repeat(BURST_TEXT_BYTES));
  return joinBytes(...Array.from({ length: SPEAKER_MESSAGES }, () => message));
}

/** Waits until the server has no more to say to `player`, within a few times the usual wait. */
async function silence(stage: ServerProbe, player: ProbeConnection): Promise<void> {
  const deadline = stage.now() + PATIENCE * stage.timeoutMs;
  do {
    player.forget();
    await stage.pause("silenceMs");
  } while (player.rest !== "" && stage.now() < deadline);
}

/** The chat works for those who are left. */
async function goesOn(
  tongue: DialectProbe,
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
    await speaker.send(tongue.say(text), hint);
    await expectMessage(tongue, { speaker, listener, text }, hint);
  }
}

/** So much is said that whoever does not read it fills every buffer on the way. */
async function flood(
  tongue: DialectProbe,
  speakers: readonly ProbeConnection[],
  bob: ProbeConnection,
): Promise<void> {
  const hint =
    "The server waits in write() until one client has read: make the sockets non-blocking, keep what a client does not take in a queue of its own, and let go of one whose queue grows too long";
  const filler = tongue.say("x".repeat(FLOOD_TEXT_BYTES));
  const rounds = Math.ceil(FLOOD_BYTES / (FLOOD_TEXT_BYTES * FLOOD_ROUND));
  for (let round = 1; round <= rounds; round++) {
    const speaker = speakers[round % speakers.length] as ProbeConnection;
    for (let at = 0; at < FLOOD_ROUND; at++) await speaker.send(filler, hint);
    const text = `Round ${round}.`;
    await speaker.send(tongue.say(text), hint);
    await expectMessage(tongue, { speaker, listener: bob, text }, hint);
    for (const one of speakers) one.forget();
  }
}
