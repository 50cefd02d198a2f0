import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** What the `apertium` command makes of a text, through one mode after the other, without marks at unknown words. */
export async function apertium(source: string, ...modes: readonly string[]): Promise<string> {
  let translation = source;
  for (const mode of modes) {
    // `apertium` opens /dev/stdin, which only works for a true pipe; Node.js gives a socket.
    const { stdin, stdout } = spawn('sh', ['-c', 'cat | apertium -u "$1"', 'sh', mode], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    stdin.end(translation);
    translation = await text(stdout);
  }
  return translation.trim();
}
