import { describe, expect, it } from '@jest/globals';
import { request, serviceOf } from './translation-service-fixture.ts';

type Case = readonly [source: string, target: string, text: string, reply: string];

/** Shown as they are, after one call, and previewed. */
const right: readonly Case[] = [
  // What is sung, or said over and over.
  [
    'en',
    'es',
    'la la la la la la la la la la la la la la la la la la',
    'la la la la la la la la la la la la la la la la la la',
  ],
  [
    'en',
    'ru',
    'la la la la la la la la la la la la la la la la la la',
    'la la la la la la la la la la la la la la la la la la',
  ],
  [
    'fr',
    'en',
    'la la la la la la la la la la la la la la la la la la',
    'la la la la la la la la la la la la la la la la la la',
  ],
  ['en', 'de', 'na na na na na na na na hey hey hey na na na na', 'na na na na na na na na hey hey hey na na na na'],
  ['en', 'fr', 'hahahahahahahahahahahahahahahahahahahahahahahaha', 'hahahahahahahahahahahahahahahahahahahahahahahaha'],
  ['en', 'ja', 'oh oh oh oh oh oh oh oh oh oh oh oh oh oh oh oh', 'oh oh oh oh oh oh oh oh oh oh oh oh oh oh oh oh'],
  ['zh', 'en', '啦啦啦啦啦啦啦啦啦啦啦啦啦啦啦啦啦啦', '啦啦啦啦啦啦啦啦啦啦啦啦啦啦啦啦啦啦'],
  [
    'en',
    'es',
    'kyrie eleison kyrie eleison christe eleison kyrie eleison',
    'kyrie eleison kyrie eleison christe eleison kyrie eleison',
  ],
  [
    'pl',
    'de',
    'Kyrie eleison, Kyrie eleison, Christe eleison, Kyrie eleison.',
    'Kyrie eleison, Kyrie eleison, Christe eleison, Kyrie eleison.',
  ],
  [
    'en',
    'es',
    'hallelujah hallelujah hallelujah hallelujah amen amen',
    'hallelujah hallelujah hallelujah hallelujah amen amen',
  ],
  [
    'en',
    'it',
    'Gloria, gloria, gloria in excelsis Deo, gloria in excelsis.',
    'Gloria, gloria, gloria in excelsis Deo, gloria in excelsis.',
  ],
  // What no language translates.
  [
    'en',
    'es',
    'https://meetings.example.com/rooms/annual-review/live?lang',
    'https://meetings.example.com/rooms/annual-review/live?lang',
  ],
  ['en', 'ru', 'https://example.com/live/watch', 'https://example.com/live/watch'],
  [
    'en',
    'ar',
    'https://example.com/live/watch/the/morning/service/now',
    'https://example.com/live/watch/the/morning/service/now',
  ],
  [
    'en',
    'el',
    'www.example.org/downloads/the-latest-release.html',
    'www.example.org/downloads/the-latest-release.html',
  ],
  [
    'en',
    'uk',
    'example.com/join/our/sunday/morning/meeting/online',
    'example.com/join/our/sunday/morning/meeting/online',
  ],
  ['en', 'zh', 'parish.office.and.reception@mail.example.org', 'parish.office.and.reception@mail.example.org'],
  ['de', 'ru', 'anmeldung-zur-konferenz@verwaltung.example.com', 'anmeldung-zur-konferenz@verwaltung.example.com'],
  [
    'en',
    'ru',
    '#sundaymorningworship #livetranslation #welcomehome',
    '#sundaymorningworship #livetranslation #welcomehome',
  ],
  ['en', 'he', '@the_morning_show_official @our_second_channel', '@the_morning_show_official @our_second_channel'],
  ['en', 'es', 'quarterly_report_final_version_second_draft.docx', 'quarterly_report_final_version_second_draft.docx'],
  ['en', 'bg', 'src/components/translation/preview-panel.test.ts', 'src/components/translation/preview-panel.test.ts'],
  ['en', 'ja', 'presentation-for-the-board-meeting.pptx', 'presentation-for-the-board-meeting.pptx'],
  ['en', 'de', '4929 1123 4456 7789, 12/27, 311, 0049 30 1234567', '4929 1123 4456 7789, 12/27, 311, 0049 30 1234567'],
  ['en', 'ko', 'no. abx-4471-kjh-9902-mmn-1134-ppq-0021-zzt-7781', 'no. abx-4471-kjh-9902-mmn-1134-ppq-0021-zzt-7781'],
  ['en', 'ru', 'Johann Sebastian Bach, Wolfgang Amadeus Mozart', 'Johann Sebastian Bach, Wolfgang Amadeus Mozart'],
  ['de', 'en', 'Ludwig van Beethoven und Johann Sebastian Bach', 'Ludwig van Beethoven und Johann Sebastian Bach'],
  [
    'en',
    'ru',
    'Write to office@example.org or see https://example.org/help',
    'Пишите на office@example.org или смотрите https://example.org/help',
  ],
  ['en', 'es', 'Have you seen https://example.com/watch?v=abcdefgh', '¿Ha visto https://example.com/watch?v=abcdefgh'],
  [
    'es',
    'en',
    'https://example.com/buscar/las/palabras/de/la/frase?',
    'https://example.com/buscar/las/palabras/de/la/frase',
  ],
  // What is in the target language already.
  [
    'en',
    'es',
    'Muchas gracias hermanos por venir a nuestra iglesia esta mañana.',
    'Muchas gracias hermanos por venir a nuestra iglesia esta mañana.',
  ],
  [
    'en',
    'es',
    'muchas gracias hermanos por venir a nuestra iglesia esta mañana',
    'muchas gracias hermanos por venir a nuestra iglesia esta mañana',
  ],
  [
    'es',
    'en',
    'Good morning everyone and welcome to our meeting today.',
    'Good morning everyone and welcome to our meeting today.',
  ],
  [
    'en',
    'fr',
    'Nous allons commencer la réunion dans cinq minutes.',
    'Nous allons commencer la réunion dans cinq minutes.',
  ],
  [
    'en',
    'de',
    'Wir fangen in fünf Minuten mit der Besprechung an.',
    'Wir fangen in fünf Minuten mit der Besprechung an.',
  ],
  [
    'de',
    'en',
    'we will begin with the meeting in about five minutes',
    'We will begin with the meeting in about five minutes.',
  ],
  [
    'ru',
    'uk',
    'Доброго ранку всім і ласкаво просимо на нашу зустріч.',
    'Доброго ранку всім і ласкаво просимо на нашу зустріч.',
  ],
  [
    'en',
    'tr',
    'Herkese günaydın, bugünkü toplantımıza hoş geldiniz.',
    'Herkese günaydın, bugünkü toplantımıza hoş geldiniz.',
  ],
  [
    'en',
    'ru',
    'Давайте вместе помолимся за тех, кого сегодня нет.',
    'Давайте вместе помолимся за тех, кого сегодня нет.',
  ],
  [
    'en',
    'zh',
    '让我们一起为今晚不能来的人祷告，也为他们的家人祷告。',
    '让我们一起为今晚不能来的人祷告，也为他们的家人祷告。',
  ],
  [
    'fr',
    'it',
    'Quest’anno abbiamo speso più soldi di quanto avessimo previsto.',
    'Quest’anno abbiamo speso più soldi di quanto avessimo previsto.',
  ],
  [
    'en',
    'pl',
    'Proszę usiąść, za pięć minut zaczniemy spotkanie.',
    'Proszę usiąść, za pięć minut zaczniemy spotkanie.',
  ],
  // Words that hold a phrase of an assistant, in whatever language.
  ['en', 'es', 'Thanks to Aitor for coming today.', 'Gracias a Aitor por venir hoy.'],
  ['en', 'es', 'You are going to insulate the door.', 'Vas a aislar la puerta.'],
  ['es', 'en', 'Soy un aeropuerto.', 'I am an airport.'],
  ['es', 'en', 'Soy piloto de una aerolínea.', "I'm an airline pilot."],
  ['es', 'en', 'Vine como ayudante de campo.', 'I came as an aide-de-camp.'],
  ['es', 'en', 'Como objetivo es difícil.', 'As an aim it is difficult.'],
  ['en', 'pt', 'As I was saying, we started at ten.', 'Como ia dizendo, começamos às dez.'],
  ['en', 'pt', 'As she went every day, she knew the way.', 'Como ia todos os dias, conhecia o caminho.'],
  ['en', 'de', 'Bigger than Kiel and smaller than Hamburg.', 'Größer als Kiel und kleiner als Hamburg.'],
  ['en', 'nl', 'Older than Aimée and younger than Jan.', 'Ouder dan Aimée en jonger als Aisha.'],
  ['en', 'fr', 'As iamb it is perfect.', 'En tant qu’iambe, c’est parfait.'],
  ['fr', 'es', 'Il vient comme Ian.', 'Viene como Ian.'],
  ['en', 'ru', 'Transfer: five hundred rubles.', 'Перевод: пятьсот рублей.'],
  ['en', 'ru', 'transfer five hundred rubles', 'Перевод: пятьсот рублей.'],
  ['de', 'ru', 'Überweisung von fünfhundert Rubeln', 'Перевод: пятьсот рублей.'],
  ['es', 'en', '¿Qué desea?', 'How can I help you?'],
  ['es', 'en', 'qué desea', 'How can I help you?'],
  ['fr', 'en', 'Vous désirez ?', 'How can I help you?'],
  ['de', 'en', 'Was darf es sein?', 'How can I help you?'],
  ['ja', 'en', 'いらっしゃいませ。', 'Hello, how can I help you?'],
  ['ru', 'en', 'Слушаю вас.', 'How can I help you?'],
  ['en', 'fr', 'How can I help you?', 'Je vous écoute.'],
  ['es', 'fr', '¿Qué desea?', 'Je vous écoute.'],
  ['en', 'fr', 'What can I do for you?', 'Je vous écoute.'],
  ['en', 'fr', "I'm listening.", 'Je vous écoute.'],
  ['en', 'es', 'Would you sit down, please?', 'Siéntese, por favor.'],
  ['de', 'en', 'Könnten Sie bitte das Fenster schließen?', 'Please close the window.'],
  ['es', 'en', 'Lo siento, no puedo ayudarle con eso.', "I'm sorry, I can't help you with that."],
  ['en', 'es', 'Unfortunately I cannot come tomorrow.', 'Lo siento, mañana no puedo venir.'],
  ['de', 'fr', 'Leider kann ich das nicht tun.', 'Désolé, mais je ne peux pas faire cela.'],
  ['sv', 'en', 'Tyvärr kan jag inte komma.', "I'm sorry, I can't come."],
  ['es', 'en', 'Aquí tiene la traducción del contrato.', 'Here is the translation of the contract.'],
  ['en', 'de', 'The translation is on the table.', 'Die Übersetzung ist auf dem Tisch.'],
  ['fr', 'en', 'Veuillez envoyer le texte avant midi.', 'Please send the text before noon.'],
  ['es', 'en', 'El mensaje está incompleto.', 'The message is incomplete.'],
  ['de', 'en', 'Ich arbeite als KI-Forscherin.', 'I work as an AI researcher.'],
  ['es', 'en', 'Trabajo como ingeniero de IA.', 'I work as an AI engineer.'],
  ['ca', 'en', 'Amb molt de gust us ajudaré.', "I'd be happy to help you."],
  // Terms that stay as they are.
  [
    'en',
    'de',
    'We deploy the load balancer and the auto scaling group on the cluster.',
    'Wir deployen den Load Balancer und die Auto Scaling Group auf dem Cluster.',
  ],
  [
    'de',
    'en',
    'Das Wort Gemütlichkeit und das Wort Feierabend gibt es nur hier.',
    'The words Gemütlichkeit and Feierabend exist only here.',
  ],
  [
    'en',
    'es',
    'The film is called "the good the bad and the ugly of the west".',
    'La película se llama "the good the bad and the ugly of the west".',
  ],
  ['en', 'ru', 'We use React, Redux and webpack.', 'Мы используем React, Redux и webpack.'],
  // Joiners inside of words.
  ['en', 'fa', 'I want the books.', 'من کتاب\u200cها را می\u200cخواهم.'],
  ['en', 'hi', 'The teacher is here.', 'शिक्षक यहाँ हैं, क्\u200dष।'],
  ['en', 'es', 'family 👨\u200d👩\u200d👧 of three', 'familia 👨\u200d👩\u200d👧 de tres'],
];

