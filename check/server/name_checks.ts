// The checks of names that are longer than those of the other checks, or have accents (K8, K9).

import type { CommonCheck } from "./common_checks.ts";
import {
  type DialectProbe,
  expectMessage,
  joinChat,
  type ProbeMessage,
  registerOn,
} from "./dialect_probe.ts";
import { Untried } from "./mismatch.ts";
import type { ServerProbe } from "./server_probe.ts";

/** Names of so many characters are tried; those of all other checks have 6. */
const NAME_CHARS = [8, 12, 16] as const;

/** The checks of names. */
export const NAME_CHECKS: readonly CommonCheck[] = [
  {
    id: "name-length",
    async run(probe, dialect) {
      const ana = await joinChat(probe, dialect, "ana");
      for (const chars of NAME_CHARS) {
        const short = probe.nameOf(`b${chars.toString(36)}n`);
        const name = short.padEnd(chars, "benjamin");
        const message = await sayAs(probe, dialect, { name, listener: ana });
        await ana.wait(() => dialect.received(message.text).exec(ana.rest));
        const shown = longestShown(dialect, message, ana.rest);
        const hint = shown < short.length
          ? probe.texts.hints.common.nameLost
          : probe.texts.hints.common.nameCut(shown);
        await expectMessage(dialect, message, hint);
      }
    },
  },
  {
    id: "name-accents",
    async run(probe, dialect) {
      const ana = await joinChat(probe, dialect, "ana");
      const name = `zoé${probe.nameOf("")}`;
      const message = await sayAs(probe, dialect, { name, listener: ana });
      await expectMessage(dialect, message, probe.texts.hints.common.nameAccents);
    },
  },
];

/** A new client called `name` says something. */
async function sayAs(
  probe: ServerProbe,
  dialect: DialectProbe,
  { name, listener }: { readonly name: string; readonly listener: ProbeMessage["listener"] },
): Promise<ProbeMessage> {
  await dialect.settle?.(probe);
  if (dialect.hello(name).length === 0) throw new Untried(probe.texts.skips.namesGiven);
  const speaker = await probe.connect(`b${name.length.toString(36)}n`);
  speaker.rename(name);
  await registerOn(probe, dialect, speaker);
  await probe.pause("apartMs");
  listener.forget();
  const text = `From ${name.length} letters.`;
  await speaker.send(dialect.say(text));
  return { speaker, listener, text };
}

/** How many characters of the sender's name are shown; 0 if none. */
function longestShown(
  dialect: DialectProbe,
  { speaker: { name }, text }: ProbeMessage,
  received: string,
): number {
  for (let chars = name.length; chars > 0; chars--) {
    if (dialect.received(text, name.slice(0, chars)).test(received)) return chars;
  }
  return 0;
}
