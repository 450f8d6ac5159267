// A whole session in each dialect, for tests that cut or change its bytes.

import { LAYOUTS } from "../../protocol/frame_layouts.ts";
import { framePadded, layoutName } from "../protocol/padded_frames.ts";

/**
 * By dialect, `framed` once per layout: every command; the last one ends the session if the dialect
 * has a command for that.
 */
export const SCRIPTS: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
  native: [
    { type: "hello", name: "zoé", version: 1, ref: "é" },
    { type: "say", text: "déjà vu 🐟" },
    { type: "say", text: "to me", to: "@zoé", ref: 2 },
    { type: "say", text: "waves", action: true },
    { type: "rename", name: "zoë" },
    { type: "join", group: "cooks" },
    { type: "say", text: "soup", to: "#cooks" },
    { type: "who", ref: 3 },
    { type: "groups" },
    { type: "history", since: 1, limit: 5 },
    { type: "leave", group: "cooks" },
    { type: "help" },
    { type: "ping", ref: 4 },
    { type: "nonsense" },
    { type: "bye" },
  ].map((request) => JSON.stringify(request) + "\n"),
  plain: [
    "zoé\r\n",
    "déjà vu 🐟\r\n",
    "@all to all\n",
    "@zoé to me\r\r\n",
    "/reply again\n",
    "/me waves\n",
    "/name zoë\r\n",
    "/join cooks\n",
    "@cooks soup\n",
    "/list\n",
    "/groups\n",
    "/history 3\n",
    "/leave cooks\n",
    "//not a command\n",
    "/help\n",
    "/nonsense\n",
    "/quit\n",
  ],
  usermsg: ["USER zoé\r\n", "MSG déjà vu 🐟\n", "USER zoë\n", "NONSENSE\r\n", "MSG bye\n"],
  etx: [
    "hello zoé\r\n",
    "b déjà vu 🐟\n",
    "\n",
    "s zoé to me\n",
    "n zoë\n",
    "w\n",
    "j cooks\n",
    "s cooks soup\n",
    "l\nl g\n",
    "p cooks\n",
    "nonsense\nx\n",
    "h\n",
    "q\n",
  ],
  ...Object.fromEntries(LAYOUTS.map((layout) => [`framed ${layoutName(layout)}`, [
    framePadded(layout, { nature: 0, text: "zoé", padding: 0x7ffe1234 }),
    framePadded(layout, { nature: 1, text: "déjà vu 🐟", padding: 1 }),
    framePadded(layout, { nature: 0, text: "zoë", padding: 0 }),
    framePadded(layout, { nature: 1, text: "\n", padding: 0 }),
    framePadded(layout, { nature: 1, text: "end\n\0", padding: 0 }),
  ]])),
};
