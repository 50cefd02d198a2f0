import { describe, expect, it } from '@jest/globals';
import type { SegmentWork } from '@parley/redis/segment';
import { SegmentCaptions } from '../src/partials/segment-captions.ts';

const work = (
  revision: number,
  text: string,
  { atMs = revision * 300, stableLength = undefined as number | undefined } = {},
): SegmentWork => ({
  v: 1,
  type: 'revision',
  segmentId: 1,
  revision,
  text,
  digest: text,
  metadata: { v: 1, language: 'en', receivedAtMs: 10_000 + atMs },
  targets: ['es'],
  ...(stableLength === undefined ? {} : { stableLength }),
});

/** Captions in which every text is its own translation; `show` returns what is to be published, and publishes it. */
function captionsOf(setting: 'off' | 'balanced' | 'high', shown = new Map()) {
  const captions = new SegmentCaptions(setting, shown);
  const show = (revision: SegmentWork, translation = revision.text) => {
    const caption = captions.translated('es', revision, translation, revision.metadata.receivedAtMs + 40);
    if (typeof caption === 'string') return caption;
    captions.published('es', caption);
    return `${caption.text.slice(0, caption.concludedLength)}|${caption.text.slice(caption.concludedLength)}`;
  };
  const observeAndShow = (revision: SegmentWork, translation?: string) => {
    captions.observe(revision);
    return show(revision, translation);
  };
  return { captions, show, observeAndShow };
}

