import { assert, assertEquals, assertMatch, assertStrictEquals, fail } from "@std/assert";
import type { Problem } from "../../../protocol/problem.ts";
import { bind } from "../../../server/net/listener.ts";
import { bindUnixSocket, type BoundSocket } from "../../../server/net/unix_socket.ts";
import { EN } from "../../../texts/en.ts";

const LISTEN = EN.serve.listen;

/** Runs `use` with a path in a folder of its own, where only the files in `leaves` may be left. */
async function inFolder(
  use: (path: string) => Promise<void>,
  leaves: readonly string[] = [],
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "minichat-" });
  try {
    await use(`${folder}/chat.sock`);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), leaves);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function bound(answer: BoundSocket | Problem): BoundSocket {
  if ("error" in answer) fail(answer.error);
  return answer;
}

function problem(answer: BoundSocket | Problem): string {
  if ("error" in answer) return answer.error;
  close(answer);
  fail("It was bound");
}

function close({ listener, release }: BoundSocket): void {
  listener.close();
  release();
}

/** Checks that a listener answers at `path`. */
async function reach(path: string, { listener }: BoundSocket): Promise<void> {
  const [client, accepted] = await Promise.all([
    Deno.connect({ transport: "unix", path }),
    listener.accept(),
  ]);
  client.close();
  accepted.close();
}

/** Leaves a socket file as a killed server does. */
function abandon(path: string): void {
  const listener = Deno.listen({ transport: "unix", path: `${path}.dying` });
  Deno.renameSync(`${path}.dying`, path); // closing removes the name it was bound under, not this
  listener.close();
}

Deno.test("bindUnixSocket() answers at its path, and release() leaves no file", async () => {
  await inFolder(async (path) => {
    const socket = bound(await bindUnixSocket(path, LISTEN));
    assert(Deno.lstatSync(path).isSocket);
    await reach(path, socket);
    close(socket);
  });
});

Deno.test("bindUnixSocket() sets the mode that is asked for", async () => {
  await inFolder(async (path) => {
    for (const mode of [0o600, 0o660]) {
      const socket = bound(await bindUnixSocket(path, LISTEN, { mode }));
      assertStrictEquals((Deno.lstatSync(path).mode ?? 0) & 0o777, mode);
      close(socket);
    }
  });
});

Deno.test("bindUnixSocket() leaves a live server's socket alone and says so (F60)", async () => {
  await inFolder(async (path) => {
    const first = bound(await bindUnixSocket(path, LISTEN));
    const before = Deno.lstatSync(path).ino;
    assertStrictEquals(
      problem(await bindUnixSocket(path, LISTEN)),
      `Another server is running at ${path}: stop it or choose another path`,
    );
    assertStrictEquals(Deno.lstatSync(path).ino, before);
    await reach(path, first);
    close(first);
    close(bound(await bindUnixSocket(path, LISTEN)));
  });
});

Deno.test("bindUnixSocket() leaves alone a server that answers without a lock", async () => {
  await inFolder(async (path) => {
    const listener = Deno.listen({ transport: "unix", path });
    const [words, accepted] = await Promise.all([bindUnixSocket(path, LISTEN), listener.accept()]);
    assertMatch(problem(words), /^Another server is running at /);
    accepted.close();
    assert(Deno.lstatSync(path).isSocket);
    listener.close();
  });
});

Deno.test("bindUnixSocket() replaces a socket file without a server (F61)", async () => {
  await inFolder(async (path) => {
    abandon(path);
    Deno.writeTextFileSync(`${path}.lock`, ""); // the lock file outlives the kill too, but is not locked
    const socket = bound(await bindUnixSocket(path, LISTEN));
    await reach(path, socket);
    close(socket);
  });
});

Deno.test("bindUnixSocket() does not touch what is no socket", async () => {
  await inFolder(async (path) => {
    Deno.writeTextFileSync(path, "precious");
    assertStrictEquals(
      problem(await bindUnixSocket(path, LISTEN)),
      `${path} exists and is no socket: remove it or choose another path`,
    );
    assertStrictEquals(Deno.readTextFileSync(path), "precious");
  }, ["chat.sock"]);
});

