// The server half of framed, in every cut and layout, and both halves together: sheet 000, notices.
// The client half alone is in framed_client_test.ts.

import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import fc, { CODE_POINT } from "../fast_check.ts";
import type { EventType, ServerEvent } from "../../protocol/events.ts";
import { framed } from "../../protocol/framed.ts";
import { LAYOUT_NAMES, layoutNamed, LAYOUTS } from "../../protocol/frame_layouts.ts";
import { frame, FrameReader } from "../../protocol/frames.ts";
import { MAX_FRAME_BYTES } from "../../protocol/limits.ts";
import type { Request } from "../../protocol/requests.ts";
import { framePadded, layoutName } from "./padded_frames.ts";
import { clientMessage, SAMPLES } from "./sample_events.ts";
import { assertEverySplit, bytes, cut, decodeAll, encode, encodeText, splits } from "./splits.ts";

const OPTIONS = { notices: false, asksName: true };
const STRUCT = { headerBytes: 16, littleEndian: true } as const;

function server() {
  return framed.server(OPTIONS).decoder;
}

function client() {
  return framed.client().decoder;
}

/** A server's codec after a client has registered in that layout. */
function codecFor(layout = STRUCT as typeof LAYOUTS[number], notices = false) {
  const codec = framed.server({ notices, asksName: true });
  codec.decoder.feed(frame(layout, 0, "bob"), () => {});
  return codec;
}

/** The payload of the one frame written for `event`, or the bytes as they are. */
function encoded(event: ServerEvent, notices = false): string {
  const written = encode(codecFor(STRUCT, notices).encoder, event);
  if (written.length < 16) return new TextDecoder().decode(written);
  const view = new DataView(written.buffer, written.byteOffset);
  assertStrictEquals(view.getUint32(0, true), 1, "nature");
  assertStrictEquals(view.getBigUint64(8, true), BigInt(written.length - 16), "length");
  return new TextDecoder().decode(written.subarray(16));
}

for (const layout of LAYOUTS) {
  Deno.test(`The server half of framed reads ${layoutName(layout)} at every split (R9, D2)`, () => {
    const input = bytes(
      ...framePadded(layout, { nature: 0, text: "Zoé", padding: 0x7ffe1234 }),
      ...framePadded(layout, { nature: 1, text: "hello 👍", padding: 3 }),
      ...framePadded(layout, { nature: 1, text: " two\n lines \r\n\0", padding: 0 }),
      ...framePadded(layout, { nature: 0, text: " zed\n", padding: 0xffffffff }),
      ...framePadded(layout, { nature: 1, text: "\n", padding: 1 }),
      ...framePadded(layout, { nature: 1, text: "end", padding: 1 }),
    );
    assertEverySplit<Request>(server, input, [
      { verb: "hello", name: "Zoé" },
      { verb: "say", text: "hello 👍" },
      { verb: "say", text: " two\n lines " },
      { verb: "rename", name: "zed" },
      { verb: "say", text: "" },
      { verb: "say", text: "end" },
    ]);
  });

  Deno.test(`framed takes a message before any registration: ${layoutName(layout)} (D6)`, () => {
    const input = framePadded(layout, { nature: 1, text: "mon premier message", padding: 9 });
    assertEverySplit<Request>(server, input, [{ verb: "say", text: "mon premier message" }]);
  });

  Deno.test(`framed answers in the layout it was spoken to: ${layoutName(layout)} (D2)`, () => {
    for (const chunks of splits(frame(layout, 0, "bob"))) {
      const codec = framed.server(OPTIONS);
      decodeAll(codec.decoder, chunks);
      const event = { ...SAMPLES.message, text: "hé" };
      assertEquals(encode(codec.encoder, event), frame(layout, 1, "bob: hé"));
      assertStrictEquals(encodeText(codec.encoder, SAMPLES.ack), "ok");
    }
  });

  Deno.test(`Connections of one layout share one encoder: ${layoutName(layout)}`, () => {
    assertStrictEquals(codecFor(layout).encoder, codecFor(layout).encoder);
    assertNotStrictEquals(codecFor(layout).encoder, codecFor(layout, true).encoder);
    const others = LAYOUTS.filter((other) => other !== layout);
    for (const other of others) {
      assertNotStrictEquals(codecFor(layout).encoder, codecFor(other).encoder);
    }
  });

  Deno.test(`framed refuses a length no frame has, first or later: ${layoutName(layout)}`, () => {
    for (const text of ["", "x".repeat(MAX_FRAME_BYTES + 1)]) {
      const bad = frame(layout, 1, text);
      const [only, ...more] = decodeAll(server(), [bad, bytes(...new Uint8Array(20))]);
      assert(only?.verb === "invalid" && only.fatal && only.failure.code === "bad_frame");
      assertEquals(more, []);
      const later = decodeAll(server(), [frame(layout, 0, "bob"), bad, frame(layout, 1, "hi")]);
      assertEquals(later.map(({ verb }) => verb), ["hello", "invalid"]);
    }
  });
}

