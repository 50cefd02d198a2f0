import { describe, expect, it } from '@jest/globals';
import { agreementPolicy } from '../../src/quality/policies/agreement.ts';
import { maskPolicy } from '../../src/quality/policies/mask.ts';
import { parleyPolicy } from '../../src/quality/policies/parley.ts';
import { textOf, type Policy } from '../../src/quality/policies/policy.ts';
import { simplePolicies } from '../../src/quality/policies/simple-policies.ts';
import { sourceAgreementPolicy } from '../../src/quality/policies/source-agreement.ts';

const languages = { source: 'en', target: 'es' };

/** Returns what a policy shows after each revision, and what it had translated. Every text is its own translation. */
async function play(policy: Policy, revisions: readonly string[], rejected: readonly string[] = []) {
  const asked: string[] = [];
  const previous: (string | undefined)[] = [];
  let atMs = 0;
  const decide = policy.startSegment(languages, (text, shown) => {
    asked.push(text);
    previous.push(shown?.translation);
    return Promise.resolve(rejected.includes(text) ? undefined : text);
  });
  const shown: string[] = [];
  for (const text of revisions) shown.push(textOf(await decide({ t: (atMs += 300), text })));
  return { shown, asked, previous };
}

const revisions = ['a b', 'a x c', 'a x c d', 'a', 'a x y z', 'a x y z w'];

describe('policies', () => {
  it.each<[string, Policy, string[]]>([
    ['naive', maskPolicy(0), revisions],
    ['mask-2', maskPolicy(2), ['', 'a', 'a x', '', 'a x', 'a x y']],
    ['agreement-2', agreementPolicy(2), ['', 'a', 'a x c', 'a x c', 'a x c', 'a x y z']],
    ['agreement-3', agreementPolicy(3), ['', '', 'a', 'a', 'a', 'a']],
    ['source-agreement-2', sourceAgreementPolicy(2), ['', 'a', 'a x c', 'a x c', 'a x c', 'a x y z']],
  ])('%s', async (name, policy, shown) => {
    expect(policy.name).toBe(name);
    expect((await play(policy, revisions)).shown).toEqual(shown);
  });

  it('compare the source without case and punctuation', async () => {
    const { shown, asked } = await play(sourceAgreementPolicy(2), ['well we', 'Well, we go', 'well we go on']);
    expect(shown).toEqual(['', 'Well, we', 'well we go']);
    expect(asked).toEqual(['Well, we', 'well we go']);
  });

  it.each([maskPolicy(0), agreementPolicy(2), sourceAgreementPolicy(2), parleyPolicy('off')])(
    'keep the screen if a reply is not a translation',
    async (policy) => {
      const { shown } = await play(policy, ['a b', 'a b', 'a b c', 'a b c'], ['a b c']);
      expect(shown.slice(1)).toEqual(['a b', 'a b', 'a b']);
    },
  );

  it('ask with the last translation, except when stability is off', async () => {
    expect((await play(parleyPolicy('off'), ['a', 'a b'])).previous).toEqual([undefined, undefined]);
    expect((await play(parleyPolicy('high'), ['a', 'a b', 'a b c'])).previous).toEqual([undefined, 'a', 'a b']);
  });

  it('have names of their own', () => {
    const names = simplePolicies.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(12);
  });
});
