// The checks of sheet 003's messages to one client and to groups (R71, R77, R79, R80, R83).

import { utf8Bytes } from "../bytes.ts";
import { TALK } from "./common_checks.ts";
import { askFlow, askFlowUntil, ETX_PROBE, etxBarrier, flowWith, nameAlone } from "./etx_probe.ts";
import type { ProbeConnection } from "./probe_connection.ts";
import type { ServerCheck } from "./server_runner.ts";
import type { ServerProbe } from "./server_probe.ts";
import { type DialectProbe, expectMessage, joinThree } from "./dialect_probe.ts";

const TONGUE: DialectProbe = ETX_PROBE;

/** The checks of messages that are not for everyone, in the order in which they are played. */
export const ETX_GROUP_CHECKS: readonly ServerCheck[] = [
  {
    check: {
      id: "send",
      title: "s NAME TEXT reaches the client of that name alone",
      level: "required",
      sources: ["R79", "D14"],
    },
    needs: [TALK],
    async run(stage) {
      const { ana, bob, carol } = await joinThree(stage, TONGUE);
      await ana.send(utf8Bytes(`s ${bob.name} ${SECRET}\n`));
      await onlyHears(ana, { hearer: bob, other: carol });
    },
  },
  {
    check: {
      id: "list-groups",
      title: "l g lists each group with its members",
      level: "required",
      sources: ["R71", "R77", "D14"],
    },
    needs: [TALK],
    async run(stage) {
      const { carol, bob, group } = await grouped(stage);
      await askFlow(carol, {
        line: "l g",
        answer: flowWith(nameAlone(group), nameAlone(bob.name)),
        expected: `one flow with the group ${group} and its members, ended by \\x03,`,
        hint: "For each group send its name and the names of its members, all in one flow",
      });
    },
  },
  {
    check: {
      id: "send-group",
      title: "s GROUP TEXT reaches the members of the group alone",
      level: "required",
      sources: ["R79", "R80", "D14"],
    },
    needs: [TALK],
    async run(stage) {
      const { ana, bob, carol, group } = await grouped(stage);
      await ana.send(utf8Bytes(`s ${group} ${SECRET}\n`));
      await onlyHears(ana, { hearer: bob, other: carol });
    },
  },
  {
    check: {
      id: "empty-group",
      title: "A group is gone when its last member has left the chat",
      level: "required",
      sources: ["R83"],
    },
    needs: [TALK, "list-groups"],
    async run(stage) {
      const { ana, bob, carol, group } = await grouped(stage);
      // So that there is a list to look at, whatever the server says when there is none.
      const kept = stage.nameOf("kept");
      await carol.send(utf8Bytes(`j ${kept}\n`));
      await stage.pause("apartMs");
      await ana.close();
      await bob.close();
      await askFlowUntil(stage, carol, {
        line: "l g",
        answer: flowWith(nameAlone(kept)),
        holds: (flow) => !new RegExp(nameAlone(group)).test(flow),
        expected: `a list of groups without ${group}, whose members have left,`,
        hint:
          "When a client leaves, clear its flag in every group, and delete each group that has no member any more",
      });
    },
  },
  {
    check: {
      id: "part",
      title: "p GROUP leaves a group: what is said in it no longer arrives",
      level: "advised",
      sources: ["R71", "D14"],
    },
    needs: [TALK, "send-group"],
    async run(stage) {
      const { ana, bob, carol, group } = await grouped(stage);
      await carol.send(utf8Bytes(`j ${group}\n`));
      await etxBarrier(carol);
      await carol.send(utf8Bytes(`p ${group}\n`));
      await etxBarrier(carol);
      await ana.send(utf8Bytes(`s ${group} ${SECRET}\n`));
      await onlyHears(ana, { hearer: bob, other: carol });
    },
  },
];

const SECRET = "Not for everyone.";
const HINT =
  "Look the recipient up among the names of the clients, then among those of the groups, and write to that client, or to the members of that group, alone";

/** Three clients, of whom ana and bob are in a group. */
async function grouped(stage: ServerProbe) {
  const people = await joinThree(stage, TONGUE);
  const group = stage.nameOf("cooks");
  for (const player of [people.ana, people.bob]) {
    await player.send(utf8Bytes(`j ${group}\n`));
    await etxBarrier(player);
  }
  return { ...people, group };
}

/** Of the secret that `speaker` has sent, one hears and the other does not. */
async function onlyHears(
  speaker: ProbeConnection,
  { hearer, other }: { readonly hearer: ProbeConnection; readonly other: ProbeConnection },
): Promise<void> {
  const last = "And this is for all of you.";
  await expectMessage(TONGUE, { speaker, listener: hearer, text: SECRET }, HINT);
  await speaker.send(TONGUE.say(last));
  const { before } = await expectMessage(TONGUE, { speaker, listener: other, text: last }, HINT);
  if (!before.includes(SECRET)) return;
  throw other.unexpectedData(before, { expected: `${other.name} gets nothing of it`, hint: HINT });
}
