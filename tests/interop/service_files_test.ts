// What outside programs make of our files: systemd of the unit, logrotate of its rules, Prometheus'
// own reader of the metrics.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { admin, exitOf, makeWorld, startServer, type World } from "../harness.ts";

const CONTRIB = new URL("../../contrib/", import.meta.url);
const PLACE = ["--host", "127.0.0.1", "--port", "0"];

/** Points above which systemd no longer calls a service's exposure small, times ten. */
const MOST_EXPOSED = 20;

async function run(command: string, args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(command, { args, env }).output();
  const text = new TextDecoder();
  return { code, sent: text.decode(stdout) + text.decode(stderr) };
}

/** Writes the unit, with the path of an installed program. */
function installUnit(world: World): string {
  const unit = Deno.readTextFileSync(new URL("minichat.service", CONTRIB));
  const path = `${world.directory}/minichat.service`;
  Deno.writeTextFileSync(path, unit.replace("=/usr/local/bin/minichat ", "=/bin/true "));
  return path;
}

Deno.test("systemd-analyze verifies the unit and finds it little exposed", async () => {
  using world = makeWorld();
  const path = installUnit(world);
  assertEquals(await run("systemd-analyze", ["verify", "--man=no", path]), {
    code: 0,
    sent: "",
  });
  const rated = await run("systemd-analyze", [
    ...["security", "--offline=true", "--no-pager", `--threshold=${MOST_EXPOSED}`, path],
  ]);
  assertStrictEquals(rated.code, 0, rated.sent);
  // A setting unknown to systemd must fail.
  Deno.writeTextFileSync(path, Deno.readTextFileSync(path) + "\n[Service]\nNoSuchSetting=1\n");
  assertMatch((await run("systemd-analyze", ["verify", "--man=no", path])).sent, /NoSuchSetting/);
});

Deno.test("logrotate moves the log away and the server continues in a new one", async () => {
  using world = makeWorld();
  const log = `${world.directory}/minichat.log`;
  await using server = await startServer(world, [...PLACE, "--log-file", log]);
  const rules = Deno.readTextFileSync(new URL("minichat.logrotate", CONTRIB))
    .replace("/var/log/minichat/*.log", log)
    .replace("systemctl reload minichat", `kill -HUP ${server.pid}`);
  const path = `${world.directory}/rules`;
  Deno.writeTextFileSync(path, rules, { mode: 0o644 });
  assertStrictEquals((await admin(world, "ban", "bob")).code, 0); // the log is not empty any more
  const state = `${world.directory}/state`;
  const { code, sent } = await run("/usr/sbin/logrotate", ["--force", "--state", state, path]);
  assertStrictEquals(code, 0, sent);
  server.kill("SIGTERM");
  await exitOf(server);
  const whats = (file: string) =>
    Deno.readTextFileSync(file).trim().split("\n").map((line) => JSON.parse(line).what);
  const [before, after] = [whats(`${log}.1`), whats(log)];
  const all = ["listening", "order", "reloaded", "stopping", "stopped"];
  assertEquals([...before, ...after].sort(), all.sort());
  assertStrictEquals(before[0], "listening");
  assertStrictEquals(after.at(-1), "stopped");
});

Deno.test("Prometheus' own reader takes the figures", async () => {
  using world = makeWorld();
  await using server = await startServer(world, [...PLACE, "--metrics", "0"]);
  const url = /^Figures at (\S+)$/m.exec(server.banner.join("\n"))?.[1];
  assert(url);
  const text = await (await fetch(url)).text();
  const path = `${world.directory}/figures`;
  Deno.writeTextFileSync(path, text);
  const program = "import sys\n" +
    "from prometheus_client.parser import text_string_to_metric_families as read\n" +
    "for family in read(open(sys.argv[1]).read()):\n" +
    "    print(family.name, family.type, len(family.samples))\n";
  const { code, sent } = await run("/usr/bin/python3", ["-c", program, path]);
  assertStrictEquals(code, 0, sent);
  const families = sent.trim().split("\n");
  assert(families.includes("minichat_registered_clients gauge 1"), sent);
  assert(families.includes("minichat_accepted counter 1"), sent);
  assertStrictEquals(families.length, text.match(/^# TYPE /gm)?.length);
});
