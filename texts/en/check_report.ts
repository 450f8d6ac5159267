// English: the report of `minichat check`. The marks `ok`, `warn`, `FAIL` and `skip` are not
// translated.

import { requirementTitles } from "./requirement_titles.ts";

/** `1 check`, `17 checks`. */
function counted(checks: number): string {
  return checks === 1 ? "1 check" : `${checks} checks`;
}

export const checkReport = {
  /** What is checked. */
  server: (address: string) => `the server at ${address}`,
  servedCommand: (command: string) => `the server ${command}`,
  clientAt: (place: string) => `the client that connects to ${place}`,
  clientCommand: (command: string, place: string) => `the client ${command} at ${place}`,

  /** The first line of TAP, a comment. */
  subject: (subject: string, dialect: string) => `${subject} as ${dialect}`,
  /** The first line of the text report; the number of checks follows after a comma. */
  checking: (subject: string, dialect: string) => `Checking ${subject} as ${dialect}`,
  counted,

  /** After the title of a check that was skipped. */
  because: (reason: string) => `because ${reason}`,
  /** In the transcript, before the bytes of each side. */
  sent: "sent",
  got: "got",
  /** In the transcript: that side sends no more. */
  end: "(end)",
  /** In the transcript, in place of what does not fit. */
  linesBefore: (lines: number) => `(${lines} lines before; --json has all)`,
  similarLines: (lines: number) => `(${lines} lines like these)`,
  /** Labels after the transcript of a failed check. */
  expected: "expected",
  received: "received",
  fix: "to fix",
  /** In place of `fix`, if the hint is a guess. */
  likely: "probably",

  /** Parts of the summary; `ids` is a list with commas. */
  ok: (count: number) => `${count} ok`,
  failed: (count: number, ids: string) => `${count} failed (${ids})`,
  warned: (count: number, ids: string) => `${count} warned (${ids})`,
  skipped: (count: number) => `${count} skipped`,
  /** After the summary. */
  passed: "Passed: all that is required and was tried works",
  nothingTried: "Not passed: nothing that is required was tried",
  firstFailure: (id: string) => `Not passed: begin with ${id}, and try it alone with --only ${id}`,
  interrupted: (left: number) =>
    `Interrupted: ${counted(left)} ${left === 1 ? "was" : "were"} not made`,
  outOfTime: (left: number, time: string) =>
    `Out of time after ${time} (--max-time): ${counted(left)} ${
      left === 1 ? "was" : "were"
    } not made`,
  /** In TAP, after `Bail out!`. */
  interruptedBefore: (left: number) => `Interrupted before ${left} of the checks`,
  /** Where a score is about. */
  exercises: {
    numbered: (number: string) => `exercise ${number}`,
    /** Where the sheet has no number, by the word that the table has for its section. */
    introduction: "introduction",
    session: "section session",
    client: "section client",
    server: "section server",
    commands: "section commands",
    protocol: "section protocol",
  },
  /** How many requirements of an exercise are met. */
  score: (exercise: string, met: number, of: number) => `${exercise}: ${met} of ${of}`,
  /** Above the scores. */
  scores: (sheet: string) => `Requirements of sheet ${sheet} that are met:`,
  /** After a score, in parentheses; `ids` is a list of requirements with commas. */
  scoreFailed: (ids: string) => `failed ${ids}`,
  scoreWarned: (ids: string) => `warned ${ids}`,
  scoreNotTried: (ids: string) => `not tried ${ids}`,
  /** Above the list of requirements that were not tried. */
  notTried: "Not tried:",
  requirements: requirementTitles,
  /** What would make a requirement tried, after its title. */
  triedBy: {
    serve: "let check start the server: check --serve -- ./server {port}",
    listen: "check the client: check --listen 0 -- ./client {host} {port}",
    pty: "check the client on a terminal: check --listen 0 --pty -- ./client {host} {port}",
    connect: "check the server: check HOST PORT",
    bench: "put load on it: minichat bench HOST PORT",
    person: "look for yourself, no byte on the wire shows it",
  },
  leftOut: "leave out --only, and let the check end",
  skippedRequirement: (because: string) => `skipped because ${because}`,
  /** What stands in parentheses after each title. */
  legend:
    "R..: the course sheets ask for it; D..: minichat decided, as they do not (docs/requirements.md)",

  /** In the list of checks (`--list`). */
  levels: { required: "required", advised: "warn" },
};
