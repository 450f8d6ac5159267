// English: how a program under check ended.

export const programExits = {
  code: (code: number) => `it ended with exit code ${code}`,
  killed: (signal: string) => `it was killed by ${signal}`,
  crashed: (lastLine: string) => `it crashed: ${lastLine}`,
  running: "it still runs",
  spinning: "it runs in an endless loop",
  /** It was killed because it used more than a program under check may. */
  passed: {
    memoryBytes: "it used more than 800 MB of memory and was killed for it",
    processes: "it started more than 256 processes and was killed for it",
    outputBytes: "it printed more than 64 MB and was killed for it",
  },
};
