import { describe, expect, it } from '@jest/globals';
import { startEngineFixture, translate } from './engine-fixture.ts';
import { eventually } from './eventually.ts';

const sentence = 'Good morning everyone.';
const translated = 'Buenos días Todo el mundo.';

/** Whether the process group of apertium-apy, which includes its pipelines, still exists. */
function isGroupAlive(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

describe('the process of apertium-apy', () => {
  it('is restarted when it is killed, and no request fails', async () => {
    await using engine = await startEngineFixture({ ENGINE_TRANSLATIONS: 'apertium' });
    await expect(translate(engine, sentence, 'en', 'es')).resolves.toBe(translated);
    const killed = engine.apyPid();
    process.kill(killed, 'SIGKILL');
    await expect(translate(engine, sentence, 'en', 'es')).resolves.toBe(translated);
    expect(engine.apyPid()).not.toBe(killed);
    await eventually(
      () => isGroupAlive(killed),
      (alive) => !alive,
    );
    expect(engine.logLines.map(({ msg }) => msg)).toContain('apertium-apy exited; restarting');
    expect(await engine.stats()).toMatchObject({ completed: 2, failed: 0 });
  });

  it('is reported as not ready until it is back', async () => {
    await using engine = await startEngineFixture({ ENGINE_TRANSLATIONS: 'apertium' });
    const readiness = async (): Promise<number> => (await engine.fetch('/readyz')).status;
    expect(await readiness()).toBe(200);
    process.kill(engine.apyPid(), 'SIGKILL');
    await eventually(readiness, (status) => status === 503);
    await eventually(readiness, (status) => status === 200);
  });

  it('has exited with all its pipelines when the engine has closed', async () => {
    const engine = await startEngineFixture({ ENGINE_TRANSLATIONS: 'apertium' });
    const pid = engine.apyPid();
    await translate(engine, sentence, 'en', 'es');
    await translate(engine, sentence, 'en', 'ca');
    expect(isGroupAlive(pid)).toBe(true);
    await engine.close();
    await eventually(
      () => isGroupAlive(pid),
      (alive) => !alive,
    );
  });

  it('is not restarted when the engine closes right after it was killed', async () => {
    const engine = await startEngineFixture({ ENGINE_TRANSLATIONS: 'apertium' });
    const pid = engine.apyPid();
    process.kill(pid, 'SIGKILL');
    await eventually(
      () => engine.logLines.map(({ msg }) => msg),
      (messages) => messages.includes('apertium-apy exited; restarting'),
    );
    await engine.close();
    expect(engine.apyPid()).toBe(pid);
    await eventually(
      () => isGroupAlive(pid),
      (alive) => !alive,
    );
  });
});
