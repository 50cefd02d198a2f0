import { STATUS_CODES } from 'node:http';
import { streamPath, subprotocolHeader } from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import type { UpgradeDecision, UpgradeRefusal, UpgradeRequest } from './upgrade.ts';

const upgradeRequired = { status: 426, reason: 'open a WebSocket here', retryAfterSeconds: undefined } as const;

/** Pages of any origin may read the answer. It needs no cookie, and says nothing that a failed upgrade does not. */
const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': subprotocolHeader,
  'access-control-expose-headers': 'retry-after',
  'access-control-max-age': '600',
  'cache-control': 'no-store',
};

/**
 * Answers a plain GET of the WebSocket endpoint. With the subprotocols of an upgrade in a header, the answer is that of
 * the upgrade: its refusal or, if it would be accepted, 426.
 */
export function addUpgradeAnswer(
  app: FastifyInstance,
  decide: (request: UpgradeRequest) => Promise<UpgradeDecision>,
): void {
  app.options(streamPath, (_request, reply) => reply.code(204).headers(corsHeaders).send());
  app.get(streamPath, async ({ url, headers, socket }, reply) => {
    const protocols = headers[subprotocolHeader];
    const upgradeHeaders = { ...headers, 'sec-websocket-protocol': String(protocols) };
    const { remoteAddress = '' } = socket;
    const decision =
      protocols === undefined ? undefined : await decide({ url, headers: upgradeHeaders, remoteAddress });
    const refusal: UpgradeRefusal | undefined = decision?.accepted === false ? decision : undefined;
    const { status, reason, retryAfterSeconds } = refusal ?? upgradeRequired;
    reply.headers(corsHeaders);
    if (status === upgradeRequired.status) reply.header('upgrade', 'websocket');
    if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
    return reply.code(status).send({ statusCode: status, error: STATUS_CODES[status], message: reason });
  });
}
