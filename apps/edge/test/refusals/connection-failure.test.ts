import { expect, it } from '@jest/globals';
import { connectionFailure } from '../../src/server/connection-failure.ts';

it.each([
  [{ code: 'WS_ERR_INVALID_UTF8' }, 'protocol-error'],
  [{ code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' }, 'frame-too-large'],
  [{ code: 'HPE_INVALID_METHOD' }, 'protocol-error'],
  [{ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, 'protocol-error'],
  [{ code: 'ECONNRESET', syscall: 'read' }, 'connection-lost'],
  [{ code: 'EPIPE', syscall: 'write' }, 'connection-lost'],
  [{ code: 'ERR_INVALID_ARG_TYPE' }, undefined],
  [{}, undefined],
])('counts %j as %s', (fields, reason) => {
  expect(connectionFailure(Object.assign(new Error('broken'), fields))).toBe(reason);
});

it('leaves other values to the log of errors', () => {
  expect(connectionFailure({ code: 'WS_ERR_INVALID_UTF8' })).toBeUndefined();
});
