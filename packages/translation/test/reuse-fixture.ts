import { setImmediate as turn } from 'node:timers/promises';
import {
  EngineCancelledError,
  translationKeys,
  type CacheTtlClass,
  type Clock,
  type FinalOptions,
  type Joined,
  type JobRequest,
  type RememberedTranslation,
  type ReuseOptions,
  type SavedBy,
  type SharedTranslations,
  type TranslationResult,
} from '../src/index.ts';
import { reuseTranslations } from '../src/translate/reuse-translations.ts';
import type { Translate } from '../src/translate/translation-service.ts';

export const request: JobRequest = {
  text: 'Good morning.',
  source: 'en',
  target: 'es',
  kind: 'final',
  tenant: 'tenant',
  signal: new AbortController().signal,
};
export const partial: JobRequest = { ...request, kind: 'partial' };
export const translated: TranslationResult = {
  text: 'Buenos días.',
  engineMs: 10,
  attempts: 1,
  cached: false,
  joined: false,
};

interface Call {
  readonly request: JobRequest;
  readonly answer: (result: TranslationResult) => void;
  readonly fail: (error: Error) => void;
}

/** Calls that the test answers; one that is aborted ends as one of an engine does. */
function answeredByTest(): { call: Translate; calls: Call[] } {
  const calls: Call[] = [];
  const call = (given: JobRequest): Promise<TranslationResult> => {
    const { promise, resolve, reject } = Promise.withResolvers<TranslationResult>();
    calls.push({ request: given, answer: resolve, fail: reject });
    for (const signal of [given.signal, given.unwanted]) {
      signal?.addEventListener('abort', () => reject(new EngineCancelledError('cancelled')));
    }
    return promise;
  };
  return { call, calls };
}

/** What all workers share, in the memory of this process; members live for ever. */
export function sharedInMemory({ cached = false } = {}) {
  const leaders = new Map<string, string>();
  const followers = new Set<string>();
  const completed = new Map<string, { text: string; ttlClass: CacheTtlClass }>();
  /** The commands, as Redis would get them. */
  const commands: string[] = [];
  const shared: SharedTranslations = {
    renewEveryMs: 500,
    join: (key, { member, kind, mayFollow, mayLead = true }): Promise<Joined> => {
      commands.push(!mayLead ? 'wait' : mayFollow ? `join ${kind}` : 'lead');
      const known = completed.get(key);
      if (known !== undefined && mayFollow && cached) {
        if (kind === 'final' && known.ttlClass === 'partial') known.ttlClass = 'final';
        return Promise.resolve({ status: 'cached', ...known });
      }
      if (known !== undefined && !cached) {
        return Promise.resolve(mayFollow ? { status: 'completed', text: known.text } : { status: 'unshared' });
      }
      if (!mayLead && !leaders.has(key)) return Promise.resolve({ status: 'none' });
      const leader = leaders.get(key) ?? member;
      leaders.set(key, leader);
      if (leader !== member && mayFollow) followers.add(member);
      else followers.delete(member);
      return Promise.resolve({ status: leader === member ? 'lead' : mayFollow ? 'follow' : 'unshared' });
    },
    complete: (key, ttlClass, text) => {
      commands.push(`complete ${ttlClass}`);
      completed.set(key, { text, ttlClass });
      leaders.delete(key);
      return Promise.resolve();
    },
    release: (key, member, how) => {
      commands.push('release');
      followers.delete(member);
      if (leaders.get(key) !== member) return Promise.resolve('released');
      if (how === 'unless-followed' && followers.size > 0) return Promise.resolve('followed');
      leaders.delete(key);
      return Promise.resolve('released');
    },
  };
  return { shared, followers, completed, commands };
}

type Changed = Partial<Omit<ReuseOptions, 'sharing' | 'memory'>>;

let members = 0;

/**
 * The step over calls that the test answers, as one thread has it; time stands until `tick` lets every wait end. It has
 * neither a memory nor shared translations unless it is given them.
 */
export function thread(
  shared?: SharedTranslations,
  { memory, ...changed }: Changed & { memory?: Map<string, RememberedTranslation> } = {},
) {
  const { call, calls } = answeredByTest();
  const waits = new Set<() => void>();
  const saved: SavedBy[] = [];
  const clock: Clock = {
    now: () => 0,
    delay: (_delayMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) reject(new Error('stopped'));
        waits.add(resolve);
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
      }),
  };
  const { translate, share } = reuseTranslations(call, {
    keyOf: translationKeys({ identity: () => 'engine model', shared: false }),
    cache: memory !== undefined,
    memory,
    singleflight: true,
    sharing: shared && { shared, clock, random: () => 0, newMember: () => `member ${members++}` },
    clock,
    onSaved: (_request, by) => saved.push(by),
    ...changed,
  });
  const tick = async (): Promise<void> => {
    await turn();
    const ended = [...waits];
    waits.clear();
    for (const end of ended) end();
    await turn();
  };
  return {
    calls,
    saved,
    tick,
    share,
    translatePartial: (given: JobRequest) => translate(given),
    translateFinal: (given: JobRequest, final?: FinalOptions) => translate(given, final),
  };
}
