import type { Clock, TranslationPiece, TranslationRequest } from '@parley/translation';
import { CallLeg, type Ask } from './call-leg.ts';

export interface HedgedCall {
  readonly request: TranslationRequest;
  readonly ask: Ask;
  /** How long the first call may take to its first piece before there is a second. */
  readonly patienceMs: number;
  /** Gives the second call, or `undefined` where none may be made. */
  readonly second: () => Ask | undefined;
  /** Hears which call was the first to answer, where there were two. */
  readonly onAnswer: (winner: 'first' | 'second') => void;
  readonly clock: Clock;
}

/**
 * Makes a call, and a second one where the first takes long: the first answer wins, and the other call is aborted (Dean
 * and Barroso, "The Tail at Scale", Communications of the ACM 56(2), 2013). After its first piece a reply is not changed
 * for another any more. A call that fails is not hedged: who makes it again waits first.
 *
 * @throws the first call's error, where no call is answered
 */
export async function* hedgedCall(call: HedgedCall): AsyncGenerator<TranslationPiece> {
  using legs = new DisposableStack();
  const first = legs.use(new CallLeg(call.ask, call.request));
  const ask = (await isLate(first, call)) ? call.second() : undefined;
  if (ask === undefined) {
    yield* first.read();
    return;
  }
  const second = legs.use(new CallLeg(ask, call.request));
  const winner = await firstAnswer(first, second);
  if (winner === undefined) {
    yield* first.read();
    return;
  }
  call.onAnswer(winner === first ? 'first' : 'second');
  (winner === first ? second : first)[Symbol.dispose]();
  yield* winner.read();
}

/** Whether there is still nothing of the first call when patience ends. */
async function isLate(first: CallLeg, { patienceMs, request, clock }: HedgedCall): Promise<boolean> {
  const answered = new AbortController();
  const signal = AbortSignal.any([answered.signal, request.signal]);
  const patience = clock.delay(patienceMs, signal).then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([first.first.then(() => false), patience]);
  } finally {
    answered.abort();
  }
}

/** The call that is answered first, however the other one fails or ends without a piece; `undefined`: none is. */
async function firstAnswer(first: CallLeg, second: CallLeg): Promise<CallLeg | undefined> {
  const answered = async (leg: CallLeg): Promise<CallLeg> => {
    const first = await leg.first;
    if (first.status === 'failed' || first.piece.done === true) throw new Error('there is no answer');
    return leg;
  };
  return await Promise.any([answered(first), answered(second)]).catch(() => undefined);
}
