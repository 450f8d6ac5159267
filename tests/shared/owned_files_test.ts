import { assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import {
  distrustOfFolder,
  openOwned,
  type OpenOwnedOptions,
  readOwnedText,
  UntrustedFileError,
} from "../../shared/owned_files.ts";

const WAYS: readonly OpenOwnedOptions[] = [{}, { append: true }, { read: true }];

function inFolder(check: (folder: string) => void): void {
  const folder = Deno.makeTempDirSync({ prefix: "minichat-owned-" });
  try {
    check(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("openOwned() makes a file for its owner alone and keeps what one has (A5)", () => {
  inFolder((folder) => {
    const path = `${folder}/file`;
    for (const append of [undefined, true] as const) {
      using file = openOwned(path, append && { append });
      file.writeSync(new TextEncoder().encode(append ? "more" : "text"));
    }
    assertStrictEquals(Deno.readTextFileSync(path), "textmore");
    assertStrictEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
    using log = openOwned(`${folder}/log`, { append: true, mode: 0o640 });
    assertStrictEquals((log.statSync().mode ?? 0) & 0o777, 0o640);
  });
});

Deno.test("openOwned() follows no link: its target keeps its text, or is not made (A5)", () => {
  inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/victim`, "precious");
    Deno.symlinkSync(`${folder}/victim`, `${folder}/link`);
    Deno.symlinkSync(`${folder}/absent`, `${folder}/dangling`);
    Deno.symlinkSync(folder, `${folder}/directory`);
    for (const name of ["link", "dangling", "directory"]) {
      for (const way of WAYS) {
        const open = () => openOwned(`${folder}/${name}`, way);
        assertMatch(assertThrows(open, UntrustedFileError).message, /symbolic link, remove it/);
      }
    }
    assertStrictEquals(Deno.readTextFileSync(`${folder}/victim`), "precious");
    assertThrows(() => Deno.lstatSync(`${folder}/absent`), Deno.errors.NotFound);
  });
});

Deno.test("openOwned() and readOwnedText() refuse a file that every user can write (A5)", () => {
  inFolder((folder) => {
    const path = `${folder}/file`;
    Deno.writeTextFileSync(path, "text");
    Deno.chmodSync(path, 0o646);
    for (const open of [() => openOwned(path), () => readOwnedText(path)]) {
      assertMatch(assertThrows(open, UntrustedFileError).message, /chmod o-w/);
    }
    Deno.chmodSync(path, 0o644);
    assertStrictEquals(readOwnedText(path), "text");
  });
});

Deno.test("readOwnedText() follows this user's links, as certbot makes them (A5)", () => {
  inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/key1.pem`, "key");
    Deno.symlinkSync("key1.pem", `${folder}/key.pem`);
    assertStrictEquals(readOwnedText(`${folder}/key.pem`), "key");
    if (Deno.uid() !== 0) return; // only root can give a link away
    Deno.writeTextFileSync(`${folder}/of-root`, "secret");
    Deno.symlinkSync("of-root", `${folder}/of-other`);
    const chown = new Deno.Command("chown", { args: ["-h", "12345", `${folder}/of-other`] });
    assertStrictEquals(chown.outputSync().code, 0);
    const read = () => readOwnedText(`${folder}/of-other`);
    assertMatch(assertThrows(read, UntrustedFileError).message, /another user's symbolic link/);
  });
});

Deno.test("readOwnedText() reads what the shell passes as a descriptor, whole files too", () => {
  assertStrictEquals(readOwnedText("/dev/null"), "");
  inFolder((folder) => {
    const text = "x".repeat(200_000);
    Deno.writeTextFileSync(`${folder}/long`, text);
    assertStrictEquals(readOwnedText(`${folder}/long`), text);
  });
});

Deno.test("distrustOfFolder() refuses a folder where others can replace files (A5)", () => {
  inFolder((folder) => {
    const path = `${folder}/file`;
    const modes: [number, RegExp | undefined][] = [
      [0o700, undefined],
      [0o755, undefined],
      [0o1777, undefined],
      [0o777, /chmod go-w/],
      [0o770, /chmod go-w/],
    ];
    for (const [mode, words] of modes) {
      Deno.chmodSync(folder, mode);
      const distrust = distrustOfFolder(path);
      if (words === undefined) assertEquals(distrust, undefined, mode.toString(8));
      else assertMatch(distrust ?? "", words, mode.toString(8));
    }
  });
  assertEquals(distrustOfFolder("/dev/stderr"), undefined);
});
