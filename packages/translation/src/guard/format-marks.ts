/**
 * Markers of models' output formats as documented by vendors: special tokens (`<|im_end|>`, DeepSeek's with fullwidth bars),
 * reasoning tags (`<think>`, Mistral's `[THINK]`, Seed's `<seed:think>`, Kimi's `◁think▷`) and answer tags, turn markers of
 * Gemma and Mistral (`[/INST]`), `<s>` and `<eos>`.
 */
const mark =
  /<[|｜][^\s<>|｜]{1,40}[|｜]>|<\/?(?:think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad|seed:think|answer|response|s|eos|eod|bos|pad|unk|start_of_turn|end_of_turn|end_of_utterance)\s?>|\[\/?(?:THINK|INST)\]|◁\/?think▷/iu;

/** The beginning of a possible marker. */
const unfinished = /(?:<(?:[|｜][^\s<>|｜]{0,40}[|｜]?|\/?[a-z_:]{0,16}\s?)?|\[\/?[THINKS]{0,5}|◁\/?[a-z]{0,5})?$/iu;
const longestMark = 44;

const reasoningBegins =
  /^(?:<(?:think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad|seed:think)\s?>|\[THINK\]|◁think▷|<\|(?:think|thinking|begin_of_thought|START_THINKING)\|>)$/iu;
const reasoningEnds =
  /^(?:<\/(?:think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad|seed:think)\s?>|\[\/THINK\]|◁\/think▷|<\|(?:\/think|\/thinking|end_of_thought|END_THINKING)\|>)$/iu;
/** Followed by a role, up to another marker or the end of the line. */
const turnBegins = /^<(?:\|(?:start|im_start|start_header_id)\||start_of_turn)>$/iu;
const turnHeaderEnds = /^<\|end_header_id\|>$/iu;
/** Markers before an answer or inside it, which do not end it. */
const answerBegins =
  /^<(?:answer|response|s|bos|\|(?:begin_of_text|startoftext|begin_of_solution|START_RESPONSE)\||｜begin▁of▁sentence｜)>$/iu;

/** What the current text belongs to; only `answer` is kept. After `ended`, only another channel can start an answer. */
type Section = 'answer' | 'reasoning' | 'role' | 'channel' | 'ended';

/**
 * Removes format markers from a streamed reply: reasoning before the answer, even if only its end is marked, channels of
 * gpt-oss (https://cookbook.openai.com/articles/openai-harmony), and everything after the first marker that ends the
 * answer. A marker that also occurs in the translated text is kept as text.
 */
export class FormatMarkFilter {
  readonly #text: string;
  #section: Section = 'answer';
  #channel = '';
  #pending = '';
  #answer = '';
  #fresh = '';
  /** White space that may turn out to be trailing. */
  #space = '';
  #dropped = 0;

  /** @param text the text being translated */
  constructor(text: string) {
    this.#text = text;
  }

  /** The answer so far, trimmed. */
  get answer(): string {
    return this.#answer;
  }

  /** Number of UTF-16 units that were not part of the answer. */
  get droppedChars(): number {
    return this.#dropped;
  }

  /** @returns the text added to the answer; `anew`: the answer so far was discarded */
  add(piece: string): { readonly grownBy: string; readonly anew: boolean } {
    let pending = this.#pending + piece;
    let anew = false;
    this.#fresh = '';
    for (let found = mark.exec(pending); found !== null; found = mark.exec(pending)) {
      this.#append(pending.slice(0, found.index));
      if (this.#handleMark(found[0])) anew = true;
      pending = pending.slice(found.index + found[0].length);
    }
    const kept = unfinished.exec(pending.slice(-longestMark))?.[0].length ?? 0;
    this.#append(pending.slice(0, pending.length - kept));
    this.#pending = pending.slice(pending.length - kept);
    return { grownBy: this.#fresh, anew };
  }

  /** Ends the reply; an incomplete marker is treated as text. */
  end(): void {
    this.#append(this.#pending);
    this.#pending = '';
  }

  #append(words: string): void {
    if (this.#section === 'channel') this.#channel += words.slice(0, longestMark);
    // The role of a turn is the rest of its line.
    const roleEnds = this.#section === 'role' ? words.indexOf('\n') : -1;
    const said = roleEnds < 0 ? words : words.slice(roleEnds + 1);
    if (roleEnds >= 0) this.#section = 'answer';
    if (this.#section !== 'answer') {
      this.#dropped += words.length;
      return;
    }
    const trimmed = said.trimEnd();
    if (trimmed === '') {
      // Not scanned again: a long run of white space may arrive in many pieces.
      if (this.#answer !== '') this.#space += said;
      return;
    }
    const fresh = this.#answer === '' ? trimmed.trimStart() : this.#space + trimmed;
    this.#space = said.slice(trimmed.length);
    this.#answer += fresh;
    this.#fresh += fresh;
  }

  /** @returns whether the answer so far was discarded */
  #handleMark(found: string): boolean {
    if (this.#text.includes(found)) {
      this.#append(found);
      return false;
    }
    const begun = this.#answer !== '';
    if (/^<\|channel\|>$/iu.test(found)) {
      this.#channel = '';
      this.#section = 'channel';
    } else if (/^<\|message\|>$/iu.test(found)) {
      const isFinal = this.#section !== 'channel' || /^\s*final/iu.test(this.#channel);
      this.#section = isFinal ? 'answer' : 'reasoning';
      return isFinal && this.#restart();
    } else if (/^<\|constrain\|>$/iu.test(found)) {
      return false;
    } else if (this.#section === 'ended') {
      return false;
    } else if (reasoningBegins.test(found)) {
      this.#section = 'reasoning';
    } else if (reasoningEnds.test(found)) {
      const isMarked = this.#section === 'reasoning';
      this.#section = 'answer';
      return !isMarked && this.#restart();
    } else if (turnBegins.test(found)) {
      this.#section = begun ? 'ended' : 'role';
    } else if (turnHeaderEnds.test(found)) {
      this.#section = 'answer';
    } else if (begun && !answerBegins.test(found)) {
      this.#section = 'ended';
    }
    // Any other marker precedes the answer, which may still follow.
    return false;
  }

  #restart(): boolean {
    this.#dropped += this.#answer.length;
    const begun = this.#answer !== '';
    this.#answer = '';
    this.#fresh = '';
    return begun;
  }
}

/** Harmony output from which the server has removed the special tokens. */
const unmarkedChannels = /^(?:(?:analysis|commentary)[^]*?)?assistantfinal/u;

/** Extracts the answer of gpt-oss if the server removed its special tokens, unless the text contains the words itself. */
export function withoutChannelNames(text: string, answer: string): string {
  return text.includes('assistantfinal') ? answer : answer.replace(unmarkedChannels, '').trim();
}
