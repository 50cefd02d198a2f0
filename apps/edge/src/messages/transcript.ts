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
import { transcriptTarget } from '../delivery/delivery.ts';
import { requireOneSupported } from './require-supported.ts';

/** A transcript with the targets and metadata that follow from its session. */
export interface Transcript {
  readonly metadata: TranscriptMetadata;
  /** Targets that the engine translates, for the host and for listeners. */
  readonly translated: readonly LanguageTag[];
  /** Targets that are the segment's own language; they receive the transcript itself. */
  readonly copied: readonly LanguageTag[];
  /** The listeners' targets as last reported to this edge. */
  readonly listenerTargets: readonly string[];
  /** Targets that the engine can't translate to from the segment's language; their finals fail. */
  readonly unsupported: readonly LanguageTag[];
  /** Targets that only listeners requested, including copied and unsupported ones. */
  readonly listenersOnly: readonly LanguageTag[];
  /** Whether listeners requested the transcript as it is spoken. */
  readonly isTranscriptWanted: boolean;
}

/** @throws Refusal if the text's language is undetermined and the engine can't detect it */
export async function readTranscript(
  message: TranscriptPartial | TranscriptFinal,
  session: OwnedSession,
  { deps, receivedAtMs }: MessageContext,
): Promise<Transcript> {
  const language = message.language ?? session.settings.sourceLanguage;
  const { targetLanguages, sourceLanguage } = session.settings;
  const { listenerTargets } = session.served;
  // Listeners of the source language receive its segments as transcripts, so no copy is made for them.
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
 * Sends a transcript to Redis, and again if the listeners' targets known to this edge were outdated.
 *
 * @returns the result with the transcript that it applies to
 * @throws Refusal like `readTranscript`, and any error of `request`
 */
export async function requestWithListenerTargets<Result extends { readonly status: string }>(
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
