import type { ServerMessage } from '@parley/protocol';
import type { Page, WebSocketRoute } from 'playwright-core';

const timing = { queueMs: 0, engineMs: 1, totalMs: 1 };

/** A talk whose messages a test writes itself, for what a real edge cannot be made to send at a certain moment. */
export interface ScriptedTalk {
  /** Intercepts what a page asks of its server. To be called before the page is loaded. */
  readonly prepare: (page: Page) => Promise<void>;
  /** Sends messages over the newest connection. */
  send(...messages: readonly object[]): void;
  /** Closes the newest connection. */
  close(closeCode: number, reason: string): Promise<void>;
}

/** @param languages the first one is the source language */
export function scriptTalk(languages: readonly [string, ...string[]]): ScriptedTalk {
  let socket: WebSocketRoute | undefined;
  const send = (...messages: readonly object[]): void => {
    for (const message of messages) socket?.send(JSON.stringify(message));
  };
  return {
    prepare: async (page) => {
      const offer = { state: 'live', sourceLanguage: languages[0], languages, furtherLanguages: 0 };
      await page.route(/\/v1\/listen\/[^/]+$/, (route) => route.fulfill({ json: offer }));
      await page.routeWebSocket(/\/v1\/stream$/, (route) => {
        socket = route;
        route.onMessage((frame) => {
          const message = JSON.parse(String(frame)) as { type: string; targetLanguages: string[] };
          if (message.type === 'ping') send({ type: 'pong' });
          if (message.type === 'session.join') send(joined(languages[0], message.targetLanguages));
        });
      });
    },
    send,
    close: async (code, reason) => socket?.close({ code, reason }),
  };
}

function joined(sourceLanguage: string, targetLanguages: readonly string[]): ServerMessage {
  const common = { type: 'session.joined', sessionId: 's1', offset: 0, recovered: true } as const;
  return { ...common, sourceLanguage, targetLanguages: [...targetLanguages] };
}

interface Words {
  readonly concluded?: string;
  readonly tentative?: string;
  readonly speaker?: string;
}

export const partial = (segmentId: number, revision: number, words: Words, targetLanguage = 'es'): ServerMessage => {
  const { concluded = '', tentative = '', speaker } = words;
  const spoken = speaker === undefined ? {} : { speaker };
  return { type: 'translation.partial', segmentId, targetLanguage, revision, concluded, tentative, timing, ...spoken };
};

export const final = (
  segmentId: number,
  text: string,
  more: { readonly speaker?: string; readonly flags?: string[]; readonly offset?: number } = {},
  targetLanguage = 'es',
): ServerMessage => {
  const common = { type: 'translation.final', offset: segmentId, cached: false, timing } as const;
  return { ...common, segmentId, targetLanguage, text, ...more };
};

export const failed = (segmentId: number, targetLanguage = 'es'): ServerMessage => ({
  type: 'translation.failed',
  segmentId,
  targetLanguage,
  offset: segmentId,
  code: 'engine-timeout',
  message: 'https://10.0.0.7/v1 did not answer in 8000 ms',
});
