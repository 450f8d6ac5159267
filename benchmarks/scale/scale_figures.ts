// The targets of the scale benchmark, and how raw counts become figures. Pure.

/** Memory of one server with many idle clients. */
export interface IdleFigure {
  readonly wire: string;
  readonly clients: number;
  /** Resident memory, in KiB. */
  readonly emptyKib: number;
  readonly fullKib: number;
}

/** Many clients that joined at the same time; times in milliseconds from the first connect. */
export interface StormFigure {
  readonly clients: number;
  readonly connectedMs: number;
  readonly joinedMs: number;
  /** When the last byte arrived. */
  readonly quietMs: number;
  readonly bytes: number;
  readonly lines: number;
  /** Clients that received a person's greeting although they had sent hello immediately. */
  readonly greeted: number;
  /** Changes on the whole machine meanwhile. */
  readonly network: NetworkCounters;
}

/** The kernel's counters of connections that clients had to request again. */
export interface NetworkCounters {
  readonly synRetransmits: number;
  readonly listenOverflows: number;
}

/** One point of a curve. */
export interface CurvePoint {
  readonly server: "minichat" | "c";
  readonly readers: number;
  readonly bytes: number;
  readonly deliveriesPerSecond: number;
  /** Microseconds from sending a message to one reader receiving it. */
  readonly p99Us: number;
  readonly loadCpu: number;
  readonly serverCpu: number;
}

/** The clients of item 3, and how far the curves of item 4 reach. */
export const IDLE_CLIENTS = 10_000;
export const MOST_CLIENTS = 19_000;
export const STORMS: readonly number[] = [500, 1_000, 2_000];
export const CURVE_READERS: readonly number[] = [10, 30, 100, 300, 1_000, 3_000, 10_000];
export const CURVE_BYTES: readonly number[] = [16, 64, 256, 1_024, 4_096, 8_192];

/** The other properties along each curve. */
export const CURVE = { readers: 200, bytes: 64, senders: 10, window: 64 } as const;

/** Most resident memory of an idle client, in KiB. */
const IDLE_KIB = 4;

/** Longest time until a whole storm has joined, in milliseconds. */
const STORM_MS = 1_000;

/** A target, and whether it is met. */
export interface TargetCheck {
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
  readonly met: boolean;
}

/** Resident memory of one idle client, in KiB. */
function kibPerClient({ clients, emptyKib, fullKib }: IdleFigure): number {
  return (fullKib - emptyKib) / clients;
}

/** The targets for memory and numbers of clients. */
export function idleChecks(figures: readonly IdleFigure[]): TargetCheck[] {
  return figures.map((figure) => {
    const what = `${figure.clients} idle clients (${figure.wire})`;
    const each = kibPerClient(figure);
    const got = `${each.toFixed(1)} KiB each`;
    return figure.clients > IDLE_CLIENTS
      ? { what, wanted: "all accepted", got: `all accepted, ${got}`, met: true }
      : { what, wanted: `<= ${IDLE_KIB} KiB each`, got, met: each <= IDLE_KIB };
  });
}

/** The targets for clients that join at the same time; storms from the smallest to the largest. */
export function stormChecks(storms: readonly StormFigure[]): TargetCheck[] {
  const [smallest, largest] = [storms[0], storms.at(-1)];
  if (smallest === undefined || largest === undefined) return [];
  const { clients, joinedMs, greeted, network } = largest;
  // Lines per joiner: they do not grow if twice as many clients receive the joins in batches.
  const growth = (largest.lines / clients) / (smallest.lines / smallest.clients);
  const linear = clients / smallest.clients;
  return [
    {
      what: `${clients} join together`,
      wanted: `<= ${STORM_MS} ms`,
      got: `${joinedMs.toFixed(0)} ms`,
      met: joinedMs <= STORM_MS,
    },
    {
      what: `${clients} join together: SYNs sent again`,
      wanted: "0",
      got: `${network.synRetransmits}`,
      met: network.synRetransmits === 0,
    },
    {
      what: `${clients} join together: programs greeted as people`,
      wanted: "0",
      got: `${greeted}`,
      met: greeted === 0,
    },
    {
      what: `${linear} times the joiners: lines for each of them`,
      wanted: `< ${linear} times`,
      got: `${growth.toFixed(1)} times`,
      met: growth < linear * 0.9,
    },
  ];
}

/** Parses /proc/net/netstat: a line of names, then a line of values, for each group. */
export function parseNetstat(text: string): NetworkCounters {
  const lines = text.split("\n");
  const counters = new Map<string, number>();
  for (let index = 0; index + 1 < lines.length; index += 2) {
    const names = lines[index]?.split(" ") ?? [];
    const values = lines[index + 1]?.split(" ") ?? [];
    names.forEach((name, at) => counters.set(`${names[0]}${name}`, Number(values[at])));
  }
  return {
    synRetransmits: counters.get("TcpExt:TCPSynRetrans") ?? 0,
    listenOverflows: counters.get("TcpExt:ListenOverflows") ?? 0,
  };
}

/** The difference of two readings. */
export function countersBetween(before: NetworkCounters, after: NetworkCounters): NetworkCounters {
  return {
    synRetransmits: after.synRetransmits - before.synRetransmits,
    listenOverflows: after.listenOverflows - before.listenOverflows,
  };
}
