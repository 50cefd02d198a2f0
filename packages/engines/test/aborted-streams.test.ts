import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { expect, it } from '@jest/globals';

it('a stream is given its time once, however many copies of the watch a process has', async () => {
  for (const copy of ['one', 'two']) {
    const module = (await import(`../src/pool/aborted-streams.ts?${copy}`)) as { watchAbortedStreams: () => void };
    module.watchAbortedStreams();
  }
  const closed: unknown[] = [];
  class Stream extends EventEmitter {
    close(code?: number): void {
      closed.push(code);
    }
    destroy(): this {
      return this;
    }
  }
  const stream = new Stream();
  channel('http2.client.stream.created').publish({ stream });
  stream.close(8);
  expect(closed).toEqual([8]);
  expect(stream.listenerCount('close')).toBe(1);
  stream.emit('close');
});
