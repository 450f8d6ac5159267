// Which dialect `minichat connect` speaks: the one asked for, or the one that the server turns out
// to speak; with the name given to the server where that belongs to finding out.

import type { OtherName } from "../../client/conversation_options.ts";
import type { DialResult } from "../../client/dial.ts";
import { withDialectHint } from "../../client/negotiation/dialect_hint.ts";
import { withoutHello } from "../../client/negotiation/joined_dialect.ts";
import {
  negotiate,
  type Negotiated,
  type NegotiationOptions,
} from "../../client/negotiation/negotiate.ts";
import type { Dialect } from "../../protocol/dialect.ts";
import { dialectNamed, OWN_DIALECT } from "../../protocol/dialects.ts";
import { type FrameLayout, headerName } from "../../protocol/frame_layouts.ts";
import type { Problem } from "../../protocol/problem.ts";
import { systemClock } from "../../shared/clock.ts";
import type { Texts } from "../../texts/texts.ts";
import { nameProblem } from "../../client/parse_input.ts";
import { AUTO_DIALECT } from "../dialect_options.ts";
import { asksForTls } from "./tls_options.ts";
import type { ConnectTarget } from "../server_address.ts";
import type { ConnectOptions } from "./options.ts";
import { isOwnServer } from "./own_server.ts";

/** How to speak with the server. */
export interface ServerDialect {
  readonly dialect: Dialect;
  /** The name to join with. */
  readonly name: string | undefined;
  /** Opens a connection; the first one may be open already. */
  readonly dial: () => Promise<DialResult>;
  /** What was found out, to be shown. */
  readonly findings: readonly string[];
}

/** What the choice depends on besides the flags. */
export interface ServerDialectSetup extends ConnectTarget {
  readonly dial: () => Promise<DialResult>;
  readonly otherName?: OtherName;
  readonly onTerminal: boolean;
  readonly texts: Texts;
  /** Asks a person for the name; undefined if the person leaves. */
  readonly askName: () => string | undefined;
}

/** The dialect that the flags name; undefined if it is to be found out. */
export function dialectOfFlags(
  { dialect = AUTO_DIALECT, header, passwordFile, passphraseFile, ...options }: ConnectOptions,
): Dialect | undefined {
  if (dialect !== AUTO_DIALECT) return dialectNamed(dialect);
  if (header !== undefined) return dialectNamed("framed");
  // Only a minichat server has passwords, and TLS.
  const isOwn = [passwordFile, passphraseFile].some((file) => file !== undefined) ||
    asksForTls(options) || /^tls:/.test(options.host);
  return isOwn ? OWN_DIALECT : undefined;
}

/** Chooses the dialect; connects for that only where the first bytes decide something. */
export async function serverDialect(
  options: ConnectOptions,
  setup: ServerDialectSetup,
): Promise<ServerDialect | Problem | "left"> {
  const { address, name, dial, texts } = setup;
  const asked = dialectOfFlags(options);
  if (name !== undefined && nameProblem(name, texts.client) !== undefined) {
    return given(asked ?? OWN_DIALECT, options, setup); // the chat refuses it
  }
  if (asked === undefined && await isOwnServer(address)) return given(OWN_DIALECT, options, setup);
  if (asked !== undefined && !needsNegotiation(asked, name, options)) {
    return given(asked, options, setup);
  }
  const settings: NegotiationOptions = {
    asked: asked === undefined ? undefined : asked.capabilities.headers ? "frames" : "text",
    layout: options.header,
    name,
    otherName: setup.otherName,
    failsIfTaken: !setup.onTerminal || options.nameTaken === "fail",
    greets: address.kind === "tcp",
    dial,
    clock: systemClock,
    texts: texts.client,
  };
  const negotiated = await negotiate(settings);
  if (!negotiated.ok) return negotiated;
  if (negotiated.dialect === undefined && setup.onTerminal) {
    negotiated.wire.close(); // a person takes longer than a server waits
    return await askedFor(settings, setup);
  }
  return chosen(negotiated, settings, setup);
}

/** Servers differ in how they take a name as a line of text, and in the headers of their frames. */
function needsNegotiation(
  { capabilities }: Dialect,
  name: string | undefined,
  { passwordFile }: ConnectOptions,
): boolean {
  if (name === undefined || passwordFile !== undefined) return false;
  return capabilities.namesByLine || capabilities.headers;
}

function given(
  dialect: Dialect,
  { header: layout }: ConnectOptions,
  { name, dial, texts }: ServerDialectSetup,
): ServerDialect {
  const spoken = inLanguage(dialect, texts, layout);
  const hint = { layout, texts: texts.client, isGuess: false };
  return { dialect: withDialectHint(spoken, hint), name, dial, findings: [] };
}

/** The server is silent and wants to be spoken to first: a person is asked for the name. */
async function askedFor(
  settings: NegotiationOptions,
  setup: ServerDialectSetup,
): Promise<ServerDialect | Problem | "left"> {
  const name = setup.askName();
  if (name === undefined) return "left";
  const negotiated = await negotiate({ ...settings, name });
  return negotiated.ok ? chosen(negotiated, { ...settings, name }, setup) : negotiated;
}

function chosen(
  negotiated: Negotiated,
  settings: NegotiationOptions,
  { dial, onTerminal, texts }: ServerDialectSetup,
): ServerDialect {
  const { layout, wire, hasJoined } = negotiated;
  const name = negotiated.name ?? settings.name;
  const spoken = dialectNamed(negotiated.dialect ?? "plain") ?? OWN_DIALECT;
  const { client } = texts;
  const findings: string[] = [];
  const flags = `--dialect ${spoken.name}${headerFlag(layout, settings)}`;
  const wasAsked = settings.asked !== undefined && headerFlag(layout, settings) === "";
  if (!wasAsked && spoken !== OWN_DIALECT) {
    findings.push(client.foundDialect(spoken.name, spoken.summary, flags));
  }
  if (negotiated.isNamedByServer && name !== undefined) findings.push(client.namedByServer(name));
  const isGuess = settings.asked === undefined;
  const hint = { layout: layout ?? settings.layout, texts: client, isGuess };
  const unhinted = inLanguage(spoken, texts, hint.layout);
  // What was found out by first bytes needs no hint; sheet 004's servers are known by their silence.
  const needsHint = !isGuess || !(spoken.canRefuseName || spoken.capabilities.headers);
  const dialect = needsHint ? withDialectHint(unhinted, hint) : unhinted;
  // A person who is asked for a name takes longer than a server waits.
  const isLate = onTerminal && name === undefined && !spoken.capabilities.typedCommands;
  if (isLate) wire.close();
  let isFirst = !isLate;
  return {
    dialect: hasJoined ? withoutHello(dialect) : dialect,
    name,
    dial() {
      if (!isFirst) return dial();
      isFirst = false;
      return Promise.resolve({ ok: true, wire });
    },
    findings,
  };
}

/** The flag for a header of another layout than the usual one. */
function headerFlag(
  layout: FrameLayout | undefined,
  { layout: asked }: NegotiationOptions,
): string {
  const isUsual = layout === undefined || headerName(layout) === "16";
  return isUsual || asked !== undefined ? "" : ` --header ${headerName(layout)}`;
}

function inLanguage(spoken: Dialect, texts: Texts, layout: FrameLayout | undefined): Dialect {
  // Only sheet 000's servers answer ok.
  const confirms = spoken.confirms && layout?.shape === undefined;
  const client = () => spoken.client({ texts, ...(layout === undefined ? {} : { layout }) });
  return { ...spoken, client, confirms };
}
