// The checks of sheet 003's session and of its commands: ids, names, help, lists, the end
// (R57-R86).

import { literalPattern, utf8Bytes } from "../bytes.ts";
import type { ServerCheckId, UntitledCheck } from "./common_checks.ts";
import { joinChat, joinThree, joinTwo, nameAlone } from "./dialect_probe.ts";
import { askFlow, askFlowUntil, type EtxProbe, expectIdLine, flowWith } from "./etx_probe.ts";
import type { ProbeConnection } from "./probe_connection.ts";
import type { ServerProbe } from "./server_probe.ts";

const HELLO = "hello";

/** The checks of commands, in the order in which they run. */
export const etxCommandChecks = (etx: EtxProbe): readonly UntitledCheck<ServerCheckId<"etx">>[] => [
  row({
    id: HELLO,
    sources: ["R57", "R87", "D15"],
    needs: [],
  }, async (probe) => {
    const ana = await probe.connect("ana");
    await ana.send(etx.hello(ana.name));
    await expectIdLine(ana);
  }),
  row({
    id: "default-name",
    sources: ["R58", "R60"],
  }, async (probe) => {
    await etx.settle(probe);
    const ana = await probe.connect("ana");
    await ana.send(utf8Bytes("hello\n"));
    const id = await expectIdLine(ana);
    await askFlow(ana, {
      line: etx.line("ownName"),
      answer: flowWith(`${id}`),
      expected: probe.texts.expected.etx.nameWithId(id, etx.line("ownName")),
      hint: probe.texts.hints.etx.defaultName,
    });
  }),
  row(
    { id: "get-name", sources: ["R60", "R85", "D14"] },
    async (probe) => {
      await etx.askName(await joinChat(probe, etx, "ana"));
    },
  ),
  row({
    id: "help",
    sources: ["R74", "R85"],
  }, async (probe) => {
    const { expected, hints } = probe.texts;
    const ana = await joinChat(probe, etx, "ana");
    await probe.pause("apartMs");
    ana.forget();
    const help = await askFlow(ana, {
      line: "h",
      answer: flowWith("[^\\x03]"),
      expected: expected.etx.help,
      hint: hints.etx.flowEnd,
    });
    for (const line of ["help", "hippopotame"]) {
      await askFlow(ana, {
        line,
        answer: new RegExp(RegExp.escape(help)),
        expected: expected.etx.sameHelp(line),
        hint: hints.etx.firstLetter,
      });
    }
  }),
  row(
    { id: "help-lines", sources: ["R75"], level: "advised" },
    async (probe) => {
      const ana = await joinChat(probe, etx, "ana");
      await askFlow(ana, {
        line: "h",
        answer: flowWith("\\n[^\\x03]*[^\\s\\x03]"),
        expected: probe.texts.expected.etx.severalLines,
        hint: probe.texts.hints.etx.helpLines,
      });
    },
  ),
  row(
    { id: "list", sources: ["R76", "R85", "D14"] },
    async (probe) => {
      const { ana, bob, carol } = await joinThree(probe, etx);
      await askFlow(ana, {
        line: etx.line("list"),
        answer: flowWith(...[ana, bob, carol].map(({ name }) => nameAlone(name))),
        expected: probe.texts.expected.etx.list(ana.name, bob.name, carol.name),
        hint: probe.texts.hints.etx.wholeList,
      });
    },
  ),
  row({
    id: "lowest-id",
    sources: ["R70", "R83"],
    needs: [HELLO, "list"],
  }, async (probe) => {
    const ana = await joinChat(probe, etx, "ana");
    const [bob, carol] = [await probe.connect("bob"), await probe.connect("cat")];
    await bob.send(etx.hello(bob.name));
    const id = await etx.named(bob);
    await carol.send(etx.hello(carol.name));
    await etx.named(carol);
    await bob.close();
    await expectGone(probe, etx, ana, bob.name);
    const dan = await probe.connect("dan");
    await dan.send(etx.hello(dan.name));
    await dan.expect(new RegExp(`^${id}[ \\r\\n]`), {
      expected: probe.texts.expected.etx.freedId(id, bob.name),
      hint: probe.texts.hints.etx.lowestId,
    });
  }),
  row({
    id: "rename",
    sources: ["R59", "D14"],
    needs: [HELLO, "list"],
  }, async (probe) => {
    const { ana, bob } = await joinTwo(probe, etx);
    const name = probe.nameOf("amy");
    await ana.send(etx.command("rename", name));
    await askFlowUntil(probe, bob, {
      line: etx.line("list"),
      answer: flowWith(nameAlone(bob.name)),
      holds: (flow) => new RegExp(nameAlone(name)).test(flow),
      expected: probe.texts.expected.etx.renamed(name, ana.name),
      hint: probe.texts.hints.etx.rename,
    });
  }),
  row({
    id: "taken-name",
    sources: ["R81"],
    needs: [HELLO, "get-name"],
  }, async (probe) => {
    const { ana, bob } = await joinTwo(probe, etx);
    await bob.send(etx.command("rename", ana.name));
    await probe.pause("apartMs");
    await askFlow(bob, {
      line: etx.line("ownName"),
      answer: flowWith(`(?<=^|\\x03)${literalPattern(bob.name)}[^\\x03]{0,2}(?=\\x03)`),
      expected: probe.texts.expected.etx.sameName(bob.name, etx.line("ownName")),
      hint: probe.texts.hints.etx.refuseRename,
    });
  }),
  row({
    id: "taken-hello",
    sources: ["R81", "D6"],
    level: "advised",
    needs: [HELLO, "get-name"],
  }, async (probe) => {
    const ana = await joinChat(probe, etx, "ana");
    const thief = await probe.connect("tom");
    await thief.send(etx.hello(ana.name));
    await expectIdLine(thief);
    await askFlow(thief, {
      line: etx.line("ownName"),
      answer: new RegExp(`(?<=^|\\x03)(?!${literalPattern(ana.name)}\\n?\\x03)[\\w.-]+\\n?\\x03`),
      expected: probe.texts.expected.etx.otherName(ana.name, etx.line("ownName")),
      hint: probe.texts.hints.etx.refuseHello,
    });
  }),
  row({
    id: "nonsense",
    sources: ["R74"],
    needs: [HELLO, "get-name"],
    ifItDies: ({ etx }) => etx.diesOfCommand,
  }, async (probe) => {
    const { ana, bob } = await joinTwo(probe, etx);
    await ana.send(etx.nonsense());
    await probe.pause("apartMs");
    bob.forget();
    await etx.barrier(await joinChat(probe, etx, "cat"));
    await etx.barrier(bob);
  }),
  row({
    id: "bye",
    sources: ["R82", "D14"],
    needs: [HELLO, "list"],
  }, async (probe) => {
    const { ana, bob } = await joinTwo(probe, etx);
    await bob.send(etx.command("quit"));
    await expectGone(probe, etx, ana, bob.name);
  }),
  row(
    { id: "eot", sources: ["R64", "R86"], level: "advised" },
    async (probe) => {
      const ana = await joinChat(probe, etx, "ana");
      await ana.send(etx.command("quit"));
      const wanted = {
        expected: probe.texts.expected.etx.eot,
        hint: probe.texts.hints.etx.eot,
      };
      await ana.expect(new RegExp(literalPattern("\x04")), wanted);
      await ana.expectEnd(wanted);
    },
  ),
  row({
    id: "left",
    sources: ["R83"],
    needs: [HELLO, "list"],
  }, async (probe) => {
    const { ana, bob } = await joinTwo(probe, etx);
    await bob.close();
    await expectGone(probe, etx, ana, bob.name);
  }),
];

/** Waits until the list that `connection` gets lacks `name`. */
async function expectGone(
  probe: ServerProbe,
  etx: EtxProbe,
  connection: ProbeConnection,
  name: string,
): Promise<void> {
  await askFlowUntil(probe, connection, {
    line: etx.line("list"),
    answer: flowWith(nameAlone(connection.name)),
    holds: (flow) => !new RegExp(nameAlone(name)).test(flow),
    expected: probe.texts.expected.etx.listWithout(name),
    hint: probe.texts.hints.etx.freePlace,
  });
}

/** A check of this dialect alone. */
type EtxCheck = UntitledCheck<ServerCheckId<"etx">>;

/** A check without its script; (default `required`) for `level`, (default `hello`) for `needs`. */
type RowCheck =
  & Omit<EtxCheck["check"], "level">
  & Partial<Pick<EtxCheck["check"], "level"> & Pick<EtxCheck, "needs" | "ifItDies">>;

function row(
  { level = "required", needs = [HELLO], ifItDies, ...check }: RowCheck,
  run: EtxCheck["run"],
): EtxCheck {
  return { check: { ...check, level }, needs, ...ifItDies === undefined ? {} : { ifItDies }, run };
}
