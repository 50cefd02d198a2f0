import type { Redis } from 'ioredis';
import { defineScript, type Script } from '../redis/script.ts';

/** The scripts that deal with slots: each is the `.lua` file of its name. */
export interface SlotScripts {
  readonly put: Script;
  readonly show: Script;
  readonly again: Script;
  readonly take: Script;
  readonly renew: Script;
  readonly commit: Script;
  readonly release: Script;
}

export function defineSlotScripts(redis: Redis): SlotScripts {
  return {
    put: defineScript(redis, 'parleySlotPut', new URL('put.lua', import.meta.url)),
    show: defineScript(redis, 'parleySlotShow', new URL('show.lua', import.meta.url)),
    again: defineScript(redis, 'parleySlotAgain', new URL('again.lua', import.meta.url)),
    take: defineScript(redis, 'parleySlotTake', new URL('take.lua', import.meta.url)),
    renew: defineScript(redis, 'parleySlotRenew', new URL('renew.lua', import.meta.url)),
    commit: defineScript(redis, 'parleySlotCommit', new URL('commit.lua', import.meta.url)),
    release: defineScript(redis, 'parleySlotRelease', new URL('release.lua', import.meta.url)),
  };
}
