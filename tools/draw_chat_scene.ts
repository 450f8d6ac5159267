// `deno run -A tools/draw_chat_scene.ts`: plays a short chat with the real programs, one terminal
// each, draws the terminals into docs/chat.svg and prints their text. Needs tmux, telnet and nc.

import { type SceneTerminal, type Size, TmuxSession } from "./tmux_terminals.ts";
import { drawWindows, type Window, windowSize } from "./terminal_svg.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const PICTURE = "docs/chat.svg";
const USUAL_PORT = 8080;

/** Two columns of windows; the last two together are as high as the one beside them. */
const SIZES = {
  server: { columns: 62, rows: 17 },
  alice: { columns: 62, rows: 17 },
  bob: { columns: 62, rows: 17 },
  carol: { columns: 62, rows: 10 },
  shell: { columns: 62, rows: 3 },
} as const satisfies Record<string, Size>;

/** Between windows, in SVG units; with a window's frame it makes four rows. */
const GAP = 14;

type Name = keyof typeof SIZES;
type Terminals = Readonly<Record<Name, SceneTerminal>>;

async function play(): Promise<void> {
  const port = freePort();
  const directory = await Deno.makeTempDir({ prefix: "minichat-scene-" });
  try {
    await using tmux = new TmuxSession(`${directory}/tmux`, await environment(directory));
    const terminals: Terminals = {
      server: await tmux.open(SIZES.server),
      alice: await tmux.open(SIZES.alice),
      bob: await tmux.open(SIZES.bob),
      carol: await tmux.open(SIZES.carol),
      shell: await tmux.open(SIZES.shell),
    };
    await join(terminals, port);
    await chat(terminals);
    await countDown(terminals);
    await Deno.writeTextFile(ROOT + PICTURE, await picture(terminals, port));
    await end(terminals);
    await say(await transcript(terminals));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
  await say(`\nPlayed on port ${port}, drawn into ${PICTURE}`);
}

/** Port 8080, or any free one if it is taken. */
function freePort(): number {
  for (const port of [USUAL_PORT, 0]) {
    try {
      using listener = Deno.listen({ hostname: "localhost", port });
      return listener.addr.port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("Cannot find a free port");
}

/** The environment of a user's shell: `minichat` is a command in it, and colours are requested. */
async function environment(directory: string): Promise<Record<string, string>> {
  const run = `"${Deno.execPath()}" run --quiet --allow-all "${ROOT}main.ts"`;
  await Deno.mkdir(`${directory}/bin`);
  await Deno.writeTextFile(`${directory}/bin/minichat`, `#!/bin/sh\nexec ${run} "$@"\n`, {
    mode: 0o755,
  });
  const passed = ["HOME", "DENO_DIR", "TZ"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(passed),
    PATH: `${directory}/bin:${Deno.env.get("PATH") ?? ""}`,
    XDG_RUNTIME_DIR: directory,
    XDG_STATE_HOME: directory,
    TERM: "xterm-256color",
    LC_ALL: "C.UTF-8",
    PS1: "$ ",
  };
}

async function join({ server, alice, bob, carol }: Terminals, port: number): Promise<void> {
  // On loopback alone: the picture should show no address of this machine, and admit no other
  // clients.
  await server.enter(`minichat serve --host localhost --port ${port}`);
  await server.shows(/^server>/);
  await alice.enter(`minichat connect localhost ${port} alice`);
  await alice.shows(/You are alice/);
  await bob.enter(`telnet localhost ${port}`);
  await bob.shows(/^Type your name/);
  await bob.enter("bob");
  await bob.shows(/You are bob/);
  await carol.enter(`nc localhost ${port}`);
  await carol.enter("USER carol");
  await alice.shows(/carol joined/);
}

async function chat({ alice, bob, carol }: Terminals): Promise<void> {
  await bob.enter("hi, bob here, with telnet");
  await alice.shows(/bob: hi/);
  await alice.type("hello bob, this is alice with min");
  await carol.enter("MSG carol here, with nc");
  await alice.shows(/carol: carol here/);
  await alice.enter("ichat connect");
  await bob.shows(/alice: hello bob, this is alice with minichat connect/);
  await carol.shows(/MSG alice hello bob/);
  await alice.enter("@bob shall we surprise carol?");
  await bob.shows(/alice \(private\)/);
  await bob.enter("@alice yes, with a cake");
  await alice.shows(/bob \(private\)/);
  await carol.enter("MSG lunch at noon?");
  await bob.shows(/carol: lunch/);
}

/** Ends while alice is typing a line. */
async function countDown({ alice, bob, carol, shell, server }: Terminals): Promise<void> {
  await alice.type("see you at no");
  await shell.enter("minichat admin shutdown 3");
  await shell.shows(/^Stopping/);
  await Promise.all([alice, bob, carol, server].map((one) => one.shows(/stops in 1 s/)));
}

async function end({ server, alice, bob, carol }: Terminals): Promise<void> {
  await Promise.all([alice, server].map((one) => one.shows(/^\$$/)));
  await bob.shows(/^Connection closed/);
  await carol.press("C-c"); // nc ends only when its user does
}

async function picture(terminals: Terminals, port: number): Promise<string> {
  const titles: Readonly<Record<Name, string>> = {
    server: `minichat serve --host localhost --port ${port}`,
    alice: `alice: minichat connect localhost ${port} alice`,
    bob: `bob: telnet localhost ${port}`,
    carol: `carol: nc localhost ${port}`,
    shell: "the operator's other shell",
  };
  const top = windowSize(SIZES.server);
  const right = top.width + GAP;
  const below = top.height + GAP;
  const places: Readonly<Record<Name, Window["at"]>> = {
    server: { x: 0, y: 0 },
    alice: { x: right, y: 0 },
    bob: { x: 0, y: below },
    carol: { x: right, y: below },
    shell: { x: right, y: below + windowSize(SIZES.carol).height + GAP },
  };
  const names = Object.keys(SIZES) as Name[];
  const windows = await Promise.all(names.map(async (name): Promise<Window> => ({
    title: titles[name],
    at: places[name],
    size: SIZES[name],
    screen: await terminals[name].screen(),
  })));
  return drawWindows(windows, {
    title: "Three people in one chat, each with another program",
    description: "Terminal windows: a minichat server, alice with minichat connect, bob with " +
      "telnet and carol with nc read each other; minichat admin shutdown 3 counts down in all.",
  });
}

async function transcript(terminals: Terminals): Promise<string> {
  const parts = await Promise.all(
    Object.entries(terminals).map(async ([name, terminal]) =>
      [`--- ${name} ---`, ...await terminal.lines()].join("\n")
    ),
  );
  return parts.join("\n\n");
}

async function say(text: string): Promise<void> {
  await new Response(`${text}\n`).body?.pipeTo(Deno.stdout.writable, { preventClose: true });
}

if (import.meta.main) await play();
