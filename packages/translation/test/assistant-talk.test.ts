import { describe, expect, it } from '@jest/globals';
import { isAssistantTalk } from '../src/guard/assistant-talk.ts';
import { denialWords } from '../src/guard/speaker-words.ts';

const refusal = "I'm sorry, I can't help with that.";
const offer = 'How can I help you?';
const announcement = 'Here is the translation of the message.';

type TranscriptMetadata = readonly [source: string, plea: string, refusal: string, offer: string, announcement: string];

/** A plea for help tomorrow, and what the three above may be translations of. */
const spoken: readonly TranscriptMetadata[] = [
  ['ar', 'غدا ننتقل إلى بيت جديد', 'آسف، لا أستطيع فعل ذلك', 'كيف أساعدك؟', 'هذه ترجمة الرسالة'],
  ['bg', 'Моля, помогни ми утре', 'За съжаление не мога', 'Как да ви помогна?', 'Ето превода на съобщението'],
  ['ca', 'Ajuda’m demà, si us plau', 'Ho sento, no puc', 'En què et puc ajudar?', 'Aquí tens la traducció'],
  ['cs', 'Pomoz mi zítra, prosím', 'Promiňte, to nemohu', 'Jak vám mohu pomoci?', 'Tady je překlad zprávy'],
  ['da', 'Hjælp mig i morgen', 'Beklager, det kan jeg ikke', 'Hvordan kan jeg hjælpe?', 'Her er oversættelsen'],
  [
    'de',
    'bitte hilf mir morgen, du kannst es',
    'Leider geht das nicht',
    'Was kann ich für Sie tun?',
    'Hier die Übersetzung',
  ],
  ['el', 'Βοήθησέ με αύριο', 'Λυπάμαι, δεν μπορώ', 'Πώς μπορώ να βοηθήσω;', 'Ορίστε η μετάφραση'],
  ['en', 'Please help me tomorrow', 'sorry, i cant', 'Can I help you?', 'The translation of the message'],
  ['es', 'Ayúdame mañana, por favor', 'Disculpe, me es imposible', '¿Qué se le ofrece?', 'Esta es la traducción'],
  ['fa', 'فردا به من کمک کن', 'متاسفم، نمی‌توانم', 'چطور می‌توانم کمک کنم؟', 'این ترجمه پیام است'],
  ['fi', 'Auta minua huomenna', 'Valitettavasti en voi', 'Miten voin auttaa?', 'Tässä on viestin käännös'],
  ['fr', 'Aide-moi demain', 'Désolé, c’est impossible', 'Vous désirez ?', 'Voici la traduction'],
  ['he', 'תעזור לי מחר', 'מצטער, אני לא יכול', 'איך אפשר לעזור?', 'הנה התרגום'],
  ['hi', 'कल मेरी मदद करो', 'क्षमा करें, यह संभव नहीं', 'मैं क्या मदद करूँ?', 'यह संदेश का अनुवाद है'],
  ['hu', 'Segíts nekem holnap', 'Sajnálom, nem tudok', 'Miben segíthetek?', 'Itt a fordítás'],
  ['id', 'Tolong bantu saya besok', 'Maaf, saya tidak bisa', 'Ada yang bisa saya bantu?', 'Ini terjemahannya'],
  ['it', 'Aiutami domani', 'Purtroppo non posso', 'Desidera?', 'Ecco la traduzione'],
  ['ja', '明日手伝ってください', '申し訳ありません', 'いらっしゃいませ', '翻訳です'],
  ['ko', '내일 도와줘', '죄송합니다', '도와드릴까요?', '메시지 번역입니다'],
  ['ms', 'Tolong bantu saya esok', 'Maaf, saya tak boleh', 'Boleh saya bantu?', 'Ini terjemahan mesej'],
  ['nb', 'Hjelp meg i morgen', 'Beklager, det kan jeg ikke', 'Hva kan jeg hjelpe med?', 'Her er oversettelsen'],
  ['nl', 'Help me morgen, je kan het', 'Helaas gaat dat niet', 'Waarmee kan ik helpen?', 'Hier is de vertaling'],
  ['nn', 'Hjelp meg i morgon', 'Diverre kan eg ikkje', 'Kva kan eg hjelpe med?', 'Her er meldinga'],
  ['no', 'Hjelp meg i morgen', 'Dessverre, nei', 'Hva kan jeg hjelpe med?', 'Her er meldingen'],
  ['pl', 'Pomóż mi jutro', 'Niestety nie mogę', 'W czym mogę pomóc?', 'Oto tłumaczenie'],
  ['pt', 'Ajuda-me amanhã', 'Infelizmente não posso', 'Em que posso ajudar?', 'Aqui está a tradução'],
  ['ro', 'Ajută-mă mâine', 'Îmi pare rău, nu pot', 'Cu ce vă ajut?', 'Iată traducerea'],
  ['ru', 'Помоги мне завтра, это просто', 'Увы, не могу', 'Чем могу помочь?', 'Вот перевод'],
  ['sv', 'Hjälp mig i morgon', 'Tyvärr kan jag inte', 'Kan jag hjälpa till?', 'Här är översättningen'],
  ['th', 'พรุ่งนี้ช่วยฉันด้วย', 'ขอโทษ ทำไม่ได้', 'ให้ช่วยอะไรไหม', 'นี่คือคำแปล'],
  ['tr', 'Yarın bana yardım et', 'Maalesef yapamam', 'Nasıl yardımcı olabilirim?', 'İşte mesajın çevirisi'],
  ['uk', 'Допоможи мені завтра', 'На жаль, не можу', 'Чим можу допомогти?', 'Ось переклад'],
  ['vi', 'Giúp tôi ngày mai nhé', 'Xin lỗi, tôi không thể', 'Tôi có thể giúp gì?', 'Đây là bản dịch'],
  ['zh', '明天帮我搬家', '抱歉，我做不到', '需要什么？', '这是译文'],
];

describe('isAssistantTalk', () => {
  it.each(spoken)('distinguishes a speaker of %s from an assistant', (source, plea, ...said) => {
    const found = (text: string): boolean[] =>
      [refusal, offer, announcement].map((reply) => isAssistantTalk({ text, source, target: 'en' }, reply));
    expect(found(plea)).toEqual([true, expect.any(Boolean), true]);
    expect(said.map((text, index) => found(text)[index])).toEqual([false, false, false]);
    expect(found('12')).toEqual([true, true, true]);
  });

  it('has an example of every covered language', () => {
    expect(spoken.map(([source]) => source)).toEqual(Object.keys(denialWords).toSorted());
  });

  it.each([
    ['de', 'Das blaue Kleid gefällt mir'],
    ['en', 'I want a front seat at the moment'],
    ['pl', 'Pomarańcza'],
    ['hi', 'इसका मतलब क्या है'],
    ['cs', 'nebo než'],
  ])('takes no part of a word of %s for an apology: %j', (source, text) => {
    expect(isAssistantTalk({ text, source, target: 'en' }, refusal)).toBe(true);
  });

  it('checks only the reply if the language is not covered', () => {
    const text = 'Samahani, siwezi kusaidia.';
    for (const reply of [refusal, offer, announcement]) {
      expect(isAssistantTalk({ text, source: 'sw-KE', target: 'en' }, reply)).toBe(true);
    }
    expect(isAssistantTalk({ text, source: 'sw-KE', target: 'en' }, 'I am sorry to be late.')).toBe(false);
  });
});
