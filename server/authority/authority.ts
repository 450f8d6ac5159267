// Claimed names and operators: names are claimed and proven with passphrases, wrong attempts are
// delayed, and a pending hash delays only the client that waits for it.

import type { CommandHelp } from "../../protocol/events.ts";
import { type Failure, failure, quoted } from "../../protocol/failures.ts";
import { MAX_NAME_CHARS, MAX_NAME_UNITS } from "../../protocol/limits.ts";
import { visible } from "../../protocol/sanitize.ts";
import { type Ref, withRef } from "../../protocol/requests.ts";
import type { AskingChat, ChatAuthority, Proof } from "../chat/authority_port.ts";
import type { Delivery, Member } from "../chat/member.ts";
import { blockedNames as claimedForms } from "../chat/names.ts";
import type { Clock } from "../../shared/clock.ts";
import type { LogEntry } from "../server_options.ts";
import { type Claim, claimKey } from "./claims.ts";
import type { PasswordPolicy } from "./password_gate.ts";
import type { ModerationStore } from "./moderation_store.ts";
import type { Orders } from "./orders_port.ts";
import type { Passphrases } from "./passphrases.ts";
import type { ServerPassword } from "./server_password.ts";
import { LoginThrottle, TOO_MANY_GUESSES } from "./login_throttle.ts";

/** What an authority needs of the server. */
export interface AuthorityOptions {
  readonly moderation: ModerationStore;
  readonly clock: Clock;
  readonly delivery: Delivery;
  /** The operator commands of the chat (default none). */
  readonly orders?: Orders | undefined;
  readonly passphrases: Passphrases;
  readonly log: (entry: LogEntry) => void;
  /** Shows an operator's command, made safe, to the server's event subscribers. */
  readonly publishOrder: (name: string, line: string) => void;
  /** Called with exceptions: bugs, which cost the connection they happen for. */
  readonly onFault: (fault: unknown) => void;
}

/** Length of a passphrase, in characters. */
const SHORTEST = 6;
const LONGEST = 256;

/** Most claimed names of one server: each costs memory, and no other person can use it. */
const MOST_CLAIMS = 10_000;

/** Wrong passphrases after which a connection is closed. */
const MOST_ATTEMPTS = 5;

const WRONG = failure("wrong_passphrase", (t) => t.wrongPassphrase);

/** The authority of a running server. */
export class Authority implements ChatAuthority {
  readonly #options: AuthorityOptions;
  readonly #throttle: LoginThrottle;
  /** When the last name was claimed: no two claims have the same time. */
  #lastSince = 0;

  constructor(options: AuthorityOptions) {
    this.#options = options;
    this.#throttle = new LoginThrottle(options);
  }

  /**
   * The policy of a server with that password; wrong passwords and wrong passphrases are counted
   * together.
   */
  passwordPolicy(password: ServerPassword): PasswordPolicy {
    const { clock, log, delivery } = this.#options;
    const { guesses } = this.#throttle;
    return { password, guesses, clock, log, delivery };
  }

  refuses(name: string, member: Pick<Member, "identity">): Failure | undefined {
    const { moderation } = this.#options;
    const ban = moderation.bans.find(name, moderation.now());
    if (ban) return failure("banned", (t) => t.nameBanned(quoted(name), ban.reason));
    return this.isClaimedFrom(name, member) ? claimed(name) : undefined;
  }

  refusesGroup(name: string): Failure | undefined {
    return this.#claimOn(name) === undefined ? undefined : claimed(name);
  }

  isClaimedFrom(name: string, member: Pick<Member, "identity">): boolean {
    const claim = this.#claimOn(name);
    return claim !== undefined && identityOf(claim) !== member.identity;
  }

  claim(chat: AskingChat, member: Member, passphrase: string, ref?: Ref): void {
    const { name } = member;
    const problem = this.#problemWith(member, passphrase);
    if (problem) return chat.refuse(member, problem, ref);
    const work = async () => {
      const secret = await this.#options.passphrases.hash(passphrase);
      return () => {
        if (member.name === name) this.#storeClaim(chat, member, secret, ref);
      };
    };
    this.#throttle.enqueue(member, { work, refuse: (busy) => chat.refuse(member, busy, ref) });
  }