Deno.test("bindUnixSocket() does not follow a symbolic link", async () => {
  await inFolder(async (path) => {
    Deno.writeTextFileSync(`${path}.target`, "precious");
    Deno.symlinkSync(`${path}.target`, path);
    assertMatch(problem(await bindUnixSocket(path, LISTEN)), /exists and is no socket/);
    assertStrictEquals(Deno.readTextFileSync(`${path}.target`), "precious");
    assert(Deno.lstatSync(path).isSymlink);
  }, ["chat.sock", "chat.sock.target"]);
});

Deno.test("bindUnixSocket() of a lock that is a symbolic link is refused", async () => {
  await inFolder(async (path) => {
    Deno.writeTextFileSync(`${path}.target`, "precious");
    Deno.symlinkSync(`${path}.target`, `${path}.lock`);
    problem(await bindUnixSocket(path, LISTEN));
    assertStrictEquals(Deno.readTextFileSync(`${path}.target`), "precious");
  }, ["chat.sock.lock", "chat.sock.target"]);
});

Deno.test("bindUnixSocket() says that a directory does not exist", async () => {
  await inFolder(async (path) => {
    const words = problem(await bindUnixSocket(`${path}/nowhere/chat.sock`, LISTEN));
    assertMatch(words, /: the directory does not exist$/);
  });
});

Deno.test("release() removes our own socket only (F64)", async () => {
  await inFolder(async (path) => {
    const first = bound(await bindUnixSocket(path, LISTEN));
    Deno.removeSync(path);
    const listener = Deno.listen({ transport: "unix", path });
    close(first);
    assert(Deno.lstatSync(path).isSocket, "the other one's socket survives");
    listener.close();
  }, ["chat.sock.lock"]);
});

Deno.test("release() of what was removed already is fine, and frees the path", async () => {
  await inFolder(async (path) => {
    const first = bound(await bindUnixSocket(path, LISTEN));
    Deno.removeSync(path);
    close(first);
    close(bound(await bindUnixSocket(path, LISTEN)));
  });
});

Deno.test("bindUnixSocket() binds the longest path that an address may have", async () => {
  await inFolder(async (path) => {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const longest = folder + "x".repeat(100 - folder.length);
    const socket = bound(await bindUnixSocket(longest, LISTEN));
    await reach(longest, socket);
    close(socket);
  });
});

Deno.test("bind() of a Unix path returns its address, or an error message", async () => {
  await inFolder(async (path) => {
    const address = { at: { kind: "unix", path }, notices: true } as const;
    const first = await bind(address, { tcpBacklog: 1 }, LISTEN);
    assert(!("error" in first));
    assertEquals(first.address, address);
    const second = await bind(address, { tcpBacklog: 1 }, LISTEN);
    assert("error" in second && second.error.startsWith("Another server is running at "));
    first.listener.close();
    first.release();
  });
});

Deno.test("bindUnixSocket() follows no link at its lock, nor binds where others can write (A5)", async () => {
  await inFolder(async (path) => {
    const folder = path.slice(0, path.lastIndexOf("/"));
    Deno.writeTextFileSync(`${folder}/victim`, "precious");
    for (const target of [`${folder}/victim`, `${folder}/absent`]) {
      Deno.symlinkSync(target, `${path}.lock`);
      assertMatch(problem(await bindUnixSocket(path, LISTEN)), /symbolic link, remove it/);
      Deno.removeSync(`${path}.lock`);
    }
    assertStrictEquals(Deno.readTextFileSync(`${folder}/victim`), "precious");
    for (const [mode, isRefused] of [[0o777, true], [0o775, true], [0o1777, false]] as const) {
      Deno.chmodSync(folder, mode);
      const answer = await bindUnixSocket(path, LISTEN);
      if (isRefused) assertMatch(problem(answer), /other users can write in its folder/);
      else close(bound(answer));
    }
  }, ["victim"]);
});