/** A session in layouts of no sheet, whose first text is the name. */
for (const name of LAYOUT_NAMES.slice(LAYOUTS.length, -1).concat("dec10", "dec4", "dec64")) {
  const layout = layoutNamed(name) ?? STRUCT;
  const pinned = () => framed.server({ ...OPTIONS, layout });

  Deno.test(`framed reads ${name} at every split where it is pinned (J6)`, () => {
    const texts = ["c", "hello 👍", "zed\n", "", "a\n b\0"];
    const input = bytes(...texts.flatMap((text, at) => [...frame(layout, at === 0 ? 0 : 1, text)]));
    assertEverySplit<Request>(() => pinned().decoder, input, [
      { verb: "hello", name: "c" },
      { verb: "say", text: "hello 👍" },
      { verb: "say", text: "zed" },
      { verb: "say", text: "" },
      { verb: "say", text: "a\n b" },
    ]);
  });

  Deno.test(`framed reads verbs and prefixes in ${name} (J5, J6)`, () => {
    const session = (...texts: string[]) =>
      decodeAll(pinned().decoder, texts.map((text) => frame(layout, 1, text)));
    const [hello, hi] = [{ verb: "hello", name: "carl" }, { verb: "say", text: "hi" }] as const;
    assertEquals(session("NICK carl", "MSG hi", "QUIT"), [hello, hi, { verb: "bye" }]);
    assertEquals(session("carl: hi", "carl: hi"), [hello, hi, { verb: "say", text: "carl: hi" }]);
    assertEquals(session("carl", "MSG hi"), [hello, { verb: "say", text: "MSG hi" }]);
  });

  Deno.test(`framed reads and writes JSON in ${name} (J6)`, () => {
    const codec = pinned();
    const texts = ['{"type":"join","pseudo":"carl"}', '{"type":"message","texte":"hi","ref":1}'];
    const frames = texts.map((text, at) => frame(layout, at === 0 ? 0 : 1, text));
    assertEquals(decodeAll(codec.decoder, frames), [
      { verb: "hello", name: "carl" },
      { verb: "say", text: "hi", ref: 1 },
    ]);
    const { ack, who } = SAMPLES;
    assertEquals(encode(codec.encoder, ack), frame(layout, 1, JSON.stringify(ack)));
    const [user] = who.type === "who" ? who.users : [];
    const users = user === undefined ? [] : Array.from({ length: 3_000 }, () => user);
    const long = encode(codec.encoder, { type: "who", users, total: users.length });
    const isShort = /^(be2|le2|u1|dec4)$/.test(name);
    assertStrictEquals(long.length > 0, !isShort);
  });

  Deno.test(`framed takes a first text that is no name for a message: ${name} (J6)`, () => {
    const input = frame(layout, 0, "Hello World!");
    assertEverySplit<Request>(() => pinned().decoder, input, [{
      verb: "say",
      text: "Hello World!",
    }]);
  });

  Deno.test(`framed answers ${name} with frames alone (J6)`, () => {
    const codec = pinned();
    codec.decoder.feed(frame(layout, 0, "carl"), () => {});
    const { ack, message, welcome, error, joined } = SAMPLES;
    assertEquals(encode(codec.encoder, { ...message, text: "hé" }), frame(layout, 1, "bob: hé"));
    assertEquals(encode(codec.encoder, ack), bytes());
    assertEquals(encode(codec.encoder, joined), bytes());
    assertEquals(encode(codec.encoder, welcome), frame(layout, 1, "server: You are eve"));
    assertStrictEquals(encode(codec.encoder, error).length > layout.headerBytes, true);
    const { decoder } = framed.client({ layout });
    const written = encode(codec.encoder, { ...message, text: "hé" });
    assertEquals(decodeAll(decoder, [written]), decodeAll(client(), [frame(STRUCT, 1, "bob: hé")]));
  });

  Deno.test(`framed carries the longest text in ${name}, in frames that have room for it (J6)`, () => {
    const codec = pinned();
    codec.decoder.feed(frame(layout, 0, "carl"), () => {});
    const text = "é€".repeat(1_600);
    const written = encode(codec.encoder, { ...SAMPLES.message, text } as ServerEvent);
    const frames: string[] = [];
    const reader = new FrameReader(layout, 65_535);
    for (let at = 0; at < written.length;) {
      const next = reader.read(written, at, (_nature, payload) => {
        frames.push(new TextDecoder("utf-8", { fatal: true }).decode(payload));
      });
      at = typeof next === "number" ? next : written.length;
    }
    assertStrictEquals(frames.join(""), `bob: ${text}`);
    assertStrictEquals(frames.length === 1, name !== "u1");
  });

  Deno.test(`framed refuses a length over the cap, and what is no number: ${name}`, () => {
    if (name === "u1") return; // its lengths are all allowed
    const capacity = name === "dec4" ? 9999 : 65_535;
    const long = frame(layout, 1, "x".repeat(Math.min(capacity, MAX_FRAME_BYTES + 1)));
    const requests = decodeAll(pinned().decoder, [frame(layout, 0, "carl"), long]);
    assertEquals(requests.map(({ verb }) => verb), ["hello", "invalid"]);
    if (!name.startsWith("dec")) return;
    const [first, ...more] = decodeAll(pinned().decoder, [bytes("x".repeat(80))]);
    assertStrictEquals(first?.verb, "invalid");
    assertEquals(more, []);
  });
}

