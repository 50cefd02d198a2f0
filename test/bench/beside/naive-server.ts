/**
 * A first implementation: every partial and every final makes an engine call per target, and the
 * translation is sent when it arrives.
 */
import { servePeer } from './peer-server.ts';

await servePeer((speaker) => {
  const finals = new Set<Promise<void>>();
  return {
    partial: (said) => {
      for (const target of speaker.targets) {
        speaker.translate(said.transcript.text, target).then(
          (translated) => speaker.showPartial(said, target, translated),
          () => {
            // The next partial will arrive soon.
          },
        );
      }
    },
    final: (said) => {
      for (const target of speaker.targets) {
        const final = speaker
          .translate(said.transcript.text, target)
          .then(
            (translated) => speaker.showFinal(said, target, translated),
            () => speaker.showFailure(said, target),
          )
          .finally(() => finals.delete(final));
        finals.add(final);
      }
    },
    finalsDone: () => Promise.all(finals),
  };
});
