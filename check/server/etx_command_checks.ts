// The checks of sheet 003's session and of its commands: ids, names, help, lists, the end (R57-R86).

import { literalPattern, utf8Bytes } from "../bytes.ts";
import {
  askFlow,
  askFlowUntil,
  ETX_PROBE,
  etxBarrier,
  expectIdLine,
  flowWith,
  nameAlone,
  SUFFIX,
} from "./etx_probe.ts";
import type { Check } from "../finding.ts";
import type { ServerCheck } from "./server_runner.ts";
import type { ServerProbe } from "./server_probe.ts";
import { joinChat, joinThree, joinTwo } from "./dialect_probe.ts";

const HELLO = "hello";

/** The checks of commands, in the order in which they are played. */
export const ETX_COMMAND_CHECKS: readonly ServerCheck[] = [
  row({
    id: HELLO,
    title: "Answers hello with a line that begins with the id",
    sources: ["R57", "R87", "D15"],
    needs: [],
  }, async (stage) => {
    await joinChat(stage, ETX_PROBE, "ana");
  }),
  row({
    id: "default-name",
    title: "Without a name the client is called after its id",
    sources: ["R58", "R60"],
  }, async (stage) => {
    const ana = await stage.connect("ana");
    await ana.send(utf8Bytes("hello\n"));
    const id = await expectIdLine(ana);
    await askFlow(ana, {
      line: "w",
      answer: flowWith(`${id}`),
      expected: `a name with its id ${id} in it, ended by \\x03, for w`,
      hint: `The name of a client is its id until it chooses another. ${SUFFIX}`,
    });
  }),
  row(
    { id: "get-name", title: "w tells a client its name", sources: ["R60", "R85", "D14"] },
    async (stage) => {
      await etxBarrier(await joinChat(stage, ETX_PROBE, "ana"));
    },
  ),
  row({
    id: "help",
    title: "Only the first letter counts: h, help and hippopotame are one",
    sources: ["R74", "R85"],
  }, async (stage) => {
    const ana = await joinChat(stage, ETX_PROBE, "ana");
    await stage.pause("apartMs");
    ana.forget();
    const help = await askFlow(ana, {
      line: "h",
      answer: flowWith("[^\\x03]"),
      expected: "a help text that ends with \\x03",
      hint: SUFFIX,
    });
    for (const line of ["help", "hippopotame"]) {
      await askFlow(ana, {
        line,
        answer: new RegExp(RegExp.escape(help)),
        expected: `the same text for ${line} as for h`,
        hint:
          "Look at the first character of the command only, and skip the rest up to the next space",
      });
    }
  }),
  row(
    { id: "help-lines", title: "The help has several lines", sources: ["R75"], level: "advised" },
    async (stage) => {
      const ana = await joinChat(stage, ETX_PROBE, "ana");
      await askFlow(ana, {
        line: "h",
        answer: flowWith("\\n[^\\x03]*[^\\s\\x03]"),
        expected: "a text of several lines",
        hint: "One line for each command is easiest to read; ETX, not \\n, ends the text",
      });
    },
  ),
  row(
    { id: "list", title: "l lists all clients in one flow", sources: ["R76", "R85", "D14"] },
    async (stage) => {
      const { ana, bob, carol } = await joinThree(stage, ETX_PROBE);
      await askFlow(ana, {
        line: "l",
        answer: flowWith(...[ana, bob, carol].map(({ name }) => nameAlone(name))),
        expected: `one flow with ${ana.name}, ${bob.name} and ${carol.name}, ended by \\x03,`,
        hint: "Put the whole list together and send it once, with one ETX at its end",
      });
    },
  ),
  row({
    id: "lowest-id",
    title: "A newcomer gets the lowest id that is free",
    sources: ["R70", "R83"],
    needs: [HELLO, "list"],
  }, async (stage) => {
    const ana = await joinChat(stage, ETX_PROBE, "ana");
    const [bob, carol] = [await stage.connect("bob"), await stage.connect("carol")];
    await bob.send(ETX_PROBE.hello(bob.name));
    const id = await expectIdLine(bob);
    await carol.send(ETX_PROBE.hello(carol.name));
    await expectIdLine(carol);
    await bob.close();
    await isGone(stage, ana, bob.name);
    const dan = await stage.connect("dan");
    await dan.send(ETX_PROBE.hello(dan.name));
    await dan.expect(new RegExp(`^${id}[ \\r\\n]`), {
      expected: `the id ${id}, which ${bob.name} had until it left,`,
      hint:
        "Give a newcomer the first free place of your table, and free the place of each client that leaves",
    });
  }),
  row({
    id: "rename",
    title: "n changes the name",
    sources: ["R59", "D14"],
    needs: [HELLO, "list"],
  }, async (stage) => {
    const { ana, bob } = await joinTwo(stage, ETX_PROBE);
    const name = stage.nameOf("anna");
    await ana.send(utf8Bytes(`n ${name}\n`));
    await askFlowUntil(stage, bob, {
      line: "l",
      answer: flowWith(nameAlone(bob.name)),
      holds: (flow) => new RegExp(nameAlone(name)).test(flow),
      expected: `${name} instead of ${ana.name} in the list`,
      hint: "The server keeps the names: store the new one, and use it in the list and in messages",
    });
  }),
  row({
    id: "taken-name",
    title: "A name that is taken is refused",
    sources: ["R81"],
    needs: [HELLO, "get-name"],
  }, async (stage) => {
    const { ana, bob } = await joinTwo(stage, ETX_PROBE);
    await bob.send(utf8Bytes(`n ${ana.name}\n`));
    await stage.pause("apartMs");
    await askFlow(bob, {
      line: "w",
      answer: flowWith(`(?<=^|\\x03)${literalPattern(bob.name)}[^\\x03]{0,2}(?=\\x03)`),
      expected: `${bob.name}\\x03 for w, its name as before,`,
      hint:
        "Before a name is changed, look through the table whether another client has it, and refuse it then",
    });
  }),
  row({
    id: "taken-hello",
    title: "hello with a name that is taken gives another one",
    sources: ["R81", "D6"],
    level: "advised",
    needs: [HELLO, "get-name"],
  }, async (stage) => {
    const ana = await joinChat(stage, ETX_PROBE, "ana");
    const thief = await stage.connect("thief");
    await thief.send(ETX_PROBE.hello(ana.name));
    await expectIdLine(thief);
    await askFlow(thief, {
      line: "w",
      answer: new RegExp(`(?<=^|\\x03)(?!${literalPattern(ana.name)}\\n?\\x03)[\\w.-]+\\n?\\x03`),
      expected: `another name than ${ana.name} for w`,
      hint: "What holds for n holds for hello too: no two clients have the same name",
    });
  }),
  row({
    id: "nonsense",
    title: "Lives on when a command is unknown or lacks its arguments",
    sources: ["R74"],
    needs: [HELLO, "get-name"],
    ifItDies:
      "The server crashed on a command without its arguments: strtok() answers NULL when there is no further word",
  }, async (stage) => {
    const { ana, bob } = await joinTwo(stage, ETX_PROBE);
    await ana.send(utf8Bytes("\n \ns\nn\nb\nj\np\ns nobody-here\nx y z\n"));
    await stage.pause("apartMs");
    bob.forget();
    await etxBarrier(await joinChat(stage, ETX_PROBE, "carol"));
    await etxBarrier(bob);
  }),
  row({
    id: "bye",
    title: "q frees the client's data",
    sources: ["R82", "D14"],
    needs: [HELLO, "list"],
  }, async (stage) => {
    const { ana, bob } = await joinTwo(stage, ETX_PROBE);
    await bob.send(utf8Bytes("q\n"));
    await isGone(stage, ana, bob.name);
  }),
  row(
    { id: "eot", title: "The session ends with EOT", sources: ["R64", "R86"], level: "advised" },
    async (stage) => {
      const ana = await joinChat(stage, ETX_PROBE, "ana");
      await ana.send(utf8Bytes("q\n"));
      const wanted = {
        expected: "EOT (\\x04) and the end of its connection",
        hint: "EOT tells the client that the session is closed: send it, then close the socket",
      };
      await ana.expect(new RegExp(literalPattern("\x04")), wanted);
      await ana.expectEnd(wanted);
    },
  ),
  row({
    id: "left",
    title: "A client that is gone is no longer in the list",
    sources: ["R83"],
    needs: [HELLO, "list"],
  }, async (stage) => {
    const { ana, bob } = await joinTwo(stage, ETX_PROBE);
    await bob.close();
    await isGone(stage, ana, bob.name);
  }),
];

/** Fails unless the list that `player` gets soon lacks `name`. */
async function isGone(
  stage: ServerProbe,
  player: Parameters<typeof askFlow>[0],
  name: string,
): Promise<void> {
  await askFlowUntil(stage, player, {
    line: "l",
    answer: flowWith(nameAlone(player.name)),
    holds: (flow) => !new RegExp(nameAlone(name)).test(flow),
    expected: `a list without ${name}, which has left,`,
    hint:
      "When a client says bye or read() returns 0, free its place in the table and close its socket",
  });
}

/** What a row says of its check; `level` is `required` and `needs` is `hello` unless told otherwise. */
type RowCheck =
  & Omit<Check, "level">
  & Partial<Pick<Check, "level"> & Pick<ServerCheck, "needs" | "ifItDies">>;

function row(
  { level = "required", needs = [HELLO], ifItDies, ...check }: RowCheck,
  run: ServerCheck["run"],
): ServerCheck {
  return { check: { ...check, level }, needs, ...ifItDies === undefined ? {} : { ifItDies }, run };
}
