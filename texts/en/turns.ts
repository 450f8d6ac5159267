// English: two-person mode (--turns), in which two people take turns, one line each.

export const turns = {
  // Prompts, and what stands in front of the other side's lines.
  yourTurn: "you> ",
  theirTurn: "(waiting for the other side) ",
  noPeer: "(waiting for the other side to connect) ",
  theirLine: "them> ",

  peerConnected: (address: string, youSpeakFirst: boolean) =>
    `${address} connected: ${youSpeakFirst ? "you speak" : "it speaks"} first`,
  /** `lines` typed wait for their turn. */
  held: (lines: number) =>
    lines === 1 ? "Held until your turn comes" : `Held until its turn comes: ${lines} lines wait`,
  heldWithoutPeer: "Held until the other side connects and your turn comes",
  /** `seconds` of silence since the start; `canType`: a line typed now is sent. */
  bothWaiting: (seconds: number, canType: boolean) =>
    `Nothing has come for ${seconds} s: perhaps both sides are waiting. ${
      canType
        ? "A line typed now takes the turn"
        : "Start one of them with the other --first, if so"
    }`,
  crossed: "Both sides are speaking: lines have crossed. It is still your turn",
  lastAnswer: "The other side has sent its last line: one answer may still reach it",
  yourSideEnded: "Your side has ended: waiting for the other side to leave",

  peerLeft: "The other side has left",
  peerLost: (detail: string) => `Lost the other side: ${detail}`,
  /** `reason` is a text of `closeReasons`: what the other side did. */
  peerClosed: (reason: string) => `Closed the connection: the other side ${reason}`,
  /** Why the connection to a program that speaks `protocol` ended. */
  foreignPeer: (protocol: string) => `it spoke ${protocol}, and nothing of it was shown`,
  stopped: "Stopped",

  turnedAway: (address: string) => `Turned away ${address}: two are talking already`,
  /** Sent to a third program that connects. */
  busy: "Two are talking here already: try again later",
  cannotAccept: (problem: string) => `Cannot accept a connection: ${problem}`,
};
