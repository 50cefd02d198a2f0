import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AttackOrder, AttackReport } from './attacker.ts';

const program = fileURLToPath(new URL('attacker.ts', import.meta.url));

export interface RunningAttack extends AsyncDisposable {
  /** Ends the attack. */
  stop(): Promise<AttackReport>;
}

/** Begins attacks in a process of their own. */
export function startAttack(order: AttackOrder): RunningAttack {
  const child = fork(program);
  const exited = once(child, 'exit');
  const reported = once(child, 'message') as Promise<[AttackReport]>;
  child.send(order);
  return {
    stop: async () => {
      child.send('stop');
      const ended = exited.then(([code]) => Promise.reject(new Error(`the attackers exited with ${String(code)}`)));
      ended.catch(() => undefined);
      const [report] = await Promise.race([reported, ended]);
      return report;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
