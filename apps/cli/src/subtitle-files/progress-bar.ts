import { createLogUpdate } from 'log-update';
import { withoutZeroSize } from '../captions/terminal-size.ts';

/** Shows how much of a task is done. */
export interface Progress extends Disposable {
  /** Counts more steps as done, one by default. */
  advance(steps?: number): void;
  /** Prints a line above the bar. */
  note(line: string): void;
}

const barWidth = 30;

/** Renders a bar such as `[=====>   ]  45% 9/20`. */
export function renderProgress(done: number, total: number): string {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.floor(share * barWidth);
  const bar = `${'='.repeat(filled)}${filled < barWidth ? '>' : ''}`.padEnd(barWidth);
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)}% ${done}/${total}`;
}

/** Draws a bar on a terminal; on any other stream it only prints the notes. */
export function showProgress(stream: NodeJS.WriteStream, total: number): Progress {
  if (!stream.isTTY) {
    return {
      advance: () => undefined,
      note: (line) => void stream.write(`${line}\n`),
      [Symbol.dispose]: () => undefined,
    };
  }
  const update = createLogUpdate(withoutZeroSize(stream));
  let done = 0;
  update(renderProgress(done, total));
  return {
    advance: (steps = 1) => {
      done += steps;
      update(renderProgress(done, total));
    },
    note: (line) => {
      update.persist(line);
      update(renderProgress(done, total));
    },
    [Symbol.dispose]: () => {
      update.clear();
      update.done();
    },
  };
}
