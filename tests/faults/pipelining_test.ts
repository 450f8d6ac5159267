// F2: many commands in one write are all answered, in order, and cost other clients nothing; what
// follows a goodbye is ignored.

import assert from "node:assert/strict";
import { concatBytes, DIALECT_PHRASES } from "../dialect_phrases.ts";
import { ServerFixture } from "./server_fixture.ts";

const COUNT = 500;

for (const { dialect, say, nonsense } of DIALECT_PHRASES) {
  Deno.test(`F2: ${dialect} gets ${COUNT} commands of one write answered in order`, async () => {
    // More than a burst in some dialects; the rate limit is not tested here.
    await using room = await ServerFixture.open({ limits: { messageRate: 1_000 } });
    const witness = await room.join("native", "witness");
    const hasty = await room.join(dialect, "hasty");
    const commands = Array.from(
      { length: COUNT / 2 },
      (_, at) => concatBytes(say(`said ${at}.`), nonsense(`no-${at}.`)),
    );
    await Promise.all([hasty.send(concatBytes(...commands)), room.canary()]);
    const refused = (await hasty.barrier()).flatMap((line) => /no-(\d+)\./.exec(line)?.[1] ?? []);
    assert.deepEqual(refused.map(Number), Array.from({ length: COUNT / 2 }, (_, at) => at));
    const said = (await witness.heard()).map(({ text }) => text);
    assert.deepEqual(said, Array.from({ length: COUNT / 2 }, (_, at) => `said ${at}.`));
  });
}

for (const type of ["who", "help", "history"]) {
  Deno.test(`F2: ${COUNT} ${type} requests of one write are all answered in order`, async () => {
    // Long answers cost more than messages: at the default rate these would take a minute.
    await using room = await ServerFixture.open({ limits: { messageRate: 10_000 } });
    const hasty = await room.join("native", "hasty");
    for (let said = 0; said < 100; said++) await hasty.say(`message number ${said}`);
    await hasty.barrier();
    const requests = Array.from({ length: COUNT }, (_, ref) => JSON.stringify({ type, ref }));
    await Promise.all([hasty.send(requests.join("\n") + "\n"), room.canary()]);
    await hasty.match(new RegExp(`"ref":${COUNT - 1}[,}]`));
    const answers = hasty.seen.map((line) => JSON.parse(line));
    const refs = answers.flatMap((answer) => answer.type === type ? [answer.ref] : []);
    assert.deepEqual(refs, Array.from({ length: COUNT }, (_, ref) => ref));
  });
}

for (const { dialect, quit } of DIALECT_PHRASES) {
  if (quit === undefined) continue;

  Deno.test(`What follows a goodbye in the same write is ignored: ${dialect}`, async () => {
    await using room = await ServerFixture.open();
    const witness = await room.join("native", "witness");
    const leaver = await room.join(dialect, "leaver");
    const { say, rename } = leaver.book;
    await leaver.send(concatBytes(say("before"), quit, say("behind"), rename("ghost"), quit));
    const lines = await leaver.ended();
    assert.match(lines.at(-1) ?? "", /Goodbye|"closed"|^EOT$/);
    const events = await witness.client.events();
    assert.deepEqual(events.map(({ type, text }) => text ?? type), ["joined", "before", "left"]);
    await room.closes("bye");
    await room.canary();
  });
}