/** Asked for twice, and then shown with a mark; nothing of it is previewed. */
const suspect: readonly Case[] = [
  // An echo, of a sentence or of what can't be told.
  ['en', 'es', 'good morning everyone and welcome to our meeting', 'good morning everyone and welcome to our meeting'],
  [
    'en',
    'ru',
    'Good morning everyone, and welcome to our meeting.',
    'Good morning everyone, and welcome to our meeting.',
  ],
  [
    'en',
    'fr',
    'We spent more money this year than we had planned.',
    'We spent more money this year than we had planned.',
  ],
  [
    'de',
    'en',
    'Bitte schicken Sie mir den Text der Nachricht vor Freitag.',
    'Bitte schicken Sie mir den Text der Nachricht vor Freitag.',
  ],
  [
    'es',
    'pt',
    'El puente fue construido hace más de doscientos años.',
    'El puente fue construido hace más de doscientos años.',
  ],
  [
    'es',
    'ca',
    'No habla el idioma, pero entiende casi todo lo que digo.',
    'No habla el idioma, pero entiende casi todo lo que digo.',
  ],
  [
    'ru',
    'uk',
    'Врач сказал, что мне нужно пить больше воды и дольше спать.',
    'Врач сказал, что мне нужно пить больше воды и дольше спать.',
  ],
  ['zh', 'ja', '今年我们花的钱比计划的多，因为路上雪很大。', '今年我们花的钱比计划的多，因为路上雪很大。'],
  [
    'hr',
    'sr-Cyrl',
    'Sutra ujutro ćemo se naći ispred kolodvora u gradu.',
    'Sutra ujutro ćemo se naći ispred kolodvora u gradu.',
  ],
  [
    'en',
    'es',
    'thank you very much for your help thank you very much for your help',
    'thank you very much for your help thank you very much for your help',
  ],
  [
    'en',
    'es',
    'please look at https://example.com and tell me what you think about it',
    'please look at https://example.com and tell me what you think about it',
  ],
  [
    'en',
    'ru',
    'anna maria josef klaus dieter petra juan carmen pedro',
    'anna maria josef klaus dieter petra juan carmen pedro',
  ],
  // Another sentence in the language of the text, or in English; the one changed word may look like any language's.
  ['en', 'es', 'We will meet tomorrow at ten in the big hall.', 'We will meet tomorrow at ten in the large hall.'],
  [
    'en',
    'es',
    'We will meet tomorrow in front of the station.',
    'We are going to meet at the station tomorrow morning.',
  ],
  [
    'en',
    'de',
    'We will meet tomorrow in front of the station.',
    'Sure, we can meet there, just tell me when it suits you.',
  ],
  ['es', 'en', 'Nos vemos mañana delante de la estación.', 'Mañana nos encontraremos en frente de la estación.'],
  ['es', 'pt', 'Mi abuela plantaba tomates cada primavera.', 'Mi abuela solía plantar muchos tomates en la primavera.'],
  ['fr', 'en', 'Le pont a été construit il y a deux cents ans.', 'Ce pont existe depuis plus de deux cents ans déjà.'],
  ['sv', 'da', 'Bron byggdes för mer än tvåhundra år sedan.', 'The bridge was built more than two hundred years ago.'],
  [
    'fr',
    'de',
    'Le pont a été construit il y a deux cents ans.',
    'The bridge was built more than two hundred years ago.',
  ],
  ['ru', 'uk', 'Мост был построен более двухсот лет назад.', 'Этот мост построили больше чем двести лет тому назад.'],
  ['tr', 'en', 'Köprü iki yüz yıl önce yapıldı.', 'Bu köprü bundan iki yüz yıldan daha uzun süre önce yapıldı.'],
  // Refusals.
  ['en', 'es', 'Kill the process.', "I'm sorry, but I can't assist with that."],
  ['en', 'es', 'Kill the process.', 'Lo siento, pero no puedo ayudar con eso.'],
  ['en', 'fr', 'Kill the process.', 'Je suis désolé, mais je ne peux pas répondre à cela.'],
  ['en', 'de', 'Kill the process.', 'Es tut mir leid, aber dabei kann ich nicht helfen.'],
  ['en', 'it', 'Kill the process.', 'Mi dispiace, ma non posso aiutarti.'],
  ['en', 'pt', 'Kill the process.', 'Desculpe, mas não posso ajudar com isso.'],
  ['en', 'pl', 'Kill the process.', 'Przepraszam, ale nie mogę w tym pomóc.'],
  ['en', 'nl', 'Kill the process.', 'Sorry, maar daar kan ik je niet mee helpen.'],
  ['en', 'zh', 'Kill the process.', '抱歉，我无法协助处理这个请求。'],
  ['en', 'ja', 'Kill the process.', '申し訳ありませんが、お手伝いできません。'],
  ['en', 'ko', 'Kill the process.', '죄송하지만 도와드릴 수 없습니다.'],
  ['es', 'en', 'Mata el proceso.', "I'm sorry, but I can't help with that."],
  ['pt', 'en', 'Encerre o processo agora.', 'I cannot assist with that request.'],
  // Offers, announcements, remarks, answers.
  ['en', 'es', 'Good evening', '¡Buenas! ¿En qué puedo ayudarte?'],
  ['en', 'fr', 'Okay then.', "Sure! I'd be happy to help you."],
  ['es', 'en', 'Buenas tardes', 'Good afternoon! How can I help you today?'],
  ['en', 'es', 'Good morning', 'Here is the translation: Buenos días'],
  ['en', 'es', 'Good morning', 'Aquí tienes la traducción: Buenos días'],
  ['en', 'fr', 'Good morning', 'Voici la traduction : Bonjour'],
  ['en', 'de', 'Good morning', 'Übersetzung: Guten Morgen'],
  ['en', 'ru', 'Good morning', 'Перевод: Доброе утро'],
  ['en', 'zh', 'Good morning', '翻译：早上好'],
  ['es', 'en', 'Adelante.', 'Please provide the text you want.'],
  ['de', 'en', 'Weiter so.', 'As an AI language model, I go on.'],
  ['es', 'en', 'Sigue.', 'The user wants me to say: go on'],
  ['en', 'es', 'He broke a leg', 'Se rompió una pierna (Nota: no es el modismo)'],
  ['en', 'es', 'What is the capital of France?', 'París.'],
  ['en', 'es', 'Can you hear me?', 'Sí, te oigo perfectamente.'],
  ['en', 'es', 'He broke a leg', '{"translation": "Se rompió una pierna"}'],
];

