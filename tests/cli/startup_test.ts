// The modules that a start loads: counted, because the time differs from machine to machine.

import { assert, assertEquals } from "@std/assert";
import { sourceFile } from "../../tools/source_file.ts";

const ROOT = new URL("../../", import.meta.url);

/** Every module that is loaded with `path`, and the packages among their imports. */
function loadedWith(path: string): { modules: Set<string>; packages: Set<string> } {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const load = (url: URL): void => {
    if (modules.has(url.href)) return;
    modules.add(url.href);
    if (!url.pathname.endsWith(".ts")) return;
    for (const found of sourceFile(url.pathname, Deno.readTextFileSync(url)).imports) {
      if (found.typeOnly || found.dynamic) continue;
      if (found.specifier.startsWith(".")) load(new URL(found.specifier, url));
      else packages.add(found.specifier);
    }
  };
  load(new URL(path, ROOT));
  return { modules, packages };
}

Deno.test("minichat --version loads next to nothing", () => {
  const { modules, packages } = loadedWith("main.ts");
  assertEquals([...packages], []);
  assert(modules.size <= 2, [...modules].join(" "));
});

Deno.test("minichat admin loads no package and few modules", () => {
  const { modules, packages } = loadedWith("cli/admin/command.ts");
  assertEquals([...packages], []);
  assert(modules.size > 1 && modules.size <= 20, `${modules.size}: ${[...modules].join(" ")}`);
});

Deno.test("A start does not look at the modules of other verbs", async () => {
  const { default: config } = await import("../../deno.json", { with: { type: "json" } });
  assert(config.unstable.includes("lazy-dynamic-imports"));
});