  unclaim(chat: AskingChat, member: Member, ref?: Ref): void {
    const claim = this.#own(member);
    if (claim === undefined) {
      const problem = failure("not_claimed", (t) => t.nothingClaimed);
      return chat.refuse(member, problem, ref);
    }
    const problem = this.#options.moderation.removeClaim(claim.key);
    if (problem) return chat.refuse(member, problem, ref);
    this.#log({ what: "unclaimed" }, member, claim.name);
    this.#notify(chat, member, member.peer.texts.notices.unclaimed(claim.name), ref);
  }

  login(
    chat: AskingChat,
    member: Member,
    { name, passphrase, ref }: Proof,
    then: () => void,
  ): void {
    if (name.length > MAX_NAME_UNITS) {
      const problem = failure("bad_name", (t) => t.nameTooLong(MAX_NAME_CHARS));
      return chat.refuse(member, problem, ref);
    }
    const claim = this.#claimOn(name);
    if (claim !== undefined && identityOf(claim) === member.identity) {
      return this.#admit(chat, member, claim, then);
    }
    const key = claim?.key ?? claimKey(name);
    const work = async () => {
      const right = await this.#options.passphrases.matches(passphrase, claim?.secret);
      return () => {
        // The claim may have been removed or changed while its hash was compared.
        const isStill = claim !== undefined &&
          this.#options.moderation.claims.get(claim.key) === claim;
        if (right && isStill) this.#admit(chat, member, claim, then);
        else this.#refuseWrong(chat, member, { key, claim, ref });
      };
    };
    this.#throttle.enqueue(member, {
      work,
      refuse: (busy) => chat.refuse(member, busy, ref),
    });
  }

  isOperator(member: Member): boolean {
    return this.#own(member)?.isOperator === true;
  }

  order(chat: AskingChat, member: Member, line: string, ref?: Ref): boolean {
    const by = this.#own(member);
    if (by?.isOperator !== true) return false;
    const { orders, publishOrder } = this.#options;
    const shown = orders?.shown(line);
    if (shown !== undefined) publishOrder(by.name, visible(shown));
    const answer = orders?.carryOut(by.name, line);
    if (answer === undefined) return false;
    if (answer.ok) this.#notify(chat, member, answer.text, ref);
    else chat.refuse(member, failure("order_refused", () => answer.text), ref);
    return true;
  }

  get orders(): readonly CommandHelp[] {
    return this.#options.orders?.help ?? [];
  }

  /** Notifies the members that have proven that claim whether they are operators from now on. */
  notifyOwner(chat: AskingChat, { key, isOperator }: Pick<Claim, "key" | "isOperator">): void {
    for (const member of chat.members) {
      if (member.isDisconnected || this.#own(member)?.key !== key) continue;
      const { madeOperator, noOperator } = member.peer.texts.notices;
      this.#notify(chat, member, isOperator ? madeOperator : noOperator, undefined);
    }
  }

  /** Cancels waiting attempts; resolves when no hash is being computed any more. */
  stop(): Promise<void> {
    return this.#throttle.stop();
  }

  /**
   * The passphrase was right: every other member with that name is disconnected, including a lost
   * connection of the same person.
   */
  #admit(chat: AskingChat, member: Member, claim: Claim, then: () => void): void {
    const { moderation } = this.#options;
    this.#throttle.succeeded(member);
    const forms = claimedForms(claim.name);
    for (const other of [...chat.members]) {
      if (other === member || !claimedForms(other.name).some((form) => forms.includes(form))) {
        continue;
      }
      other.peer.close("replaced");
    }
    this.#identify(chat, member, claim);
    // If this cannot be stored, the claim only looks unused for longer.
    moderation.putClaim({ ...claim, used: moderation.now() });
    this.#log({ what: "logged_in" }, member, claim.name);
    then();
  }

  #refuseWrong(
    chat: AskingChat,
    member: Member,
    { key, claim, ref }: { key: string; claim: Claim | undefined; ref: Ref | undefined },
  ): void {
    const failures = this.#throttle.failed(member);
    // A name that is not claimed is not logged: it may be a misplaced passphrase.
    const { address, dialect } = member.peer;
    const details = { name: claim?.name ?? "", address, dialect };
    this.#options.log({ level: "warning", what: "wrong_passphrase", details });
    const isJudged = this.#throttle.guesses.judges(address, key);
    chat.refuse(member, isJudged ? WRONG : TOO_MANY_GUESSES, ref);
    if (!isJudged || failures >= MOST_ATTEMPTS) member.peer.close("wrong_passphrase");
  }

  #storeClaim(
    chat: AskingChat,
    member: Member,
    secret: Claim["secret"],
    ref: Ref | undefined,
  ): void {
    const { moderation } = this.#options;
    const now = moderation.now();
    const old = this.#claimOn(member.name);
    const claim: Claim = old === undefined
      ? {
        key: claimKey(member.name),
        name: member.name,
        secret,
        since: this.#lastSince = Math.max(now, this.#lastSince + 1),
        used: now,
        isOperator: false,
      }
      : { ...old, secret, used: now };
    // Checked again: a similar name may have been claimed while this passphrase was hashed.
    if (old !== undefined && identityOf(old) !== member.identity) {
      return chat.refuse(member, claimed(member.name), ref);
    }
    const problem = moderation.putClaim(claim);
    if (problem) return chat.refuse(member, problem, ref);
    this.#identify(chat, member, claim);
    this.#log({ what: "claimed" }, member, claim.name);
    const { claimed: newlyClaimed, passphraseChanged } = member.peer.texts.notices;
    const text = (old === undefined ? newlyClaimed : passphraseChanged)(claim.name);
    this.#notify(chat, member, text, ref);
  }

  #problemWith(member: Member, passphrase: string): Failure | undefined {
    // Counted in characters only if it can be short enough: 60 KB take a while.
    const isLong = passphrase.length > 2 * LONGEST || [...passphrase].length > LONGEST;
    if (isLong || [...passphrase].length < SHORTEST) {
      return failure("bad_passphrase", (t) => t.passphraseLength(SHORTEST, LONGEST));
    }
    if (claimKey(passphrase) === claimKey(member.name)) {
      return failure("bad_passphrase", (t) => t.passphraseIsName);
    }
    if (/^user\d+(_\d+)?$/i.test(member.name)) {
      return failure("bad_name", (t) => t.defaultNameClaimed(quoted(member.name)));
    }
    if (this.isClaimedFrom(member.name, member)) return claimed(member.name);
    const { claims } = this.#options.moderation;
    if (claims.size < MOST_CLAIMS || this.#own(member) !== undefined) return undefined;
    return failure("claim_limit", (t) => t.tooManyClaims);
  }

  #claimOn(name: string): Claim | undefined {
    const { moderation } = this.#options;
    return moderation.claims.find(name, moderation.now());
  }

  /** The claim that `member` has proven. */
  #own({ identity }: Member): Claim | undefined {
    if (identity === "") return undefined;
    const claim = this.#options.moderation.claims.get(identity.slice(identity.indexOf(" ") + 1));
    return claim !== undefined && identityOf(claim) === identity ? claim : undefined;
  }

  #identify(chat: AskingChat, member: Member, claim: Claim): void {
    member.identity = identityOf(claim);
    chat.grace.saveChanges(member);
  }

  #notify(chat: AskingChat, { peer }: Member, text: string, ref: Ref | undefined): void {
    chat.history.flush();
    chat.delivery.toOne(peer, { type: "notice", text, ...withRef(ref) });
  }

  #log(
    entry: { readonly what: "claimed" | "unclaimed" | "logged_in" },
    { peer }: Member,
    name: string,
  ): void {
    const { address, dialect } = peer;
    this.#options.log({ level: "info", ...entry, details: { name, address, dialect } });
  }
}

/**
 * Identifies one claim and no later one on the same name, not even one of the same millisecond:
 * proof of one is no proof of the other.
 */
function identityOf({ since, key }: Claim): string {
  return `${since} ${key}`;
}

function claimed(name: string): Failure {
  return failure("name_claimed", (t) => t.nameClaimed(quoted(name)));
}