/** Asked for twice, and nothing of it can be shown. */
const failed: readonly Case[] = [
  ['en', 'es', 'Good morning', '\u200b\u2060\u00ad'],
  ['en', 'es', 'Good morning', '\ufe0f'],
  ['en', 'ko', 'Good morning', '\u3164'],
  ['en', 'es', 'Good morning', '<think>The user says good morning.'],
  ['en', 'es', 'Good morning', '<think></think>'],
  ['en', 'es', 'Good morning', '<|channel|>analysis<|message|>They say good morning.<|end|>'],
  ['en', 'es', 'Good morning', '<|im_end|>'],
  ['en', 'zh', 'We will meet at the station.', 'We are going to meet at the station.'],
  ['en', 'es', 'No', 'nunca jamás '.repeat(20)],
];

function piecesOf(reply: string): string[] {
  return reply.split(/(?<=\s)/u);
}

async function outcomeOf([source, target, text, reply]: Case, pieces: readonly string[] = piecesOf(reply)) {
  const { service, calls } = serviceOf([pieces, pieces]);
  const previews: string[] = [];
  const given = { ...request, source, target, text };
  const result = await service
    .translateFinal(given, { onProgress: (shown) => previews.push(shown) })
    .then(({ text: shown, suspect: mark }) => ({ shown, mark: mark ?? false }))
    .catch(() => 'failed' as const);
  return { result, previews, calls: calls.length };
}

