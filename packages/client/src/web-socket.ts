import { bearerSubprotocolPrefix, joinSubprotocolPrefix, subprotocol } from '@parley/protocol';
import { ConnectionRefusedError } from './errors.ts';
import type { OpenSocket } from './socket.ts';

/**
 * The part of the browser's `WebSocket` that is used; the class is a parameter, so this module doesn't depend on a
 * browser.
 */
export interface WebSocketLike {
  send(frame: string): void;
  close(closeCode?: number, reason?: string): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

/** The subprotocols to request, which carry the key and the join code: a browser can't set headers. */
export function requestedProtocols(apiKey: string | undefined, joinCode: string | undefined): string[] {
  return [
    subprotocol,
    ...(apiKey === undefined ? [] : [`${bearerSubprotocolPrefix}${apiKey}`]),
    ...(joinCode === undefined ? [] : [`${joinSubprotocolPrefix}${joinCode}`]),
  ];
}

/**
 * Opens sockets with a standard `WebSocket` class, such as a browser's. These can't set headers, so the API key and
 * the join code are sent as additional subprotocols; they don't expose the HTTP status of a refusal either.
 */
export function webSocketOpener(WebSocketClass: new (url: string, protocols: string[]) => WebSocketLike): OpenSocket {
  return ({ url, apiKey, joinCode, events, signal }) => {
    signal.throwIfAborted();
    const socket = new WebSocketClass(url, requestedProtocols(apiKey, joinCode));
    return new Promise((resolve, reject) => {
      let state: 'opening' | 'open' | 'abandoned' = 'opening';
      const abandon = (error: Error): void => {
        if (state !== 'opening') return;
        state = 'abandoned';
        signal.removeEventListener('abort', onAbort);
        reject(error);
      };
      const onAbort = (): void => {
        abandon(signal.reason as Error);
        socket.close();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      socket.addEventListener('open', () => {
        if (state !== 'opening') return;
        state = 'open';
        signal.removeEventListener('abort', onAbort);
        resolve({
          send: (frame) => socket.send(frame),
          close: (code, reason) => socket.close(code, reason),
          terminate: () => socket.close(),
        });
      });
      // `close` follows every error and has more details. Without a listener the class of `ws` throws the
      // error.
      socket.addEventListener('error', () => undefined);
      socket.addEventListener('message', ({ data }) => {
        if (state === 'open') events.onFrame(typeof data === 'string' ? data : '');
      });
      socket.addEventListener('close', ({ code, reason }) => {
        if (state === 'open') events.onClose(code, reason);
        else abandon(new ConnectionRefusedError(`can't connect to ${url}: closed with ${code}`, undefined));
      });
    });
  };
}
