import { tokenReplySchema, tokenRequestSchema } from '@parley/protocol/http-api';
import { parseApiKey } from '@parley/redis/api-key';
import { tokenSignerOf } from '../access/access-policy.ts';
import { presentedKey } from '../access/presented-key.ts';
import { storedSigner } from '../access/stored-signer.ts';
import { signToken } from '../access/token.ts';
import type { HttpApi, HttpApiContext } from './http-api.ts';
import { errorReplies, HttpError } from './http-error.ts';

/** `POST /v1/tokens`: makes a short-lived token, with which a browser needs no API key. */
export function addTokensRoute(api: HttpApi, { policy, authenticateByKey, now }: HttpApiContext): void {
  api.post(
    '/tokens',
    {
      schema: {
        operationId: 'createToken',
        summary: 'Make a short-lived token for a browser',
        body: tokenRequestSchema,
        response: { 201: tokenReplySchema, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { tenant, keyId } = await authenticateByKey(request);
      const presented = presentedKey(request.headers);
      const key = presented.kind === 'key' ? presented.key : undefined;
      const storedKey = keyId === undefined || key === undefined ? undefined : parseApiKey(key);
      const signer = storedKey === undefined ? tokenSignerOf(policy(), key) : storedSigner(tenant, storedKey);
      if (signer === undefined) throw new HttpError('unauthorized', 'the API key is unknown');
      const { expiresInSeconds, ...grant } = request.body;
      // Whole seconds, as in the token.
      const expiresAtMs = Math.ceil(now() / 1000 + expiresInSeconds) * 1000;
      const token = await signToken(signer, grant, expiresAtMs);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ token, expiresAt: new Date(expiresAtMs).toISOString() });
    },
  );
}
