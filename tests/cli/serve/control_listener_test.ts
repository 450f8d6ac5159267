// The control socket of a server: connections that do nothing do not keep an operator out.

import { assertEquals, assertStrictEquals } from "@std/assert";
import { openControlSocket } from "../../../cli/serve/control_listener.ts";
import { EN } from "../../../texts/en.ts";
import { FakeControl } from "../../admin/fake_control.ts";

/** Whether the server has closed the connection. */
async function isClosed(conn: Deno.Conn): Promise<boolean> {
  return (await conn.read(new Uint8Array(1))) === null;
}

Deno.test("A control connection closes the oldest of too many, so the next operator gets in (A15)", async () => {
  const root = Deno.makeTempDirSync({ prefix: "minichat-control-" });
  const before = Deno.env.get("XDG_RUNTIME_DIR");
  Deno.env.set("XDG_RUNTIME_DIR", root);
  const faults: unknown[] = [];
  const socket = await openControlSocket({
    labels: ["7"],
    control: new FakeControl(),
    texts: EN,
    onFault: (fault) => faults.push(fault),
  });
  if ("error" in socket || socket.path === null) throw new Error("no control socket");
  const { path } = socket;
  const idle: Deno.Conn[] = [];
  for (let at = 0; at < 30; at++) idle.push(await Deno.connect({ transport: "unix", path }));
  const first = idle.splice(0, 6);
  assertEquals(await Promise.all(first.map(isClosed)), first.map(() => true));
  const operator = await Deno.connect({ transport: "unix", path });
  await operator.write(new TextEncoder().encode('{"command":"who"}\n'));
  const buffer = new Uint8Array(64);
  const count = await operator.read(buffer) ?? 0;
  assertStrictEquals(new TextDecoder().decode(buffer.subarray(0, 5)), '{"ok"', `${count} bytes`);
  for (const conn of [...first, ...idle, operator]) conn.close();
  await socket.close();
  assertEquals(faults, []);
  if (before === undefined) Deno.env.delete("XDG_RUNTIME_DIR");
  else Deno.env.set("XDG_RUNTIME_DIR", before);
  Deno.removeSync(root, { recursive: true });
});
