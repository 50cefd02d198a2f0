/**
 * The server that is written first: every partial and every final is a call of the engine in every target, and its
 * translation is sent when it comes.
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
            // The next partial is soon there.
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
