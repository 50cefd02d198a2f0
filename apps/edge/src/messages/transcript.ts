import {
  isOwnLanguage,
  undeterminedLanguage,
  type LanguageTag,
  type TranscriptFinal,
  type TranscriptPartial,
} from '@parley/protocol';
import type { TranscriptMetadata } from '@parley/redis/segment';
import { isListenersChanged, type ListenersChanged } from '@parley/redis/session';
import type { MessageContext } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal } from '../core/refusal.ts';
import { transcriptTarget } from '../delivery/delivery.ts';
import { requireOneSupported } from './require-supported.ts';

/** A transcript with what follows from its session: the languages it goes to, and what accompanies it. */
export interface Transcript {
  readonly metadata: TranscriptMetadata;
  /** Targets that the engine translates, for the host and for listeners. */
  readonly translated: readonly LanguageTag[];
  /** Targets that are the segment's own language: they get the transcript itself. */
  readonly copied: readonly LanguageTag[];
  /** What listeners want, as this edge has heard it. */
  readonly listenerTargets: readonly string[];
  /** Targets that the engine is known not to translate to from the segment's language: their finals fail. */
  readonly unsupported: readonly LanguageTag[];
  /** Targets of all kinds that only listeners want. */
  readonly listenersOnly: readonly LanguageTag[];
  /** Whether listeners want the transcript as it is spoken. */
  readonly isTranscriptWanted: boolean;
}

/** @throws Refusal where the text is too long, or its language is to be detected and the engine can't */
export async function readTranscript(
  message: TranscriptPartial | TranscriptFinal,
  session: OwnedSession,
  { deps, receivedAtMs }: MessageContext,
): Promise<Transcript> {
  if (message.text.length > deps.limits.maxTextChars) {
    const allowed = `${deps.limits.maxTextChars} characters are allowed`;
    throw new Refusal('text-too-long', `the text has ${message.text.length} characters; ${allowed}`, 'text');
  }
  const language = message.language ?? session.settings.sourceLanguage;
  const { targetLanguages, sourceLanguage } = session.settings;
  const { listenerTargets } = session.served;
  // Listeners of the source language get its segments as transcripts, so no copy is made for them.
  const listenersOnly = listenerTargets.filter(
    (target) =>
      target !== transcriptTarget &&
      !targetLanguages.includes(target) &&
      !(isOwnLanguage(language, target) && isOwnLanguage(sourceLanguage, target)),
  );
  const targets = [...targetLanguages, ...listenersOnly];
  const params = { source: 'language', targets: 'language' };
  const unsupported =
    message.language === undeterminedLanguage
      ? await requireOneSupported(deps.languages, language, targets, params)
      : await deps.languages.unsupported(language, targets);
  const copied = targets.filter((target) => isOwnLanguage(language, target));
  const { startMs, endMs, speaker } = message;
  return {
    metadata: {
      v: 1,
      language,
      receivedAtMs,
      ...(startMs === undefined ? {} : { startMs }),
      ...(endMs === undefined ? {} : { endMs }),
      ...(speaker === undefined ? {} : { speaker }),
    },
    translated: targets.filter((target) => !copied.includes(target) && !unsupported.includes(target)),
    copied,
    unsupported,
    listenerTargets,
    listenersOnly,
    isTranscriptWanted: listenerTargets.includes(transcriptTarget),
  };
}

/**
 * Asks Redis to take a transcript, and again for what listeners want where this edge had not heard of it. Gives the
 * transcript with the result.
 *
 * @throws Refusal as `readTranscript`, and whatever `request` throws
 */
export async function askForListeners<Result extends { readonly status: string }>(
  transcript: Transcript,
  message: TranscriptPartial | TranscriptFinal,
  session: OwnedSession,
  context: MessageContext,
  request: (transcript: Transcript) => Promise<Result | ListenersChanged>,
): Promise<{ result: Result; transcript: Transcript }> {
  for (let current = transcript; ; current = await readTranscript(message, session, context)) {
    const result = await request(current);
    if (!isListenersChanged(result)) return { result, transcript: current };
    session.served.listenerTargets = result.listenerTargets;
  }
}