describe('a reply', () => {
  it.each(right)('that is right is shown (%s to %s): %j -> %j', async (...given) => {
    const reply = given[3];
    const { result, previews, calls } = await outcomeOf(given);
    expect({ result, calls }).toEqual({ result: { shown: reply, mark: false }, calls: 1 });
    expect(previews.at(-1)).toBe(reply);
  });

  it.each(right)('to a partial that is right is shown (%s to %s): %j -> %j', async (source, target, text, reply) => {
    const { service } = serviceOf([[reply]]);
    const partial = await service.translatePartial({ ...request, kind: 'partial', source, target, text });
    expect(partial).toMatchObject({ text: reply });
  });

  it.each([...suspect, ...failed])(
    'to a partial that may be none is not shown while it is streamed (%s to %s): %j -> %j',
    async (source, target, text, reply) => {
      const { service } = serviceOf([piecesOf(reply)]);
      const partial = { ...request, kind: 'partial', source, target, text } as const;
      const beginnings: string[] = [];
      await service.translatePartial(partial, (shown) => beginnings.push(shown)).catch(() => undefined);
      expect(beginnings.filter((shown) => shown.trim() === reply.trim())).toEqual([]);
    },
  );

  it.each<[string, ...Case, readonly string[]]>([
    [
      'a translation',
      'en',
      'es',
      'It was a long day.',
      'Fue un día largo.',
      ['Fue', 'Fue un', 'Fue un día', 'Fue un día largo.'],
    ],
    [
      'a translation in quotation marks, which are removed',
      'en',
      'es',
      'It was a long day.',
      '"Fue un día largo."',
      [],
    ],
    ['a question, which may be an answer until it ends', 'en', 'es', 'Was it a long day?', '¿Fue un día largo?', []],
    [
      'another language that shows after 40 letters',
      'en',
      'es',
      'The committee has met in the hall.',
      'Members gathered inside the building this morning.',
      [],
    ],
  ])(
    'to a partial that is %s is shown early as far as it can be judged',
    async (_what, source, target, text, reply, expected) => {
      const { service } = serviceOf([piecesOf(reply)]);
      const beginnings: string[] = [];
      const partial = { ...request, kind: 'partial', source, target, text } as const;
      await service.translatePartial(partial, (shown) => beginnings.push(shown.trim())).catch(() => undefined);
      expect(beginnings).toEqual(expected);
    },
  );

  it.each(suspect)('that may be none is marked the second time (%s to %s): %j -> %j', async (...given) => {
    const { result, previews, calls } = await outcomeOf(given);
    expect({ result, calls }).toEqual({ result: { shown: given[3], mark: true }, calls: 2 });
    // What is an answer to a question shows at its end.
    if (!given[2].endsWith('?')) expect(previews).not.toContain(given[3]);
    if (given[2] === given[3]) expect(previews).toEqual([]);
  });

  it.each(suspect)(
    'to a partial that may be none is left out (%s to %s): %j -> %j',
    async (source, target, text, reply) => {
      const { service } = serviceOf([[reply]]);
      await expect(service.translatePartial({ ...request, kind: 'partial', source, target, text })).rejects.toThrow();
    },
  );

  it.each(failed)('that is none is not shown (%s to %s): %j -> %j', async (...given) => {
    expect(await outcomeOf(given)).toMatchObject({ result: 'failed', calls: 2 });
  });
});

