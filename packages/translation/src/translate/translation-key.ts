import { hash } from 'node:crypto';
import type { GlossaryEntry } from '../engine/engine.ts';
import { normalizeText } from '../normalize-text.ts';
import { previousTurn } from '../engine/previous-turn.ts';
import { termsOf } from '../occurring-terms.ts';
import type { JobRequest } from './translation-service.ts';

/** Incremented whenever the key of the same request changes. */
const formatVersion = 3;

export interface TranslationKeyOptions {
  /** See `Engine.identity`. */
  readonly identity: (kind: JobRequest['kind']) => string;
  /** Whether tenants share translations; a hit reveals to one tenant what another has said. */
  readonly shared: boolean;
}

/** Returns equal keys for requests that can share a translation; `undefined` for a request that cannot share or needs no call. */
export type TranslationKey = (request: JobRequest) => string | undefined;

type Part = (request: JobRequest) => unknown;
const hasNoSay: Part = () => undefined;

/** What each field contributes to the key. Typed so that a new field does not compile until it is listed. */
const parts: Readonly<Record<keyof JobRequest, Part>> = {
  text: ({ text }) => normalizeText(text),
  source: ({ source }) => source,
  target: ({ target }) => target,
  context: ({ context = '' }) => normalizeText(context),
  formality: ({ formality = 'default' }) => formality,
  glossary: (request) => digestOf(termsOf(request)),
  /** Included in `glossary`. */
  terms: hasNoSay,
  history: ({ history = [] }) => history.map((final) => [final.text, final.translation]),
  /** Finals reuse translations of partials; if other engines translate finals, the identity differs. */
  kind: hasNoSay,
  /** Added separately unless tenants share translations. */
  tenant: hasNoSay,
  /** Included only if it is a turn of the request: a final has none, and shares nothing with a partial that has one. */
  previous: (request) => {
    const turn = previousTurn(request);
    return turn && [turn.text, turn.translation];
  },
  session: hasNoSay,
  backlogPosition: hasNoSay,
  earlierAttempts: hasNoSay,
  isLastTry: hasNoSay,
  strict: hasNoSay,
  isStreamed: hasNoSay,
  signal: hasNoSay,
  unwanted: hasNoSay,
  isHandedOver: hasNoSay,
};

const digests = new WeakMap<readonly GlossaryEntry[], string>();

/** Remembered, since the same terms are found in a text for each of its targets, and may be longer than the text. */
function digestOf(terms: readonly GlossaryEntry[]): string {
  if (terms.length === 0) return '';
  const known = digests.get(terms);
  if (known !== undefined) return known;
  const pairs = terms.map(({ source, target }) => [normalizeText(source), normalizeText(target)]);
  const digest = hash('sha256', JSON.stringify(pairs), 'base64url');
  digests.set(terms, digest);
  return digest;
}

/** The beginning of the keys of a tenant's translations, by which they can be found to be erased. */
export function translationKeyPrefix(tenant: string): string {
  return `${hash('sha256', tenant, 'base64url').slice(0, 16)}.`;
}

/** Creates the key function. Keys are hashes, so they contain no text, and a prefix of a text has an unrelated key. */
export function translationKeys({ identity, shared }: TranslationKeyOptions): TranslationKey {
  const prefixOf = memoizedPrefix();
  return (request) => {
    if (normalizeText(request.text) === '' || (request.tenant === undefined && !shared)) return undefined;
    const owner = shared ? [] : [request.tenant];
    const said = Object.values(parts).map((part) => part(request));
    const whole = JSON.stringify([formatVersion, owner, identity(request.kind), said]);
    const prefix = shared || request.tenant === undefined ? '' : prefixOf(request.tenant);
    return prefix + hash('sha256', whole, 'base64url');
  };
}

/** How many tenants' prefixes are remembered; every request needs one. */
const maxPrefixes = 1000;

function memoizedPrefix(): (tenant: string) => string {
  const prefixes = new Map<string, string>();
  return (tenant) => {
    const known = prefixes.get(tenant);
    if (known !== undefined) return known;
    if (prefixes.size >= maxPrefixes) prefixes.clear();
    const prefix = translationKeyPrefix(tenant);
    prefixes.set(tenant, prefix);
    return prefix;
  };
}
