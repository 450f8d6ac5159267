// F2: many commands in one write are all answered, in order, and cost other clients nothing; what
// follows a goodbye is ignored.

import { assertEquals, assertMatch } from "@std/assert";
import { concatBytes, DIALECT_PHRASES } from "../dialect_phrases.ts";
import { ServerFixture } from "./server_fixture.ts";

const COUNT = 500;

for (const { dialect, say, nonsense } of DIALECT_PHRASES) {
  Deno.test(`F2: ${dialect} gets ${COUNT} commands of one write answered in order`, async () => {
    // More than a burst in some dialects; the rate limit is not tested here.
    await using fixture = await ServerFixture.open({ limits: { messageRate: 1_000 } });
    const witness = await fixture.join("native", "witness");
    const hasty = await fixture.join(dialect, "hasty");
    const commands = Array.from(
      { length: COUNT / 2 },
      (_, at) => concatBytes(say(`said ${at}.`), nonsense(`no-${at}.`)),
    );
    await Promise.all([hasty.send(concatBytes(...commands)), fixture.canary()]);
    const refused = (await hasty.barrier()).flatMap((line) => /no-(\d+)\./.exec(line)?.[1] ?? []);
    assertEquals(refused.map(Number), Array.from({ length: COUNT / 2 }, (_, at) => at));
    const sent = (await witness.received()).map(({ text }) => text);
    assertEquals(sent, Array.from({ length: COUNT / 2 }, (_, at) => `said ${at}.`));
  });
}

for (const type of ["who", "help", "history"]) {
  Deno.test(`F2: ${COUNT} ${type} requests of one write are all answered in order`, async () => {
    // Long answers cost more than messages: at the default rate these would take a minute.
    await using fixture = await ServerFixture.open({ limits: { messageRate: 10_000 } });
    const hasty = await fixture.join("native", "hasty");
    for (let sent = 0; sent < 100; sent++) await hasty.say(`message number ${sent}`);
    await hasty.barrier();
    const requests = Array.from({ length: COUNT }, (_, ref) => JSON.stringify({ type, ref }));
    await Promise.all([hasty.send(requests.join("\n") + "\n"), fixture.canary()]);
    await hasty.match(new RegExp(`"ref":${COUNT - 1}[,}]`));
    const answers = hasty.seen.map((line) => JSON.parse(line));
    const refs = answers.flatMap((answer) => answer.type === type ? [answer.ref] : []);
    assertEquals(refs, Array.from({ length: COUNT }, (_, ref) => ref));
  });
}

for (const { dialect, quit } of DIALECT_PHRASES) {
  if (quit === undefined) continue;

  Deno.test(`What follows a goodbye in the same write is ignored: ${dialect}`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("native", "witness");
    const leaver = await fixture.join(dialect, "leaver");
    const { say, rename } = leaver.book;
    await leaver.send(concatBytes(say("before"), quit, say("behind"), rename("ghost"), quit));
    const lines = await leaver.ended();
    assertMatch(lines.at(-1) ?? "", /Goodbye|"closed"|^EOT$/);
    const events = await witness.client.events();
    assertEquals(events.map(({ type, text }) => text ?? type), ["joined", "before", "left"]);
    await fixture.closes("bye");
    await fixture.canary();
  });
}
