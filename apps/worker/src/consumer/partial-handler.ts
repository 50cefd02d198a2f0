import { laneJobs, type LaneOutcome, type LaneProducer, type LaneWork } from '@parley/lanes';
import {
  type DegradedNotices,
  parseSessionSettings,
  spokenSchema,
  type PartialResult,
  type SlotName,
  type SlotStore,
  type Taken,
  type Ticket,
} from '@parley/state';
import type { WorkerMetrics } from '@parley/telemetry';
import {
  EngineCancelledError,
  EngineDownError,
  EngineError,
  type TranslationResult,
  type TranslationService,
} from '@parley/translation';
import { degradedReason } from './degraded-reason.ts';
import type { EngineLoadMeter } from './engine-load-meter.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { rateLimitWaitMs } from './rate-limit-wait.ts';
import type { PartialCall, PartialCalls } from './partial-calls.ts';
import { translationRequest } from './request.ts';
import { translationOutcome } from './translation-outcome.ts';

export interface PartialHandlerDependencies {
  readonly slots: SlotStore;
  readonly lanes: LaneProducer;
  readonly translations: TranslationService;
  readonly calls: PartialCalls;
  readonly meter: EngineLoadMeter;
  readonly notices: Pick<DegradedNotices, 'say'>;
  readonly metrics: WorkerMetrics;
  /** Names this consumer in its leases. */
  readonly thread: string;
}

/** A ticket doesn't wait longer for room: past five seconds it would be taken for lost. */
const longestDelayMs = 3000;

/** Translates the newest revision of a slot, and shows it unless a newer one was first. */
export function createPartialHandler(deps: PartialHandlerDependencies): (work: LaneWork) => Promise<LaneOutcome> {
  return async ({ data, signal }) => {
    const { sessionId, segmentId, target, number: ticket } = data;
    const slot = { sessionId, segmentId, target };
    using call = deps.calls.begin(slot);
    const taken = 'text' in data ? revisionOf(data) : await deps.slots.take(slot, ticket, deps.thread);
    await addDue(deps, slot, taken.due);
    if (taken.status === 'none') return 'done';
    call.isAbout(taken.digest);

    const queueMs = Math.max(0, Date.now() - taken.spoken.receivedAtMs);
    deps.metrics.jobWaited('partial', queueMs);
    let translated: TranslationResult;
    try {
      translated = await translate(deps, { slot, ticket, taken, call, signal });
    } catch (error) {
      const waitMs = error instanceof EngineDownError ? error.retryAfterMs : rateLimitWaitMs(error);
      const reason = degradedReason(error);
      if (reason === 'rate-limited') deps.meter.rateLimited();
      if (reason !== undefined) deps.notices.say(sessionId, reason);
      // A partial isn't worth a second call: a newer one is on its way, or its edge will put this one again. Where it
      // was not made for want of room, or of an engine, its slot comes again when there may be one, with what is newest then.
      const { due } = await deps.slots.release(slot, ticket, waitMs !== undefined);
      await addDue(deps, slot, due, waitMs === undefined ? undefined : Math.min(waitMs, longestDelayMs));
      if (!(error instanceof EngineError)) throw error;
      const unwanted = error instanceof EngineCancelledError && call.unwanted.aborted;
      deps.metrics.translationEnded('partial', unwanted ? 'cancelled' : 'dropped');
      return 'done';
    }
    const body: PartialResult = {
      ...taken.spoken,
      type: 'partial',
      segmentId,
      targetLanguage: target,
      text: translated.text,
      queueMs,
      engineMs: Math.round(translated.engineMs),
    };
    const { status, due } = await deps.slots.commit(slot, ticket, taken.revision, JSON.stringify(body));
    deps.metrics.translationEnded('partial', translationOutcome(translated));
    if (status !== 'published') deps.metrics.commitRefused(status);
    await addDue(deps, slot, due);
    return 'done';
  };
}

interface PartialUnderWay {
  readonly slot: SlotName;
  readonly ticket: string;
  readonly taken: Extract<Taken, { status: 'taken' }>;
  readonly call: PartialCall;
  readonly signal: AbortSignal;
}

async function translate(
  { slots, translations, meter, metrics }: PartialHandlerDependencies,
  { slot, ticket, taken, call, signal }: PartialUnderWay,
): Promise<TranslationResult> {
  const lease = new LeaseKeeper(slots, { slot, ticket, digest: taken.digest }, () => {
    if (call.cancel()) metrics.callsCancelled('renewal', 1);
  });
  try {
    const translated = await translations.translatePartial({
      ...translationRequest(taken, slot, 'partial', signal),
      unwanted: call.unwanted,
    });
    if (translationOutcome(translated) === 'translated') {
      metrics.engineCalled('partial', translated.engineMs);
      meter.called(translated.engineMs);
    }
    return translated;
  } finally {
    lease.stop();
  }
}

/** A further ticket goes to the back of the lane: serving it here and now would let one session hold this place. */
async function addDue(
  deps: PartialHandlerDependencies,
  slot: SlotName,
  due: Ticket | undefined,
  delayMs?: number,
): Promise<void> {
  if (due === undefined) return;
  const jobs = laneJobs(slot.sessionId, [{ ...slot, ...due }]);
  await deps.lanes.add('partial', delayMs === undefined ? jobs : jobs.map((job) => ({ ...job, delayMs })));
}

/** With a job for every revision there is nothing to take: the job carries it all. */
function revisionOf(data: Extract<LaneWork['data'], { text: string }>): Taken {
  return {
    status: 'taken',
    due: undefined,
    revision: data.revision,
    text: data.text,
    digest: '',
    spoken: spokenSchema.parse(JSON.parse(data.spoken)),
    settings: parseSessionSettings(data.settings),
    tenant: data.tenant,
    previous: undefined,
  };
}
