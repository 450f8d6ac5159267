// A session of sheet 003 from beginning to end, byte for byte.

import { assert, assertStrictEquals } from "@std/assert";
import { ByteClient } from "../byte_client.ts";
import { admin, makeWorld, startServer } from "../harness.ts";

Deno.test("serve holds a session of sheet 003: ids, lists, groups, rename, quit", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using ana = await ByteClient.connect(server);
  await ana.send("hello ana\n");
  await ana.match("1 ana\n");
  await using bob = await ByteClient.connect(server);
  await bob.send("hello\n");
  await bob.match("2 user2\n");
  await ana.match("-- user2 joined\n\x03");

  await bob.send("name ANA\n"); // refused: taken (R81)
  await bob.match('-! Choose another name: "ANA" is taken\n\x03');
  await bob.send("n bob\nwhoami\n");
  await bob.match("-- You are now bob\n\x03bob\x03");

  await bob.send("list\n");
  await bob.match("1 ana\n2 bob\n\x03");
  await bob.send("l g\n");
  await bob.match("No groups: j GROUP makes one\n\x03");
  await bob.send("j cooks\n");
  await bob.match("-- You joined cooks: s cooks TEXT writes to it\n\x03");
  await ana.send("j bob\n"); // one namespace for people and groups (D21)
  await ana.match('-! Choose another name: "bob" is taken\n\x03');
  await ana.send("j cooks\nl groups\n");
  await ana.match("#cooks: bob ana\n\x03");

  await ana.send("s cooks soup \x03\x04!\n"); // R79, R80, D16
  await bob.match("ana@cooks: soup \\x03\\x04!\n\x03");
  await ana.send("s bob psst\n");
  await bob.match("ana: psst\n\x03");
  await ana.send("s nobody psst\n");
  await ana.match('-! Nobody called "nobody"');
  await ana.send("b to all\n");
  await bob.match("ana: to all\n\x03");
  await ana.send("hippopotame\n");
  assert(!(await ana.match("  h            this list")).includes("to all")); // R78

  await bob.send("quit\n");
  await bob.match("\x04");
  assertStrictEquals(await bob.ended(), "");
  await ana.match("-- bob left\n\x03");
  await ana.send("p cooks\nl g\n"); // the empty group is gone (R83)
  await ana.match("No groups: j GROUP makes one\n\x03");
  await using eve = await ByteClient.connect(server);
  await eve.send("hello ana\n"); // the lowest free id (R70), the next free name (D6)
  await eve.match("2 ana_2\n");
  await admin(world, "kick", "ana_2");
  await eve.match("-- Goodbye: kicked\n\x03\x04");
  assertStrictEquals(await eve.ended(), "");
});

Deno.test("commands that come with hello wait until the registration is complete (R84)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using ana = await ByteClient.connect(server);
  await ana.send("hello ana\n");
  await ana.match("1 ana\n");
  await using bob = await ByteClient.connect(server);
  await bob.send("hello bob\nb first\nw\nn rob\nb second\nw\nq\n");
  assertStrictEquals(await bob.match("2 bob\n"), "");
  await bob.match("bob\x03-- You are now rob\n\x03rob\x03\x04");
  const received = await ana.match("-- rob left\n\x03");
  assertStrictEquals(
    received,
    "-- bob joined\n\x03bob: first\n\x03-- bob is now rob\n\x03rob: second\n\x03",
  );
});