describe('captions of a segment', () => {
  it('with `off` are every translation, and every revision is due', () => {
    const { captions, observeAndShow } = captionsOf('off');
    expect([0, 1, 1].map((revision) => captions.observe(work(revision, 'a', { atMs: 0 })))).toEqual([true, true, true]);
    expect([observeAndShow(work(2, 'a b')), observeAndShow(work(3, 'a b')), observeAndShow(work(4, 'x'))]).toEqual([
      '|a b',
      '|a b',
      '|x',
    ]);
  });

  it('are due when revisions agree on more', () => {
    const { captions } = captionsOf('balanced');
    const texts = ['a', 'a b', 'a c', 'a c d', 'a c e'];
    expect(texts.map((text, revision) => captions.observe(work(revision, text, { atMs: revision * 100 })))).toEqual([
      true, // The first one.
      true, // `a`
      false,
      true, // `a c`
      false,
    ]);
  });

  it.each([
    [
      'whose stable prefix has not grown',
      [work(0, 'a b', { stableLength: 0 }), work(1, 'a b c', { atMs: 100, stableLength: 0 })],
    ],
    [
      'from which words were taken back',
      [work(0, 'a b'), work(1, 'a b c', { atMs: 100 }), work(2, 'a', { atMs: 200 })],
    ],
    [
      'that only differs in punctuation',
      [work(0, 'a b'), work(1, 'a b', { atMs: 100 }), work(2, 'a, b', { atMs: 200 })],
    ],
  ])('are due when a revision stands, also one %s', (_what, revisions) => {
    const { captions } = captionsOf('balanced');
    expect(revisions.map((revision) => captions.observe(revision)).at(-1)).toBe(false);
    expect(captions.observe(revisions.at(-1) ?? work(0, ''))).toBe(true);
  });

  it.each(['balanced', 'high'] as const)('with `%s` show all of a short revision that stands', (setting) => {
    const { captions, observeAndShow, show } = captionsOf(setting);
    expect(observeAndShow(work(0, 'hola'))).toBe('unchanged');
    expect(captions.translationOf('es', 0)).toBe('hola');
    captions.observe(work(0, 'hola'));
    expect(show(work(0, 'hola'))).toBe(setting === 'high' ? 'hola|' : '|hola');
  });

  it('replace an outdated text when the revision that contradicts it stands', () => {
    const { captions, observeAndShow, show } = captionsOf('balanced');
    observeAndShow(work(0, 'a b c d'));
    expect(observeAndShow(work(1, 'x y z'))).toBe('unchanged');
    captions.observe(work(1, 'x y z'));
    expect(show(work(1, 'x y z'))).toBe('|x y z');
  });

  it('stay unpublished until a commit succeeded', () => {
    const { captions } = captionsOf('balanced');
    captions.observe(work(0, 'a b c'));
    expect(captions.translated('es', work(0, 'a b c'), 'a b c', 0)).toMatchObject({ text: 'a b' });
    expect(captions.translated('es', work(0, 'a b c'), 'a b c', 0)).toMatchObject({ text: 'a b c' });
  });

  it('are not decided by an older revision', () => {
    const { observeAndShow, show } = captionsOf('balanced');
    observeAndShow(work(3, 'a b c d'));
    expect(show(work(2, 'a b c'))).toBe('overtaken');
  });

  it('show the beginning of a translation, which counts when it is whole', () => {
    const { captions, observeAndShow } = captionsOf('balanced');
    observeAndShow(work(0, 'a b c d'));
    const next = work(2, 'a b c d e f g');
    captions.observe(next);
    expect(captions.expectedLength('es', next)).toBe(13);
    expect(captions.begun('es', next, 'a x c d e', 0)).toBeUndefined();
    const begun = captions.begun('es', next, 'a b c\n d e', 0);
    expect(begun).toEqual({
      text: 'a b c d',
      concludedLength: 0,
      tally: { erased: 0, behind: 1, revisions: 1, firstWordMs: 40 },
    });
    expect(captions.translationOf('es', 2)).toBeUndefined();
    // The wording to keep is that of the newest whole translation.
    expect(captions.request('es', next).previous).toEqual({ text: 'a b c d', translation: 'a b c d' });
    if (begun !== undefined) captions.published('es', begun);
    expect(captions.uncounted()).toEqual({ behind: 0, revisions: 0 });
    expect(captions.translated('es', next, next.text, 0)).toEqual({
      text: 'a b c d e',
      concludedLength: 0,
      tally: { erased: 0, behind: 3, revisions: 2, firstWordMs: 40 },
    });
    expect(captions.begun('es', work(1, 'a b c d e f g h'), 'a b c d e f g', 0)).toBeUndefined();
  });

  it('are published once if the whole translation adds nothing to its beginning', () => {
    const { captions, observeAndShow } = captionsOf('balanced');
    observeAndShow(work(0, 'a b c d'));
    const next = work(2, 'a b c d e');
    captions.observe(next);
    const begun = captions.begun('es', next, 'a b c d e', 0);
    expect(begun).toMatchObject({ text: 'a b c d' });
    if (begun !== undefined) captions.published('es', begun);
    expect(captions.translated('es', next, next.text, 0)).toBe('unchanged');
  });

  it('continue from what another thread has shown', () => {
    const caption = {
      text: 'a b c',
      concludedLength: 3,
      tally: { erased: 2, behind: 3, revisions: 4, firstWordMs: 90 },
    };
    const { captions } = captionsOf('balanced', new Map([['es', { revision: 3, caption }]]));
    captions.observe(work(4, 'a x c d e'));
    expect(captions.translated('es', work(4, 'a x c d e f'), 'a x c d e f', 0)).toMatchObject({
      text: 'a b c d',
    });
    captions.observe(work(4, 'a x c d e'));
    expect(captions.translated('es', work(4, 'a x c d e f'), 'a x c d e f', 0)).toEqual({
      text: 'a b c d e f',
      concludedLength: 3,
      tally: { erased: 2, behind: 8, revisions: 5, firstWordMs: 90 },
    });
  });

  it('change with the setting, but not what is concluded', () => {
    const { captions, observeAndShow } = captionsOf('high');
    const text = 'a b c d e f';
    expect([0, 1].map((revision) => observeAndShow(work(revision, text)))).toEqual(['unchanged', 'a b c d|']);
    captions.change('off');
    expect(observeAndShow(work(2, 'a x'))).toBe('a b c d|');
    captions.change('balanced');
    expect(observeAndShow(work(3, 'a b c d e f g h'))).toBe('a b c d| e f');
  });

  it('ask an engine to keep the newest translation that begins with what is shown', () => {
    const { captions, observeAndShow } = captionsOf('balanced');
    expect(captions.request('es', work(9, 'x')).previous).toBeUndefined();
    observeAndShow(work(0, 'one two three'), 'a b c');
    observeAndShow(work(1, 'one to three four'), 'x y z w');
    expect(captions.request('es', work(9, 'x')).previous).toEqual({ text: 'one two three', translation: 'a b c' });
    captions.change('off');
    expect(captions.request('es', work(9, 'x')).previous).toEqual({ translation: 'a b c' });
  });

  it('request only the open sentence, with its wording, once those before it are settled', () => {
    const { captions, observeAndShow } = captionsOf('balanced');
    const said = (revision: number, open: string) => work(revision, `Good morning to you all. ${open}`);
    const seen = (open: string) => `Buenos días a todos. ${open}`;
    observeAndShow(said(0, 'We'), seen('Nosotros'));
    expect(observeAndShow(said(1, 'We are'), seen('Nosotros somos'))).toBe(`|${seen('Nosotros')}`);
    captions.observe(said(2, 'We are here'));
    expect(captions.request('es', said(2, 'We are here'))).toEqual({
      text: 'We are here',
      settledTranslation: 'Buenos días a todos. ',
      previous: { text: 'We are', translation: 'Nosotros somos' },
    });
    // A recognizer may think better of it.
    const changed = work(3, 'Good morning to you all, we are here');
    captions.observe(changed);
    expect(captions.request('es', changed)).toEqual({
      text: changed.text,
      settledTranslation: '',
      previous: undefined,
    });
    captions.change('off');
    expect(captions.request('es', said(2, 'We are here'))).toMatchObject({ settledTranslation: '' });
  });

  it('count the revisions that change nothing apart, until a caption is published', () => {
    const { captions, observeAndShow } = captionsOf('high');
    observeAndShow(work(0, 'a b c d'));
    expect(captions.uncounted()).toEqual({ behind: 4, revisions: 1 });
    expect(observeAndShow(work(1, 'a b c d'))).toBe('a b|');
    expect(captions.uncounted()).toEqual({ behind: 0, revisions: 0 });
    observeAndShow(work(2, 'x y'));
    expect(captions.uncounted()).toEqual({ behind: 2, revisions: 1 });
  });
});
