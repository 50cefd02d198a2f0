import { createHash } from 'node:crypto';
import { normalizeText } from '../normalize-text.ts';
import { termsOf } from '../occurring-terms.ts';
import type { JobRequest } from './translation-service.ts';

/** Changed whenever the same request would get another key. */
const formatVersion = 2;

export interface TranslationKeyOptions {
  /** What translates requests of a kind, see `Engine.identity`. */
  readonly identity: (kind: JobRequest['kind']) => string;
  /** Whether tenants share translations. A hit tells one of them what another has said. */
  readonly shared: boolean;
}

/**
 * Gives requests their keys: the same for those that one translation can answer, and only for them. `undefined` for a
 * request that shares with nobody or needs no call.
 */
export type TranslationKey = (request: JobRequest) => string | undefined;

type Part = (request: JobRequest) => unknown;
const hasNoSay: Part = () => undefined;

/** What each part of a request says of its translation; a part that is added does not compile until it stands here. */
const parts: Readonly<Record<keyof JobRequest, Part>> = {
  text: ({ text }) => normalizeText(text),
  source: ({ source }) => source,
  target: ({ target }) => target,
  context: ({ context = '' }) => normalizeText(context),
  formality: ({ formality = 'default' }) => formality,
  glossary: (request) => termsOf(request).map((term) => [normalizeText(term.source), normalizeText(term.target)]),
  /** They are the glossary's. */
  terms: hasNoSay,
  history: ({ history = [] }) => history.map((final) => [final.text, final.translation]),
  /** A final takes over what was made for a partial; where other engines make it, their identity says so. */
  kind: hasNoSay,
  /** Stands in the key unless tenants share. */
  tenant: hasNoSay,
  /** It makes the answer faster, not another one. */
  previous: hasNoSay,
  session: hasNoSay,
  backlogPosition: hasNoSay,
  earlierAttempts: hasNoSay,
  isLastTry: hasNoSay,
  strict: hasNoSay,
  signal: hasNoSay,
  unwanted: hasNoSay,
  isHandedOver: hasNoSay,
};

/**
 * Keys are hashes of the whole of what determines a translation, so they hold no text, and the beginning of a text has
 * another key than the text.
 */
export function translationKeys({ identity, shared }: TranslationKeyOptions): TranslationKey {
  return (request) => {
    if (normalizeText(request.text) === '' || (request.tenant === undefined && !shared)) return undefined;
    const owner = shared ? [] : [request.tenant];
    const said = Object.values(parts).map((part) => part(request));
    const whole = JSON.stringify([formatVersion, owner, identity(request.kind), said]);
    return createHash('sha256').update(whole).digest('base64url');
  };
}