Deno.test("framed refuses a nature that is neither 0 nor 1, and NUL inside a text (F7)", () => {
  const odd = frame(STRUCT, 1, "x");
  odd[0] = 2;
  for (const bad of [odd, frame(STRUCT, 1, "a\0b")]) {
    const requests = decodeAll(server(), [frame(STRUCT, 0, "bob"), bad, frame(STRUCT, 1, "hi")]);
    assertEquals(requests.map(({ verb }) => verb), ["hello", "invalid"]);
  }
});

Deno.test("framed takes invalid UTF-8 as U+FFFD, and half a frame at the end as nothing (D18)", () => {
  const input = frame(STRUCT, 1, "a?b");
  input[17] = 0xff;
  assertEverySplit<Request>(server, input, [{ verb: "say", text: "a\ufffdb" }]);
  assertEquals(decodeAll(server(), [input.subarray(0, 18)]), []);
});

/** What a framed client is sent for each event; the second only with notices. */
const TOLD: { readonly [T in EventType]: readonly [always: string, noticed?: string] } = {
  message: ["bob: Grüße, 世界 👍"],
  greeting: [""],
  welcome: ["", "server: You are eve"],
  gap: [""],
  ack: ["ok"],
  joined: ["", "server: bob joined #cooks"],
  left: ["", "server: bob left (connection lost)"],
  presence: ["", "server: 153 joined, among them ana, bob; 1 left: eve; 200 people are here now"],
  renamed: ["", "server: bob is now rob"],
  you: [""],
  who: [""],
  groups: [""],
  history: ["checked below"],
  help: [""],
  notice: ["", "server: Backup at noon"],
  shutdown: ["server: The server stops in 10 s"],
  pong: [""],
  closed: ["server: Goodbye: kicked: spam"],
  error: ["", 'server: Choose another name: "bob" is taken'],
};

