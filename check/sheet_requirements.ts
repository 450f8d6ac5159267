// The requirements R1 to R101 as a table: sheet, exercise, the programs each is for, and what tries
// it. Pure.

import type { DialectName } from "../protocol/dialect.ts";

/** The five course sheets. */
export type SheetNumber = "000" | "001" | "002" | "003" | "004";

/** The program under check. */
export type CheckSubject = "server" | "client";

/**
 * What tries a requirement that no check has tried. `serve`: a check that starts the server itself
 * (`check --serve`); `listen`: a check of the client (`check --listen`); `pty`: the same on a
 * terminal; `connect`: a check of a running server; `bench`: load; `person`: only a person sees it.
 */
export type TriedBy = "serve" | "listen" | "pty" | "connect" | "bench" | "person";

/** One requirement of a sheet. */
export interface SheetRequirement {
  /** `R42`. */
  readonly id: string;
  readonly sheet: SheetNumber;
  /** As the sheet numbers it: `4`, `2.1`; a word where it has no numbers: `server`. */
  readonly exercise: string;
  readonly of: readonly CheckSubject[];
  readonly triedBy: TriedBy;
}

const SERVER = ["server"] as const;
const CLIENT = ["client"] as const;
const BOTH = ["server", "client"] as const;

/** Numbers of requirements in a row that have everything else in common. */
type Row = readonly [
  first: number,
  last: number,
  exercise: string,
  of: readonly CheckSubject[],
  triedBy: TriedBy,
];

const ROWS: Readonly<Record<SheetNumber, readonly Row[]>> = {
  "000": [
    [1, 1, "introduction", BOTH, "person"],
    [2, 2, "introduction", SERVER, "connect"],
    [3, 3, "introduction", CLIENT, "listen"],
    [4, 4, "introduction", SERVER, "connect"],
    [5, 7, "1", SERVER, "serve"],
    [8, 8, "2", CLIENT, "listen"],
    [9, 10, "2", BOTH, "connect"],
    [11, 11, "2", CLIENT, "listen"],
    [12, 12, "3", CLIENT, "listen"],
    [13, 13, "4", BOTH, "connect"],
    [14, 14, "4", CLIENT, "listen"],
    [15, 17, "5", SERVER, "connect"],
    [18, 19, "6", SERVER, "serve"],
    [20, 20, "7", SERVER, "serve"],
    [21, 21, "7", SERVER, "connect"],
    [22, 22, "7", BOTH, "connect"],
  ],
  "001": [
    [23, 23, "1", SERVER, "connect"],
    [24, 25, "2", CLIENT, "listen"],
    [26, 27, "2", BOTH, "connect"],
    [28, 29, "2.1", BOTH, "connect"],
    [30, 32, "2.1", SERVER, "connect"],
    [33, 34, "2.1", BOTH, "connect"],
    [35, 36, "2.1", SERVER, "connect"],
    [37, 37, "2.1", BOTH, "person"],
    [38, 38, "2.1", SERVER, "serve"],
    [39, 39, "2.1", CLIENT, "listen"],
    [40, 40, "2.1", SERVER, "serve"],
    [41, 44, "2.2", SERVER, "serve"],
  ],
  "002": [
    [45, 47, "1", SERVER, "serve"],
    [48, 48, "1", SERVER, "connect"],
    [49, 49, "2", CLIENT, "listen"],
    [50, 51, "3", BOTH, "serve"],
    [52, 52, "3", BOTH, "person"],
    [53, 53, "4", BOTH, "serve"],
    [54, 54, "4", BOTH, "person"],
  ],
  "003": [
    [55, 56, "client", CLIENT, "listen"],
    [57, 57, "session", BOTH, "connect"],
    [58, 59, "session", SERVER, "connect"],
    [60, 60, "session", BOTH, "connect"],
    [61, 62, "client", CLIENT, "listen"],
    [63, 64, "session", BOTH, "connect"],
    [65, 65, "client", BOTH, "listen"],
    [66, 67, "client", CLIENT, "listen"],
    [68, 68, "client", CLIENT, "person"],
    [69, 69, "client", CLIENT, "listen"],
    [70, 73, "server", SERVER, "connect"],
    [74, 74, "commands", SERVER, "connect"],
    [75, 75, "commands", BOTH, "connect"],
    [76, 81, "commands", SERVER, "connect"],
    [82, 82, "commands", BOTH, "connect"],
    [83, 84, "server", SERVER, "connect"],
    [85, 85, "protocol", BOTH, "connect"],
    [86, 86, "server", SERVER, "serve"],
    [87, 87, "protocol", BOTH, "connect"],
  ],
  "004": [
    [88, 88, "server", SERVER, "connect"],
    [89, 91, "protocol", BOTH, "connect"],
    [92, 92, "client", CLIENT, "listen"],
    [93, 93, "client", BOTH, "connect"],
    [94, 94, "client", CLIENT, "pty"],
    [95, 98, "server", SERVER, "person"],
    [99, 99, "server", SERVER, "bench"],
    [100, 100, "server", SERVER, "bench"],
    [101, 101, "server", SERVER, "person"],
  ],
};

const SHEETS: Readonly<Partial<Record<DialectName, SheetNumber>>> = {
  framed: "000",
  plain: "001",
  etx: "003",
  usermsg: "004",
};

/** The sheet that defines a dialect; undefined for minichat's own. */
export function sheetOf(dialect: DialectName): SheetNumber | undefined {
  return SHEETS[dialect];
}

/** All requirements of a sheet, by number. */
export function requirementsOf(sheet: SheetNumber): readonly SheetRequirement[] {
  return ROWS[sheet].flatMap(([first, last, exercise, of, triedBy]) =>
    Array.from({ length: last - first + 1 }, (_, at): SheetRequirement => ({
      id: `R${first + at}`,
      sheet,
      exercise,
      of,
      triedBy,
    }))
  );
}
