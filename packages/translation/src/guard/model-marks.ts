/**
 * Marks of a model's own output format, as vendors document them: special tokens (`<|im_end|>`, DeepSeek's with wide bars),
 * tags of reasoning (`<think>`, Mistral's `[THINK]`, Seed's `<seed:think>`, Kimi's `◁think▷`) and of the answer behind it,
 * turns of Gemma and of Mistral (`[/INST]`), `<s>` and `<eos>`.
 */
const mark =
  /<[|｜][^\s<>|｜]{1,40}[|｜]>|<\/?(?:think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad|seed:think|answer|response|s|eos|eod|bos|pad|unk|start_of_turn|end_of_turn|end_of_utterance)\s?>|\[\/?(?:THINK|INST)\]|◁\/?think▷/iu;

/** What may become a mark with the next piece. */
const unfinished = /(?:<(?:[|｜][^\s<>|｜]{0,40}[|｜]?|\/?[a-z_:]{0,16}\s?)?|\[\/?[THINKS]{0,5}|◁\/?[a-z]{0,5})?$/iu;
const longestMark = 44;

const reasoningBegins =
  /^(?:<(?:think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad|seed:think)\s?>|\[THINK\]|◁think▷|<\|(?:think|thinking|begin_of_thought|START_THINKING)\|>)$/iu;
const reasoningEnds =
  /^(?:<\/(?:think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad|seed:think)\s?>|\[\/THINK\]|◁\/think▷|<\|(?:\/think|\/thinking|end_of_thought|END_THINKING)\|>)$/iu;
/** Between these stands a role, up to a mark or the end of the line. */
const turnBegins = /^<(?:\|(?:start|im_start|start_header_id)\||start_of_turn)>$/iu;
const turnHeaderEnds = /^<\|end_header_id\|>$/iu;
/** They stand in front of an answer, or of a word in it, and end nothing. */
const answerBegins =
  /^<(?:answer|response|s|bos|\|(?:begin_of_text|startoftext|begin_of_solution|START_RESPONSE)\||｜begin▁of▁sentence｜)>$/iu;

/** `reasoning`, `role`, `channel`: what comes is no answer. `ended`: nor is it, unless another channel begins. */
type Where = 'answer' | 'reasoning' | 'role' | 'channel' | 'ended';

/**
 * Takes the marks of models off a reply as it grows: reasoning before the answer, also where only its end is marked, the
 * channels of gpt-oss (https://cookbook.openai.com/articles/openai-harmony), and everything from the first mark that ends
 * the answer. A mark that the text itself holds is said, not set, and stays.
 */
export class MarkFilter {
  readonly #text: string;
  #where: Where = 'answer';
  #channel = '';
  #pending = '';
  #answer = '';
  #fresh = '';
  /** White space that may be the end of the answer. */
  #space = '';
  #dropped = 0;

  /** @param text what is translated */
  constructor(text: string) {
    this.#text = text;
  }

  /** The answer as far as it has come, without white space around it. */
  get answer(): string {
    return this.#answer;
  }

  /** How many UTF-16 units were no answer. */
  get droppedChars(): number {
    return this.#dropped;
  }

  /** @returns what the answer has grown by; `anew`: what came of it before is none of it */
  add(piece: string): { readonly grownBy: string; readonly anew: boolean } {
    let pending = this.#pending + piece;
    let anew = false;
    this.#fresh = '';
    for (let found = mark.exec(pending); found !== null; found = mark.exec(pending)) {
      this.#say(pending.slice(0, found.index));
      if (this.#meet(found[0])) anew = true;
      pending = pending.slice(found.index + found[0].length);
    }
    const kept = unfinished.exec(pending.slice(-longestMark))?.[0].length ?? 0;
    this.#say(pending.slice(0, pending.length - kept));
    this.#pending = pending.slice(pending.length - kept);
    return { grownBy: this.#fresh, anew };
  }

  /** Nothing more comes: what looked like the beginning of a mark is none. */
  end(): void {
    this.#say(this.#pending);
    this.#pending = '';
  }

  #say(words: string): void {
    if (this.#where === 'channel') this.#channel += words.slice(0, longestMark);
    // The role of a turn is the rest of its line.
    const roleEnds = this.#where === 'role' ? words.indexOf('\n') : -1;
    const said = roleEnds < 0 ? words : words.slice(roleEnds + 1);
    if (roleEnds >= 0) this.#where = 'answer';
    if (this.#where !== 'answer') {
      this.#dropped += words.length;
      return;
    }
    const trimmed = said.trimEnd();
    if (trimmed === '') {
      // Kept without a look at it: a long run of white space may come in many pieces.
      if (this.#answer !== '') this.#space += said;
      return;
    }
    const fresh = this.#answer === '' ? trimmed.trimStart() : this.#space + trimmed;
    this.#space = said.slice(trimmed.length);
    this.#answer += fresh;
    this.#fresh += fresh;
  }

  /** @returns whether the answer begins anew */
  #meet(found: string): boolean {
    if (this.#text.includes(found)) {
      this.#say(found);
      return false;
    }
    const begun = this.#answer !== '';
    if (/^<\|channel\|>$/iu.test(found)) {
      this.#channel = '';
      this.#where = 'channel';
    } else if (/^<\|message\|>$/iu.test(found)) {
      const isFinal = this.#where !== 'channel' || /^\s*final/iu.test(this.#channel);
      this.#where = isFinal ? 'answer' : 'reasoning';
      return isFinal && this.#restart();
    } else if (/^<\|constrain\|>$/iu.test(found)) {
      return false;
    } else if (this.#where === 'ended') {
      return false;
    } else if (reasoningBegins.test(found)) {
      this.#where = 'reasoning';
    } else if (reasoningEnds.test(found)) {
      const isMarked = this.#where === 'reasoning';
      this.#where = 'answer';
      return !isMarked && this.#restart();
    } else if (turnBegins.test(found)) {
      this.#where = begun ? 'ended' : 'role';
    } else if (turnHeaderEnds.test(found)) {
      this.#where = 'answer';
    } else if (begun && !answerBegins.test(found)) {
      this.#where = 'ended';
    }
    // Others stand in front of the answer, or of nothing: one may still follow.
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

/** The harmony format whose special tokens a server has left out. */
const unmarkedChannels = /^(?:(?:analysis|commentary)[^]*?)?assistantfinal/u;

/** The answer of gpt-oss where a server left its special tokens out; the text itself may hold the words. */
export function withoutChannelNames(text: string, answer: string): string {
  return text.includes('assistantfinal') ? answer : answer.replace(unmarkedChannels, '').trim();
}
