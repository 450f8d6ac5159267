// Reads a unit file of systemd (systemd.syntax(7)).

/** The settings of a unit: values by `Section.Key`, in order. */
export function readUnit(text: string): Map<string, string[]> {
  const unit = new Map<string, string[]>();
  let section = "";
  for (const line of text.split("\n")) {
    const heading = /^\[(\w+)\]$/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    if (heading !== undefined || line === "" || /^[#;]/.test(line)) continue;
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) throw new Error(`No setting: ${line}`);
    const name = `${section}.${key}`;
    unit.set(name, [...unit.get(name) ?? [], value]);
  }
  return unit;
}
