// The first bytes of a Java ObjectOutputStream with a String, which no other language reads.
import net from "node:net";
const s = net.connect(process.argv[3], process.argv[2], () => {
  s.write(Buffer.from([0xac, 0xed, 0x00, 0x05, 0x74, 0x00, 0x04, 0x69, 0x67, 0x6f, 0x72]));
});
s.on("data", (octets) => process.stdout.write(octets));
s.on("error", () => {});
setTimeout(() => s.destroy(), 2000);
