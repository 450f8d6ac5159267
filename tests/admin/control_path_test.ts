// Where control sockets are and who may reach them (F61, F63, F65).

import { assert, assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { EN } from "../../texts/en.ts";
import {
  controlDirectory,
  controlSocketPath,
  findControlSockets,
  prepareControlDirectory,
} from "../../admin/control_path.ts";
import { ControlPlace, FakeAlarms } from "./control_socket.ts";
import { until } from "../until.ts";

/** A directory for one test, removed at its end. */
class Scratch implements Disposable {
  readonly root = Deno.makeTempDirSync({ prefix: "minichat-path-" });
  readonly directory = `${this.root}/minichat`;
  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

/** Returns the error message, which must be the same for both ways to the directory. */
async function refusal(directory: string): Promise<string> {
  const prepared = prepareControlDirectory(directory, EN.operator);
  const found = await findControlSockets(directory, new FakeAlarms().after, EN.operator);
  assert(prepared.kind === "unsafe" && !found.ok);
  assertStrictEquals(found.error, prepared.error);
  assertNotMatch(prepared.error, /\n|\.$/);
  return prepared.error;
}

Deno.test("controlDirectory() is in XDG_RUNTIME_DIR, else under the temporary directory", () => {
  const env = new Map([["XDG_RUNTIME_DIR", "/run/user/7"], ["TMPDIR", "/var/tmp"]]);
  assertStrictEquals(controlDirectory(env), "/run/user/7/minichat");
  env.set("XDG_RUNTIME_DIR", "relative");
  assertStrictEquals(controlDirectory(env), `/var/tmp/minichat-${Deno.uid()}`);
  assertStrictEquals(controlDirectory(new Map()), `/tmp/minichat-${Deno.uid()}`);
  assertStrictEquals(
    controlSocketPath("/run/user/7/minichat", "8080"),
    "/run/user/7/minichat/8080.sock",
  );
});

Deno.test("prepareControlDirectory() makes a directory for this user alone, or takes the one there", () => {
  using scratch = new Scratch();
  for (let times = 0; times < 2; times++) {
    assertEquals(prepareControlDirectory(scratch.directory, EN.operator), {
      kind: "ready",
    });
    assertStrictEquals((Deno.lstatSync(scratch.directory).mode ?? 0) & 0o777, 0o700);
  }
});

Deno.test("A link in place of the control directory is refused (F63)", async () => {
  using scratch = new Scratch();
  const target = `${scratch.root}/elsewhere`;
  Deno.mkdirSync(target, { mode: 0o700 });
  Deno.symlinkSync(target, scratch.directory);
  assertMatch(await refusal(scratch.directory), /a link, remove it/);
});

Deno.test("A file in place of the control directory is refused", async () => {
  using scratch = new Scratch();
  Deno.writeTextFileSync(scratch.directory, "");
  assertMatch(await refusal(scratch.directory), /a file, remove it/);
});

Deno.test("A control directory that others may enter is refused (F63)", async () => {
  using scratch = new Scratch();
  Deno.mkdirSync(scratch.directory);
  for (const mode of [0o710, 0o701, 0o707, 0o770, 0o755, 0o1777]) {
    Deno.chmodSync(scratch.directory, mode);
    assertMatch(await refusal(scratch.directory), /other users may enter it, run chmod 700/);
  }
});

Deno.test("A control directory of another user is refused (F63)", async () => {
  using scratch = new Scratch();
  let foreign = "/"; // the directory of the system, for users other than root
  if (Deno.uid() === 0) {
    Deno.mkdirSync(scratch.directory, { mode: 0o700 });
    Deno.chownSync(scratch.directory, 65534, 65534);
    foreign = scratch.directory;
  }
  assertMatch(await refusal(foreign), /belongs to another user, set XDG_RUNTIME_DIR/);
});

Deno.test("prepareControlDirectory() names the remedy when there is no place for it", () => {
  using scratch = new Scratch();
  const prepared = prepareControlDirectory(`${scratch.root}/missing/minichat`, EN.operator);
  assertMatch(
    prepared.kind === "impossible" ? prepared.error : "",
    /does not exist, set XDG_RUNTIME_DIR .* unset it$/,
  );
});

Deno.test("findControlSockets() lists live servers by number and skips the dead (F61)", async () => {
  await using place = new ControlPlace();
  const { after } = new FakeAlarms();
  assertEquals(await findControlSockets(place.directory, after, EN.operator), {
    ok: true,
    value: [],
  });
  for (const label of ["10000", "8081", "pid-7"]) place.serve(label);
  // What a killed server leaves: a socket without a listener.
  const dead = controlSocketPath(place.directory, "9000");
  const listener = Deno.listen({ transport: "unix", path: `${dead}.was` });
  Deno.renameSync(`${dead}.was`, dead);
  listener.close();
  assertStrictEquals(Deno.lstatSync(dead).isSocket, true);
  Deno.writeTextFileSync(`${place.directory}/notes.sock`, "not a socket");
  Deno.writeTextFileSync(`${place.directory}/8081.sock.lock`, "");
  const found = await findControlSockets(place.directory, after, EN.operator);
  const labels = found.ok ? found.value.map(({ label }) => label) : [];
  assertEquals(labels, ["8081", "10000", "pid-7"]);
});

Deno.test("findControlSockets() lists a server that does not answer in time, and gives up on it", async () => {
  await using place = new ControlPlace();
  const server = place.serve("8080");
  const waits: number[] = [];
  const found = await findControlSockets(place.directory, (ms, fire) => {
    waits.push(ms);
    fire();
    return () => {};
  }, EN.operator);
  assertEquals(found, { ok: true, value: [{ label: "8080", path: server.path }] });
  assertEquals(waits, [5_000]);
  await until(() => server.sessions.length === 1, "the connection that came too late");
  await server.sessions[0]?.done;
});

/**
 * Connects in another process, as the user that `prefix` makes it; returns the errno, 0 if it can.
 */
async function connectAs(path: string, ...prefix: string[]): Promise<string | undefined> {
  const script = "print IO::Socket::UNIX->new(Peer => $ARGV[0]) ? 0 : 0 + $!";
  const all = [...prefix, "perl", "-MIO::Socket::UNIX", "-e", script, path];
  const [command = "", ...args] = all;
  try {
    const { stdout } = await new Deno.Command(command, { args, stdout: "piped" }).output();
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined; // a system without these tools
    throw error;
  }
}

Deno.test("Another local user cannot connect to the control socket (F65)", async () => {
  await using place = new ControlPlace();
  const { path } = place.serve("8080");
  assertStrictEquals((Deno.lstatSync(place.directory).mode ?? 0) & 0o077, 0);
  if (Deno.uid() !== 0 || await connectAs(path) !== "0") return; // no other user can be tried
  Deno.chmodSync(place.root, 0o711);
  const EACCES = "13";
  const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  assertStrictEquals(await connectAs(path, ...nobody), EACCES);
});
