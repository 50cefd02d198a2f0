import type { SubtitleCue, SubtitleFormat } from '../cue.ts';

type ReadMarkup = Pick<SubtitleCue, 'text' | 'alignment' | 'tags' | 'voice'>;

const positionCode = /\{\\an([1-9])\}/;
/** Style codes of Advanced SubStation Alpha, which occur in both formats. */
const styleCode = /\{\\[^{}]*\}/g;
const subRipTag = /<\/?(?:i|b|u|s|em|strong|font)(?:\s[^<>]*)?>/gi;
const webVttTag = /<[^<>]*>/g;
const voiceTag = /<v(?:\.[^\s<>]*)?\s+([^<>]*)>/g;
/** A tag that ends and starts again, as where each line has its own. */
const interruptedTag = /<\/(i|b|u|c)>(\s*)<\1(?:\.[^<>]*)?>/gi;
const enclosingTag = /^<(i|b|u|c\.[\w.-]+)>([^]*)<\/(i|b|u|c)>$/i;
const maxTags = 4;

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: '\u00a0',
  lrm: '\u200e',
  rlm: '\u200f',
};

/**
 * Separates the text of a cue from its markup. Tags around the whole text, the position and the voice are kept; tags
 * inside the text are dropped.
 */
export function readMarkup(raw: string, format: SubtitleFormat): ReadMarkup {
  const alignment = positionCode.exec(raw)?.[1];
  const voices = format === 'vtt' ? Array.from(raw.matchAll(voiceTag), ([, name = '']) => name.trim()) : [];
  const voice = voices.length === 1 && voices[0] !== '' ? voices[0] : undefined;
  const unvoiced = raw.replace(styleCode, '').replace(voiceTag, '').replaceAll('</v>', '').trim();
  const tags: string[] = [];
  let rest = unvoiced.replace(interruptedTag, '$2');
  for (let match = enclosingTag.exec(rest); match !== null && tags.length < maxTags; match = enclosingTag.exec(rest)) {
    const [, open = '', content = '', close = ''] = match;
    const isOnePair = open.split('.')[0]?.toLowerCase() === close.toLowerCase() && !content.includes(`</${close}>`);
    if (!isOnePair) break;
    tags.push(open.toLowerCase());
    rest = content.trim();
  }
  const plain = rest.replace(format === 'vtt' ? webVttTag : subRipTag, '');
  const lines = decode(plain, format).split('\n');
  return {
    text: lines
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('\n'),
    ...(alignment === undefined ? {} : { alignment: Number(alignment) }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(voice === undefined ? {} : { voice: decode(voice, format) }),
  };
}

function decode(text: string, format: SubtitleFormat): string {
  if (format === 'srt') return text;
  return text.replace(/&([a-z]{2,4});/g, (entity, name: string) => entities[name] ?? entity);
}

/** Encloses a text in its tags, the outermost first. */
export function enclose(text: string, tags: readonly string[]): string {
  return tags.reduceRight((inner, tag) => `<${tag}>${inner}</${tag.split('.')[0] ?? tag}>`, text);
}
