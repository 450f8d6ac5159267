// The checks of sheet 003's messages to one client and to groups (R71, R77, R79, R80, R83).

import { type ServerCheckId, TALK, type UntitledCheck } from "./common_checks.ts";
import { expectMessage, joinThree, nameAlone } from "./dialect_probe.ts";
import { askFlow, askFlowUntil, type EtxProbe, flowWith } from "./etx_probe.ts";
import type { ProbeConnection } from "./probe_connection.ts";
import type { ServerProbe } from "./server_probe.ts";

/** The text that only its recipients may receive. */
const SECRET = "Not for everyone.";

/** The checks of messages that are not for everyone, in the order in which they run. */
export const etxGroupChecks = (etx: EtxProbe): readonly UntitledCheck<ServerCheckId<"etx">>[] => [
  {
    check: {
      id: "send",
      level: "required",
      sources: ["R79", "D14"],
    },
    needs: [TALK],
    async run(probe) {
      const { ana, bob, carol } = await joinThree(probe, etx);
      await ana.send(etx.command("send", `${bob.name} ${SECRET}`));
      await expectOnly(etx, ana, { listener: bob, other: carol });
    },
  },
  {
    check: {
      id: "list-groups",
      level: "required",
      sources: ["R71", "R77", "D14"],
    },
    needs: [TALK],
    async run(probe) {
      const { carol, bob, group } = await joinGroup(probe, etx);
      await askFlow(carol, {
        line: etx.line("listGroups"),
        answer: flowWith(nameAlone(group), nameAlone(bob.name)),
        expected: probe.texts.expected.etx.groups(group),
        hint: probe.texts.hints.etx.groupMembers,
      });
    },
  },
  {
    check: {
      id: "send-group",
      level: "required",
      sources: ["R79", "R80", "D14"],
    },
    needs: [TALK],
    async run(probe) {
      const { ana, bob, carol, group } = await joinGroup(probe, etx);
      await ana.send(etx.command("sendGroup", `${group} ${SECRET}`));
      await expectOnly(etx, ana, { listener: bob, other: carol });
    },
  },
  {
    check: {
      id: "empty-group",
      level: "required",
      sources: ["R83"],
    },
    needs: [TALK, "list-groups"],
    async run(probe) {
      const { ana, bob, carol, group } = await joinGroup(probe, etx);
      // The list must not be empty: the sheet gives no answer for that.
      const kept = probe.nameOf("kit");
      await etx.enter(carol, kept, "first");
      await ana.close();
      await bob.close();
      await askFlowUntil(probe, carol, {
        line: etx.line("listGroups"),
        answer: flowWith(nameAlone(kept)),
        holds: (flow) => !new RegExp(nameAlone(group)).test(flow),
        expected: probe.texts.expected.etx.groupsWithout(group),
        hint: probe.texts.hints.etx.deleteGroup,
      });
    },
  },
  {
    check: {
      id: "part",
      level: "advised",
      sources: ["R71", "D14"],
    },
    needs: [TALK, "send-group"],
    async run(probe) {
      const { ana, bob, carol, group } = await joinGroup(probe, etx);
      await etx.enter(carol, group);
      await carol.send(etx.command("part", group));
      await etx.barrier(carol);
      await ana.send(etx.command("sendGroup", `${group} ${SECRET}`));
      await expectOnly(etx, ana, { listener: bob, other: carol });
    },
  },
];

/** Three clients, of which ana and bob are in a group. */
async function joinGroup(probe: ServerProbe, etx: EtxProbe) {
  const clients = await joinThree(probe, etx);
  const group = probe.nameOf("pot");
  await etx.enter(clients.ana, group, "first");
  await etx.enter(clients.bob, group);
  return { ...clients, group };
}

/** After `speaker` has sent the secret: `listener` must receive it, and `other` must not. */
async function expectOnly(
  etx: EtxProbe,
  speaker: ProbeConnection,
  { listener, other }: { readonly listener: ProbeConnection; readonly other: ProbeConnection },
): Promise<void> {
  const { expected, hints: { etx: { recipient } } } = speaker.texts;
  const last = "And this is for all of you.";
  await expectMessage(etx, { speaker, listener, text: SECRET }, recipient);
  await speaker.send(etx.say(last));
  const { before } = await expectMessage(
    etx,
    { speaker, listener: other, text: last },
    recipient,
  );
  if (!before.includes(SECRET)) return;
  throw other.unexpectedData(before, {
    expected: expected.common.nothingOfIt(other.name),
    hint: recipient,
  });
}
