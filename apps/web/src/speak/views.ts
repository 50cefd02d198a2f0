import type { TalkPhase } from './talk/talk-state.ts';

/** The parts of the page that are shown together; see `speak.css`. */
export type View = 'setup' | 'talk' | 'lost' | 'ended';

/** @param phase `undefined` without a talk */
export function viewOf(phase: TalkPhase | undefined): View {
  if (phase === undefined || phase === 'connecting') return 'setup';
  return phase === 'lost' || phase === 'ended' ? phase : 'talk';
}
