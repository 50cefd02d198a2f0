import { languagesReplySchema, type LanguagesReply } from '@parley/protocol/http-api';
import type { LanguageSupport } from '../core/language-support.ts';
import { describeLanguages } from './describe-languages.ts';
import { errorReplies } from './http-error.ts';
import type { HttpApi, HttpApiContext } from './http-api.ts';

/** `GET /v1/languages`: what the engine translates. */
export function addLanguagesRoute(api: HttpApi, { languages, authenticate }: HttpApiContext): void {
  const describe = memoizedByPairs();
  api.get(
    '/languages',
    {
      schema: {
        operationId: 'listLanguages',
        summary: 'The languages that the engine translates',
        response: { 200: languagesReplySchema, ...errorReplies },
      },
    },
    async (request) => {
      await authenticate(request);
      return describe(await languages.pairs());
    },
  );
}

type Pairs = Awaited<ReturnType<LanguageSupport['pairs']>>;

/** Repeats the last description while the pairs are the same, because names take time to look up. */
function memoizedByPairs(): (pairs: Pairs) => LanguagesReply {
  let last: { key: string; reply: LanguagesReply } | undefined;
  return (pairs) => {
    const key = JSON.stringify(pairs ?? null);
    if (last?.key !== key) last = { key, reply: describeLanguages(pairs) };
    return last.reply;
  };
}
