import assert from "node:assert/strict";
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
    assert.ok(!("error" in good), JSON.stringify(good));
    assert.equal(good.fingerprint, fingerprint);
    const wrong = [
      [{ cert: `${directory}/none`, key }, /^Cannot read .*make them with minichat cert$/],
      [{ cert: key, key }, /^No certificate in /],
      [{ cert, key: cert }, /^No private key in /],
      [{ cert, key: other.keyFile }, /^The key .* is not that of /],
    ] as const;
    for (const [files, words] of wrong) {
      const read = await readCertificate(files);
      assert.ok("error" in read);
      assert.match(read.error, words);
    }
  });
});

Deno.test("Certificates.reload() keeps the old one where a file is broken (F70)", async () => {
  await inDirectory(async (directory) => {
    const first = await makeTlsFiles(directory);
    const files = { cert: first.certFile, key: first.keyFile };
    const read: string[] = [];
    const certificates = new Certificates((_files, { fingerprint }) => read.push(fingerprint));
    assert.equal(await certificates.load(files), undefined);
    await Deno.writeTextFile(files.cert, "half a file");
    assert.match((await certificates.reload())?.error ?? "", /^No certificate in /);
    assert.equal(certificates.fingerprint(files), first.fingerprint);
    const second = await makeTlsFiles(directory);
    assert.equal(await certificates.reload(), undefined);
    assert.equal(certificates.fingerprint(files), second.fingerprint);
    assert.deepEqual(read, [first.fingerprint, second.fingerprint]);
  });
});