it.each(failed.filter(([, , text]) => text.startsWith('Good')))(
  'a reply without a visible answer is not previewed (%s to %s): %j -> %j',
  async (...given) => {
    expect((await outcomeOf(given, Array.from(given[3]))).previews).toEqual([]);
  },
);

/** What a model sets around its answer, and what of it is shown. */
const marked: readonly (readonly [reply: string, shown: string, text?: string])[] = [
  ['<think>The user wants it in Spanish.</think>\n\nBuenos días.', 'Buenos días.'],
  ['<think>\n\n</think>\n\nBuenos días.', 'Buenos días.'],
  ['<thinking>Good morning is buenos días.</thinking>Buenos días.', 'Buenos días.'],
  ['<reasoning>Hmm.</reasoning> Buenos días.', 'Buenos días.'],
  ['<thought>Hmm.</thought>Buenos días.', 'Buenos días.'],
  ['<seed:think>Hmm.</seed:think>Buenos días.', 'Buenos días.'],
  ['[THINK]Hmm.[/THINK]Buenos días.', 'Buenos días.'],
  ['◁think▷Hmm.◁/think▷Buenos días.', 'Buenos días.'],
  ['<|begin_of_thought|>Hmm.<|end_of_thought|><|begin_of_solution|>Buenos días.<|end_of_solution|>', 'Buenos días.'],
  ['<|START_THINKING|>Hmm.<|END_THINKING|><|START_RESPONSE|>Buenos días.<|END_RESPONSE|>', 'Buenos días.'],
  ['<think>Hmm.</think><answer>Buenos días.</answer>', 'Buenos días.'],
  ['<think >Hmm.</think >Buenos días.', 'Buenos días.'],
  ['<|think|>Hmm.<|/think|>Buenos días.', 'Buenos días.'],
  ['<reflection>Hmm.</reflection>Buenos días.', 'Buenos días.'],
  ['<analysis>Hmm.</analysis>Buenos días.', 'Buenos días.'],
  ['<scratchpad>Hmm.</scratchpad>Buenos días.', 'Buenos días.'],
  ['<thoughts>Hmm.</thoughts>Buenos días.', 'Buenos días.'],
  ['[INST]Buenos días.[/INST]', 'Buenos días.'],
  ['Buenos días.<unk>', 'Buenos días.'],
  ['Buenos días.<eod>', 'Buenos días.'],
  ['Buenos días.<end_of_utterance>', 'Buenos días.'],
  ['They greet each other.\n</think>\n\nBuenos días.', 'Buenos días.'],
  [`${'Okay, they greet each other in the morning. '.repeat(8)}</think>Buenos días.`, 'Buenos días.'],
  [`<think>${'They greet each other in the morning. '.repeat(200)}</think>Buenos días.`, 'Buenos días.'],
  ['<|channel|>final<|message|>Buenos días.', 'Buenos días.'],
  ['<|channel|>final<|message|>Buenos días.<|return|>', 'Buenos días.'],
  [
    '<|channel|>analysis<|message|>They greet.<|end|><|start|>assistant<|channel|>final<|message|>Buenos días.<|return|>',
    'Buenos días.',
  ],
  [
    '<|channel|>commentary<|message|>Let me see.<|end|><|start|>assistant<|channel|>final <|constrain|>text<|message|>Buenos días.',
    'Buenos días.',
  ],
  ['<|start|>assistant<|channel|>final<|message|>Buenos días.<|end|>', 'Buenos días.'],
  ['analysisThey greet each other.assistantfinalBuenos días.', 'Buenos días.'],
  ['assistantfinalBuenos días.', 'Buenos días.'],
  ['Buenos días.<|endoftext|>', 'Buenos días.'],
  ['Buenos días.<|im_end|>\n', 'Buenos días.'],
  ['Buenos días.<|im_end|>\n<|im_start|>user\nAnd now?', 'Buenos días.'],
  ['Buenos días.<|eot_id|>', 'Buenos días.'],
  ['Buenos días.<|end_of_text|>', 'Buenos días.'],
  ['Buenos días.</s>', 'Buenos días.'],
  ['<s> Buenos días. </s>', 'Buenos días.'],
  ['Buenos días.<end_of_turn>\n', 'Buenos días.'],
  ['Buenos días.<eos><eos>', 'Buenos días.'],
  ['Buenos días.<｜end▁of▁sentence｜>', 'Buenos días.'],
  ['Buenos días.<|END_OF_TURN_TOKEN|>', 'Buenos días.'],
  ['<|im_start|>assistant\nBuenos días.<|im_end|>', 'Buenos días.'],
  ['<|start_header_id|>assistant<|end_header_id|>\n\nBuenos días.<|eot_id|>', 'Buenos días.'],
  ['<start_of_turn>model\nBuenos días.<end_of_turn>', 'Buenos días.'],
  ['"Buenos días."<|im_end|>', 'Buenos días.'],
  // What the speaker says stays.
  ['La etiqueta <think> abre un bloque.', 'La etiqueta <think> abre un bloque.', 'The tag <think> opens a block.'],
  ['Termina con </s>', 'Termina con </s>', 'It ends with </s>'],
  ['Escribe <|im_end|> al final.', 'Escribe <|im_end|> al final.', 'Write <|im_end|> at the end.'],
  ['Uno < dos y tres > dos', 'Uno < dos y tres > dos', 'One < two and three > two'],
  ['Pulsa <enter> y espera [aquí]', 'Pulsa <enter> y espera [aquí]', 'Press <enter> and wait [here]'],
  ['Te quiero <3', 'Te quiero <3', 'I love you <3'],
  ['El resultado es x <', 'El resultado es x <', 'The result is x <'],
];

