import type { CrowdOrder } from './crowd.ts';

/** A load to run. */
export interface Point extends Pick<CrowdOrder, 'sessions' | 'targets' | 'listenersPerSession' | 'speech' | 'speed'> {
  readonly name: string;
  /** Edges and workers beyond one of each; clients use the first edge, unless listeners use the second one. */
  readonly moreOfEach: number;
  /** Of each worker. */
  readonly threads: number;
  readonly hasListenersElsewhere: boolean;
  /** Connections that subscribe to each session beside the edge, as further edges would. */
  readonly subscribersPerSession: number;
  /** Whether the engine tells a limit, which is never reached. */
  readonly hasRateLimit: boolean;
}

const oneTarget = ['es'];
const twoTargets = ['es', 'fr'];
const fourTargets = ['es', 'fr', 'it', 'de'];

function point(name: string, load: Partial<Omit<Point, 'name'>>): Point {
  const nothing = { sessions: 0, targets: oneTarget, listenersPerSession: 0, speech: 'none', speed: 1 } as const;
  const alone = { moreOfEach: 0, threads: 1, hasListenersElsewhere: false, subscribersPerSession: 0 };
  return { name, ...nothing, ...alone, hasRateLimit: false, ...load };
}

/** Loads from which costs are fitted: each has much of something that the others have little of. */
export const fittedPoints: readonly Point[] = [
  point('nothing', {}),
  point('4 edges, 4 workers', { moreOfEach: 3 }),
  point('a worker with 4 threads', { threads: 4 }),
  point('800 silent sessions', { sessions: 800 }),
  point('2,000 listeners, silent', { sessions: 1, listenersPerSession: 2000 }),
  point('40 sessions, repeated partials', { sessions: 40, speech: 'repeats' }),
  point('30 sessions, finals x 8, 1 target', { sessions: 30, speech: 'finals', speed: 8 }),
  point('10 sessions, finals x 8, 4 targets', { sessions: 10, targets: fourTargets, speech: 'finals', speed: 8 }),
  point('40 sessions, talks, 1 target', { sessions: 40, speech: 'talk' }),
  point('12 sessions, talks, 4 targets', { sessions: 12, targets: fourTargets, speech: 'talk' }),
  point('12 sessions with 8 listeners on another edge', {
    sessions: 12,
    targets: fourTargets,
    listenersPerSession: 8,
    speech: 'talk',
    moreOfEach: 1,
    hasListenersElsewhere: true,
  }),
  point('4 sessions with 300 listeners and 60 subscribers', {
    sessions: 4,
    targets: fourTargets,
    listenersPerSession: 300,
    subscribersPerSession: 60,
    speech: 'talk',
  }),
  point('40 sessions, talks, engine with a limit', { sessions: 40, speech: 'talk', hasRateLimit: true }),
];

/** Loads that are predicted from the others, and then run. */
export const checkedPoints: readonly Point[] = [
  point('30 sessions, 2 targets', { sessions: 30, targets: twoTargets, speech: 'talk' }),
  point('15 sessions, 1 target, 1,200 listeners', { sessions: 15, listenersPerSession: 80, speech: 'talk' }),
];

/** One short load, to try that measuring works. */
export const quickPoint: Point = point('2 sessions, talks, 2 targets', {
  sessions: 2,
  targets: twoTargets,
  listenersPerSession: 4,
  subscribersPerSession: 1,
  speech: 'talk',
});
