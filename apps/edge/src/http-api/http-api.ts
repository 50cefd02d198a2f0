import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientAddress } from '@parley/config';
import type { SessionSchedule } from '@parley/redis/schedule';
import type { JoinCodes, ListeningOffers, SessionDirectory, SessionErasure } from '@parley/redis/session';
import type { TranscriptStore } from '@parley/redis/transcript';
import type { Logger } from '@parley/telemetry';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AccessPolicy } from '../access/access-policy.ts';
import type { JoinDecision, JoinRequest } from '../access/decide-join.ts';
import type { LanguageSupport } from '../core/language-support.ts';
import type { EventStreams } from '../event-stream/event-streams.ts';
import type { JoinAttempts } from '../limits/join-attempts.ts';
import type { TenantLeases } from '../limits/tenant-leases.ts';
import type { Refusals } from '../refusals/refusal-log.ts';
import type { HttpConnections } from '../server/http-connections.ts';
import type { AccessCheck } from '../server/upgrade.ts';
import type { Caller } from './caller.ts';

export type HttpApi = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface HttpApiOptions {
  /** Decides who may send requests that need a key or a token. */
  readonly access: AccessCheck;
  /** @throws AccessUnknownError */
  readonly policy: () => AccessPolicy;
  readonly clientAddress: ClientAddress;
  readonly languages: Pick<LanguageSupport, 'pairs'>;
  /** Checks a join code from an address, and counts wrong ones. */
  readonly join: (request: JoinRequest) => Promise<JoinDecision>;
  readonly joinCodes: Pick<JoinCodes, 'find'>;
  readonly offers: ListeningOffers;
  readonly streams: EventStreams;
  readonly connections: Pick<HttpConnections, 'accept' | 'release'>;
  readonly directory: SessionDirectory;
  readonly erasure: SessionErasure;
  readonly tenants: Pick<TenantLeases, 'sessions'>;
  readonly schedule: Pick<SessionSchedule, 'schedule'>;
  readonly transcripts: TranscriptStore;
  readonly joinAttempts: JoinAttempts;
  readonly refusals: Refusals;
  readonly isRedisReady: () => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** What the routes share. */
export interface HttpApiContext extends HttpApiOptions {
  /** @throws HttpError if the request has no valid key or token */
  readonly authenticate: (request: FastifyRequest) => Promise<Caller>;
  /** @throws HttpError if the request has no valid key; a token does not suffice */
  readonly authenticateByKey: (request: FastifyRequest) => Promise<Caller>;
}