describe('the marks of a model', () => {
  it.each(marked)('are taken off %j', async (reply, shown, text = 'Good morning.') => {
    const given = ['en', 'es', text, reply] as const;
    const whole = await outcomeOf(given, [reply]);
    expect(whole).toMatchObject({ result: { shown, mark: false }, calls: 1 });
    // In pieces that cut every mark, and the white space around it.
    for (const pieces of [Array.from(reply), piecesOf(reply), reply.match(/[^]{1,3}/gu) ?? []]) {
      const { result, calls } = await outcomeOf(given, pieces);
      expect({ result, calls }).toEqual({ result: { shown, mark: false }, calls: 1 });
    }
  });

  it.each(marked.filter(([reply]) => /^[<[◁]/u.test(reply)))(
    'never show in a preview of %j',
    async (reply, shown, text = 'Good morning.') => {
      const { previews } = await outcomeOf(['en', 'es', text, reply], Array.from(reply));
      expect(previews.filter((preview) => !shown.startsWith(preview.replace(/^"/u, '')))).toEqual([]);
    },
  );

  it('show nothing of reasoning in another language before a long text', async () => {
    const text = 'We will meet tomorrow in front of the old station. '.repeat(4);
    const answer = 'Mañana nos encontraremos delante de la vieja estación. '.repeat(4).trim();
    const reasoning = 'Okay, they meet in the morning, which is a plan. '.repeat(6);
    const { previews } = await outcomeOf(['en', 'es', text, ''], Array.from(`${reasoning}</think>${answer}`));
    expect(previews.at(-1)).toBe(answer);
    expect(previews.filter((preview) => !answer.startsWith(preview))).toEqual([]);
  });

  it('show nothing more of what turns out to be reasoning', async () => {
    const { previews } = await outcomeOf(
      ['en', 'es', 'Good morning.', ''],
      ['Saludan', ' así.', '</th', 'ink>', 'Buenos', ' días.'],
    );
    expect(previews).toEqual(['Saludan', 'Saludan así.', 'Buenos', 'Buenos días.']);
  });
});