for (const [type, [always, noticed = always]] of Object.entries(TOLD)) {
  if (type === "history") continue;
  Deno.test(`framed writes ${type} with and without notices (R22, D4)`, () => {
    const event = SAMPLES[type as EventType];
    assertStrictEquals(encoded(event), always);
    assertStrictEquals(encoded(event, true), noticed);
  });
}

Deno.test("framed writes history as one frame a message", () => {
  const written = encode(codecFor().encoder, SAMPLES.history);
  const texts = decodeAll(client(), [written]).map((event) => "text" in event && event.text);
  assertStrictEquals(texts.length, 2);
});

Deno.test("framed marks what is private or for a group, and actions", () => {
  const { message } = SAMPLES;
  assertStrictEquals(encoded({ ...message, text: "hi", to: "@eve" }), "bob (private): hi");
  assertStrictEquals(encoded({ ...message, text: "hi", to: "#cooks" }), "bob@cooks: hi");
  assertStrictEquals(encoded({ ...message, text: "waves", action: true }), "* bob waves");
});

Deno.test("framed tells why bytes were refused, also without notices, and nothing after a goodbye", () => {
  const failure = { code: "bad_frame", message: "Bad frame" } as const;
  assertStrictEquals(encoded({ type: "error", ...failure }), "server: Bad frame");
  assertStrictEquals(encoded({ type: "closed", reason: "bye", text: "left" }), "");
});

/** Text that does not end in what the server removes, and is not empty. */
const text = fc.string({ unit: CODE_POINT, minLength: 1 })
  .filter((sent) => !/\0|[\r\n]$/.test(sent) && sent.isWellFormed());

Deno.test("framed carries any text from client to server, in any chunks", () => {
  fc.assert(fc.property(
    fc.constantFrom(16 as const, 12 as const, 8 as const),
    fc.array(text, { minLength: 1, maxLength: 5 }),
    fc.array(fc.nat(200)),
    (headerBytes, texts, places) => {
      const { encoder } = framed.client({ layout: { headerBytes, littleEndian: true } });
      const input = bytes(
        ...encode(encoder, { verb: "hello", name: "bob" }),
        ...texts.flatMap((sent) => [...encode(encoder, { verb: "say", text: sent })]),
      );
      assertEquals<unknown>(decodeAll(server(), cut(input, places)), [
        { verb: "hello", name: "bob" },
        ...texts.map((sent) => ({ verb: "say", text: sent })),
      ]);
    },
  ));
});

Deno.test("framed carries any message from server to client, in any chunks", () => {
  const name = fc.constantFrom("bob", "Zoé", "a.b-c", "世界");
  fc.assert(fc.property(
    fc.array(fc.record({ name, text }), { maxLength: 5 }),
    fc.constantFrom(...LAYOUTS.filter(({ littleEndian }) => littleEndian)),
    fc.array(fc.nat(200)),
    (sent, layout, places) => {
      const { encoder } = codecFor(layout);
      const events = sent.map(({ name: from, text }) => ({ ...SAMPLES.message, from, text }));
      const input = bytes(...events.flatMap((event) => [...encode(encoder, event)]));
      const { decoder } = framed.client({ layout });
      const got = decodeAll(decoder, cut(input, places));
      assertEquals(got, sent.map(({ name, text }) => clientMessage(name, text)));
    },
  ));
});

Deno.test("Both halves of framed survive any bytes in any chunks", () => {
  const piece = fc.constantFrom<string | number>(
    "ok",
    "o",
    "k",
    "bob: hi",
    "\n",
    0,
    1,
    3,
    255,
    "é",
  );
  fc.assert(fc.property(
    fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.array(piece, { maxLength: 40 }).map((pieces) => bytes(...pieces)),
    ),
    fc.array(fc.nat(80)),
    (input, places) => {
      for (const request of decodeAll(server(), cut(input, places))) assert(request.verb);
      for (const event of decodeAll(client(), cut(input, places))) assert(event.type);
    },
  ));
});

Deno.test("framed tells a sender that nothing can be stored, and sends no ok (F46)", () => {
  for (const code of ["storage_full", "storage_failed"] as const) {
    const event = { type: "error", code, message: "Not sent: the disk is full" } as const;
    assertStrictEquals(encoded(event), "server: Not sent: the disk is full");
  }
});
