import { describe, expect, it } from '@jest/globals';
import { EngineProfileStore } from '@parley/redis/engine-profile';
import type { LanguagesReply } from '@parley/protocol/http-api';
import { describeLanguages } from '../../src/http-api/describe-languages.ts';
import { call, edgesForFile } from './edges-for-file.ts';

const key = 'a-key-of-this-test-alone';
const { urls, redis } = await edgesForFile({ API_KEYS: `clinic:${key}` });

describe('GET /v1/languages', () => {
  it("lists the engine's own languages", async () => {
    await new EngineProfileStore(redis).publish({
      v: 1,
      engine: 'test',
      languagePairs: [
        ['en', 'es'],
        ['en', 'ar'],
        ['es', 'en'],
      ],
    });
    const { status, body } = await call(`${urls[0]}/v1/languages`, { key });
    expect([status, body]).toEqual([
      200,
      {
        languages: [
          { code: 'ar', name: 'Arabic', nativeName: 'العربية', targets: [] },
          { code: 'en', name: 'English', nativeName: 'English', targets: ['ar', 'es'] },
          { code: 'es', name: 'Spanish', nativeName: 'español', targets: ['en'] },
        ],
      },
    ]);
  });

  it('lists common languages, marked as open, for an engine without a list', async () => {
    await new EngineProfileStore(redis).delete();
    const { body } = await call(`${urls[1]}/v1/languages`, { key });
    const { languages, open } = body as LanguagesReply;
    expect(open).toBe(true);
    const spanish = languages.find(({ code }) => code === 'es');
    expect(spanish).toMatchObject({ name: 'Spanish', nativeName: 'español' });
    expect(spanish?.targets).toContain('pt-BR');
    expect(spanish?.targets).not.toContain('es');
    expect(spanish?.targets).toHaveLength(languages.length - 1);
  });

  it('needs a key', async () => {
    const { status, headers, body } = await call(`${urls[0]}/v1/languages`);
    expect([status, headers.get('www-authenticate'), body]).toEqual([
      401,
      'Bearer',
      { error: { code: 'unauthorized', message: 'an API key is required: "Authorization: Bearer KEY"' } },
    ]);
  });
});

describe('describeLanguages', () => {
  it('uses the English name for a language whose own name is unknown', () => {
    const { languages } = describeLanguages([['nv', 'en']]);
    expect(languages[1]).toEqual({ code: 'nv', name: 'Navajo', nativeName: 'Navajo', targets: ['en'] });
  });
});
