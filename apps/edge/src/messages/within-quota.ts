import type { OutstandingQuota, QuotaRefusal } from '@parley/redis/pending';
import type { SessionSettings } from '@parley/redis/session';
import { creditStepBytes, minCreditBytes } from '@parley/redis/tenant';
import type { EdgeDependencies } from '../core/dependencies.ts';
import { Refusal } from '../core/refusal.ts';

/** Whose quota it is. */
export interface QuotaHolder {
  readonly tenant: string;
  readonly sessionId: string;
  /** The options of the session, which count for the tenant as well; if they are not known, the next inspection counts them. */
  readonly settings?: SessionSettings;
}

type Dependencies = Pick<EdgeDependencies, 'credits' | 'limits'>;

/**
 * Sends something that becomes outstanding to Redis, again with a larger reservation if it exceeds that of its session. The
 * result is `full` or `credit` if the quota of the session or of its tenant is exceeded; nothing was accepted then.
 */
export async function requestWithinQuota<Result extends { readonly status: string }>(
  holder: QuotaHolder,
  { credits, limits }: Dependencies,
  request: (quota: OutstandingQuota) => Promise<Result | QuotaRefusal>,
): Promise<Result | QuotaRefusal> {
  const { session: maxBytes, tenant: maxTenantBytes } = limits.outstandingBytes;
  const result = await request({ maxBytes, creditBytes: minCreditBytes });
  if (!isQuotaRefusal(result) || result.status !== 'credit') return result;
  const creditBytes = Math.ceil(result.neededBytes / creditStepBytes) * creditStepBytes;
  const reservedBytes = creditBytes + settingsBytes(holder.settings);
  const reserved = await credits.reserve(holder.tenant, holder.sessionId, reservedBytes, maxTenantBytes);
  return reserved === 'full' ? result : request({ maxBytes, creditBytes });
}

/** Reserves what a new session has in any case; `full` if its tenant has no more. */
export function reserveForSession(
  { tenant, sessionId, settings }: QuotaHolder,
  { credits, limits }: Dependencies,
): Promise<'reserved' | 'full'> {
  const bytes = minCreditBytes + settingsBytes(settings);
  return credits.reserve(tenant, sessionId, bytes, limits.outstandingBytes.tenant);
}

/** Gives back what was reserved for a session that could not be started. If Redis doesn't answer, it is given back when its lease ends. */
export async function releaseUnstarted(
  { tenant, sessionId }: Pick<QuotaHolder, 'tenant' | 'sessionId'>,
  { credits }: Pick<Dependencies, 'credits'>,
): Promise<void> {
  await credits.report(tenant, sessionId, 0).catch(() => undefined);
}

export function isQuotaRefusal(result: { readonly status: string }): result is QuotaRefusal {
  return result.status === 'full' || result.status === 'credit';
}

/** The refusal of something that must be sent again in `waitMs` milliseconds. */
export function outstandingRefusal(waitMs: number): Refusal {
  const problem = `too much is waiting to be translated; send it again in ${waitMs} ms`;
  return new Refusal('too-much-outstanding', problem, undefined, undefined, waitMs);
}

function settingsBytes(settings: SessionSettings | undefined): number {
  return settings === undefined ? 0 : Buffer.byteLength(JSON.stringify(settings));
}
