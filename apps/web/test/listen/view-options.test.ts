import { describe, expect, it } from '@jest/globals';
import { typedCode, viewOptions, withLanguages } from '../../src/listen/view-options.ts';

const optionsOf = (address: string) => viewOptions(new URL(address, 'http://localhost'));

describe('the address of the page', () => {
  it('may be nothing but the code', () => {
    expect(optionsOf('/listen/ABCDEFGHJK')).toEqual({
      joinCode: 'ABCDEFGHJK',
      languages: [],
      isOverlay: false,
      sizePercent: undefined,
      overlayLines: 2,
      theme: undefined,
    });
  });

  it('sets what a wall or a video needs', () => {
    expect(optionsOf('/listen/C0DE?lang=es,ar&overlay&size=150&lines=3&theme=dark')).toEqual({
      joinCode: 'C0DE',
      languages: ['es', 'ar'],
      isOverlay: true,
      sizePercent: 150,
      overlayLines: 3,
      theme: 'dark',
    });
  });

  it.each([
    ['/listen', undefined],
    ['/listen/', undefined],
    ['/listen/%20', undefined],
    ['/listen/%E0%A4%A', undefined],
    ['/listen?code=abc-def', 'abc-def'],
    ['/listen/ABC%20DEF', 'ABCDEF'],
    ['/listen/ABC%2F..%2Fx', 'ABCx'],
  ])('%s has the code %s', (address, code) => {
    expect(optionsOf(address).joinCode).toBe(code);
  });

  it.each([
    ['lang=pt-br', ['pt-BR']],
    ['lang=es,es', ['es']],
    ['lang=es,ar,fr', ['es', 'ar']],
    ['lang=not%20a%20tag,es', ['es']],
    ['lang=', []],
  ])('%s shows %j', (search, languages) => {
    expect(optionsOf(`/listen/C?${search}`).languages).toEqual(languages);
  });

  it.each([
    ['size=9999', 400],
    ['size=-1', 40],
    ['size=big', undefined],
  ])('%s sets the size to %s percent', (search, sizePercent) => {
    expect(optionsOf(`/listen/C?${search}`).sizePercent).toBe(sizePercent);
  });

  it('has a bound for the code and for the lines', () => {
    expect(typedCode('x'.repeat(1000))).toHaveLength(64);
    expect(optionsOf('/listen/C?lines=100').overlayLines).toBe(8);
  });

  it('keeps the rest when the languages change', () => {
    const href = 'http://localhost/listen/C?theme=dark&lang=es&overlay';
    expect(withLanguages(href, ['ar', 'pt-BR'])).toBe('http://localhost/listen/C?theme=dark&overlay=&lang=ar,pt-BR');
    expect(withLanguages('http://localhost/listen/C', ['ar'])).toBe('http://localhost/listen/C?lang=ar');
  });
});
