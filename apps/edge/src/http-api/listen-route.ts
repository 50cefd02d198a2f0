import { listeningOfferSchema, listenPathSchema, type ListeningOfferReply } from '@parley/protocol/http-api';
import type { ListeningOffer } from '@parley/redis/session';
import { unjoinableTexts } from '../access/decide-join.ts';
import { transcriptTarget } from '../delivery/delivery.ts';
import { addressed, joined } from './caller.ts';
import type { HttpApi, HttpApiContext } from './http-api.ts';
import { errorReplies, HttpError } from './http-error.ts';

/** `GET /v1/listen/CODE`: what a listener may know before joining. */
export function addListenRoute(api: HttpApi, { join, offers, clientAddress }: HttpApiContext): void {
  api.get(
    '/listen/:joinCode',
    {
      schema: {
        operationId: 'getListeningOffer',
        summary: 'What a session offers to its listeners',
        security: [],
        params: listenPathSchema,
        response: { 200: listeningOfferSchema, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { joinCode } = request.params;
      const { address } = addressed(request, clientAddress);
      const decision = await join({ joinCode, address, isReturning: false });
      const offer = await offers.read(joined(decision).sessionId);
      if (offer === undefined) throw new HttpError('join-code-unknown', unjoinableTexts.unknown);
      return reply.header('cache-control', 'no-store').send(offerReply(offer));
    },
  );
}

/** Languages that other listeners have added can be chosen, too, and count towards the number of further ones. Pure. */
export function offerReply({ isPaused, settings, listenerTargets, room }: ListeningOffer): ListeningOfferReply {
  const { sourceLanguage, targetLanguages, listenerLanguages = [] } = settings;
  const isNumber = typeof listenerLanguages === 'number';
  const own = new Set([sourceLanguage, ...targetLanguages]);
  const added = listenerTargets.filter((target) => target !== transcriptTarget && !own.has(target));
  return {
    state: isPaused ? 'paused' : 'live',
    sourceLanguage,
    languages: [...new Set([...own, ...(isNumber ? added : listenerLanguages)])],
    furtherLanguages: isNumber ? Math.max(0, listenerLanguages - added.length) : 0,
    ...(room === undefined ? {} : { room }),
  };
}
