import type { JoinCodes } from '@parley/redis/session';
import type { Arrivals } from '../limits/arrivals.ts';
import type { JoinAttempts } from '../limits/join-attempts.ts';
import type { Refusals } from '../refusals/refusal-log.ts';
import { reportedDecision } from '../refusals/reported-decision.ts';
import type { AddressedRequest } from '../server/upgrade.ts';
import type { AccessDecision } from './decide-access.ts';
import { decideJoin, type JoinDecision, type JoinRequest } from './decide-join.ts';
import { decideCredential, resumableForMs } from './decide-token.ts';
import type { EdgeAccess } from './edge-access.ts';
import { presentedJoinCode } from './presented-key.ts';
import type { StoredKeys } from './stored-keys.ts';

export interface AccessChecksOptions {
  readonly access: Pick<EdgeAccess, 'policy'>;
  readonly storedKeys: Pick<StoredKeys, 'find' | 'used'>;
  readonly joinCodes: Pick<JoinCodes, 'find'>;
  readonly joinAttempts: JoinAttempts;
  /** Listeners wait here for their turn, and nobody else: a key never waits behind them. */
  readonly arrivals: Arrivals;
  readonly refusals: Refusals;
}

/** Decides who may do what, and reports refusals. Each check rejects with AccessUnknownError or any error of Redis. */
export class AccessChecks {
  readonly #options: AccessChecksOptions;

  constructor(options: AccessChecksOptions) {
    this.#options = options;
  }

  /** Checks who opens a socket: with a join code, a key, or a token, which may have expired if it is to resume a session. */
  readonly forSocket = (request: AddressedRequest): Promise<AccessDecision> => {
    const joinCode = presentedJoinCode(request.headers);
    return joinCode === undefined
      ? this.#byCredential(request, resumableForMs)
      : this.byJoinCode({ isReturning: false, ...request, joinCode });
  };

  /** Checks who sends an HTTP request that needs a key or a token. */
  readonly byKeyOrToken = (request: AddressedRequest): Promise<AccessDecision> => this.#byCredential(request, 0);

  readonly byJoinCode = async (request: JoinRequest): Promise<JoinDecision> => {
    const { joinCodes, joinAttempts, arrivals, refusals } = this.#options;
    const decision = await arrivals.letIn(() => decideJoin(request, { codes: joinCodes, attempts: joinAttempts }));
    return reportedDecision(decision, request.address, refusals);
  };

  async #byCredential(request: AddressedRequest, resumableMs: number): Promise<AccessDecision> {
    const { access, storedKeys, refusals } = this.#options;
    const context = { policy: access.policy, findStoredKey: storedKeys.find, nowMs: Date.now(), resumableMs };
    const decision = await decideCredential(request, context);
    if (decision.allowed && decision.keyId !== undefined) storedKeys.used(decision.keyId);
    return reportedDecision(decision, request.address, refusals);
  }
}
