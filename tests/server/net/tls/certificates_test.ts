import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { Certificates, readCertificate } from "../../../../server/net/tls/certificates.ts";
import { makeTlsFiles } from "../../../tls_files.ts";

async function inDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await work(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("readCertificate() reports what is wrong with files", async () => {
  await inDirectory(async (directory) => {
    const { certFile: cert, keyFile: key, fingerprint } = await makeTlsFiles(directory, "a");
    const other = await makeTlsFiles(directory, "b");
    const good = await readCertificate({ cert, key });
    assert(!("error" in good), JSON.stringify(good));
    assertStrictEquals(good.fingerprint, fingerprint);
    const wrong = [
      [{ cert: `${directory}/none`, key }, /^Cannot read .*make them with minichat cert$/],
      [{ cert: key, key }, /^No certificate in /],
      [{ cert, key: cert }, /^No private key in /],
      [{ cert, key: other.keyFile }, /^The key .* is not that of /],
    ] as const;
    for (const [files, words] of wrong) {
      const read = await readCertificate(files);
      assert("error" in read);
      assertMatch(read.error, words);
    }
  });
});

Deno.test("Certificates.reload() keeps the old one where a file is broken (F70)", async () => {
  await inDirectory(async (directory) => {
    const first = await makeTlsFiles(directory);
    const files = { cert: first.certFile, key: first.keyFile };
    const read: string[] = [];
    const certificates = new Certificates((_files, { fingerprint }) => read.push(fingerprint));
    assertStrictEquals(await certificates.load(files), undefined);
    await Deno.writeTextFile(files.cert, "half a file");
    assertMatch((await certificates.reload())?.error ?? "", /^No certificate in /);
    assertStrictEquals(certificates.fingerprint(files), first.fingerprint);
    const second = await makeTlsFiles(directory);
    assertStrictEquals(await certificates.reload(), undefined);
    assertStrictEquals(certificates.fingerprint(files), second.fingerprint);
    assertEquals(read, [first.fingerprint, second.fingerprint]);
  });
});
