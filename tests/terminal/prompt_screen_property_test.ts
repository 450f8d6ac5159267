// D23 as a property: typing, messages, new widths and entered lines, in any order.
import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { Prompt } from "../../terminal/prompt.ts";
import { FakeTerminal, seen } from "./fake_terminal.ts";

const LEFT = "\x1b[D";
const RIGHT = "\x1b[C";
const BACKSPACE = "\x7f";
const HOME = "\x1b[H";

/** Characters of every width; no two of them combine. */
const CHARACTERS = ["a", "b", " ", "é", "e\u0301", "界", "한", "👍🏽", "👨‍👩‍👧", "🇫🇷", "❤️"];

type Step =
  | { readonly kind: "insert"; readonly text: string; readonly paste: boolean }
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "print"; readonly text: string }
  | { readonly kind: "resize"; readonly width: number }
  | { readonly kind: "enter" };

const characters = fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 12 });
const widths = fc.integer({ min: 12, max: 90 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("insert" as const),
    text: characters.map((found) => found.join("")),
    paste: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("key" as const),
    key: fc.constantFrom(LEFT, RIGHT, HOME, BACKSPACE),
  }),
  fc.record({
    kind: fc.constant("print" as const),
    text: characters.map((found) => found.join("")),
  }),
  fc.record({ kind: fc.constant("resize" as const), width: widths }),
  fc.constant({ kind: "enter" as const }),
);

/** The expected screen: the lines above, and the characters before and after the cursor. */
class Model {
  readonly above: string[] = [];
  before: string[] = [];
  after: string[] = [];

  press(key: string): void {
    if (key === HOME) this.after.unshift(...this.before.splice(0));
    else if (key === BACKSPACE) this.before.pop();
    else if (key === LEFT) this.after.unshift(...this.before.splice(-1));
    else this.before.push(...this.after.splice(0, 1));
  }

  line(): string {
    return [...this.before, ...this.after].join("");
  }

  size(): number {
    return this.before.length + this.after.length;
  }
}

async function perform(
  action: Step,
  { model, terminal, prompt }: { model: Model; terminal: FakeTerminal; prompt: Prompt },
): Promise<void> {
  switch (action.kind) {
    case "insert": {
      // No longer than a screen of 12 columns shows in full.
      const found = [...new Intl.Segmenter().segment(action.text)].map(({ segment }) => segment)
        .slice(0, 30 - model.size());
      const text = found.join("");
      model.before.push(...found);
      return await terminal.type(action.paste ? `\x1b[200~${text}\x1b[201~` : text);
    }
    case "key":
      model.press(action.key);
      return await terminal.type(action.key);
    case "print":
      model.above.push(`${model.above.length} ${action.text}`);
      return prompt.print(`${model.above.length - 1} ${action.text}`);
    case "resize":
      return terminal.resize(action.width);
    case "enter":
      model.above.push("me> " + model.line());
      model.before = [];
      model.after = [];
      return await terminal.type("\r");
  }
}

Deno.test("Whatever happens, all is on the screen once, the line last, the cursor in its place", async () => {
  await fc.assert(
    fc.asyncProperty(widths, fc.array(step, { maxLength: 40 }), async (width, steps) => {
      const model = new Model();
      const terminal = new FakeTerminal(width, 16);
      const prompt = new Prompt({ io: terminal, prompt: "\x1b[1mme\x1b[m> " });
      prompt.start();
      await terminal.type("");
      for (const action of steps) {
        await perform(action, { model, terminal, prompt });
        assertEquals(seen(terminal, model.above.length), {
          above: model.above,
          line: `me> ${model.line()} `,
        });
        assertStrictEquals(terminal.beforeCursor("me>"), "me> " + model.before.join(""));
      }
      prompt.close();
      assertEquals(terminal.transcript(), model.above);
    }),
    { numRuns: 200 },
  );
});
