/**
 * What an assistant says instead of a translation: it refuses, offers its help, or makes a remark about the text, its
 * translation or itself.
 */
export type TalkKind = 'refusal' | 'offer' | 'remark';

export const talkKinds: readonly TalkKind[] = ['refusal', 'offer', 'remark'];

type Phrases = Readonly<Record<TalkKind, RegExp>>;

function phrases(says: Readonly<Record<TalkKind, readonly string[]>>): Phrases {
  const anyOf = (kind: TalkKind): RegExp => new RegExp(says[kind].join('|'), 'iu');
  return { refusal: anyOf('refusal'), offer: anyOf('offer'), remark: anyOf('remark') };
}

/** Up to so many characters of the same sentence. */
const some = '[^.!?。！？؟]{0,40}';

/** Patterns over a whole reply, by its base language. */
export const assistantPhrases: Readonly<Record<string, Phrases>> = {
  en: phrases({
    refusal: [
      `^(?:[^.!?]{0,20}(?:sorry|apologi[sz]e|afraid)|unfortunately)${some} (?:can['’]?t|can ?not|unable|not able)`,
      `^i (?:can['’]?t|can ?not|am unable to|am not able to) (?:help|assist|translate|provide|comply|answer|engage)`,
    ],
    offer: [
      `(?:how|what) (?:can|may) i (?:help|assist)`,
      `i(?:['’]d| would|['’]ll| will| can) (?:be )?(?:happy |glad |certainly )?(?:to )?(?:help|assist) (?:you|with)`,
    ],
    remark: [
      `(?:as|i am|i['’]m) an? (?:ai|large language|language model|virtual assistant|artificial)`,
      `here(?:['’]s| is| are) (?:the|your|a|an) (?:\\w+ )?translat`,
      `^(?:the )?(?:\\w+ )?translat(?:ion|ed)${some}(?::| is )`,
      `please (?:provide|share|send|enter|paste|give)${some}(?:text|sentence|message|content|phrase)`,
      `(?:the|your) (?:text|sentence|message|input)${some}(?:incomplete|empty|cut off|unclear)`,
      `you(?:['’]d| would) like (?:me to translat|translated)`,
    ],
  }),
  es: phrases({
    refusal: [
      `^(?:lo siento|lo lamento|lamento|disculp|perd[oó]n)${some} no (?:puedo|me es posible)`,
      `^no puedo (?:ayudar|asistir|traducir|responder|proporcionar)`,
    ],
    offer: [`(?:en qué|cómo) (?:te |le |os )?puedo ayudar`],
    remark: [
      `como (?:una? )?(?:ia(?!\\p{L})|inteligencia artificial|modelo de lenguaje)`,
      `aquí (?:tienes|está|tiene) (?:la|tu|su) traducci`,
      `^(?:la )?traducción${some}(?::| es )`,
      `por favor,? (?:proporci|compart|env[ií]|ingres)${some}(?:texto|frase|mensaje|oración)`,
    ],
  }),
  fr: phrases({
    refusal: [
      `^(?:désolée?|je suis désolée?|je m['’]excuse|malheureusement)${some} je ne (?:peux|suis)`,
      `^je ne peux pas (?:vous )?(?:aider|traduire|répondre|fournir)`,
    ],
    offer: [`comment puis-je (?:vous |t['’])?aider`],
    remark: [
      `en tant qu['’](?:ia(?!\\p{L})|intelligence artificielle|assistant|modèle)`,
      `voici (?:la|votre|une) traduction`,
      `^(?:la )?traduction${some}(?: ?:| est )`,
      `veuillez (?:fournir|partager|envoyer|saisir)${some}(?:texte|phrase|message)`,
    ],
  }),
  de: phrases({
    refusal: [
      `^(?:es tut mir leid|tut mir leid|entschuldig|leider)${some} (?:ich kann|kann ich)${some} nicht`,
      `^ich kann${some} nicht (?:helfen|übersetzen|beantworten)`,
    ],
    offer: [`wie kann ich (?:ihnen|dir|euch)${some}helfen`],
    remark: [
      `als (?:ki(?!\\p{L})|künstliche intelligenz|sprachmodell)`,
      `hier ist (?:die|deine|ihre|eine) übersetzung`,
      `^(?:die )?übersetzung${some}(?::| lautet| ist )`,
      `bitte (?:geben|gib|senden|schicken|teilen)${some}(?:text|satz|nachricht)`,
    ],
  }),
  it: phrases({
    refusal: [
      `^(?:mi dispiace|spiacente|purtroppo)${some} non (?:posso|riesco)`,
      `^non posso (?:aiutar|tradurre|rispondere|fornire)`,
    ],
    offer: [`come posso aiutar`],
    remark: [
      `in quanto (?:ia(?!\\p{L})|intelligenza artificiale|modello)`,
      `ecco la (?:tua |sua )?traduzione`,
      `^(?:la )?traduzione${some}(?::| è )`,
    ],
  }),
  pt: phrases({
    refusal: [
      `^(?:desculp|sinto muito|lamento|infelizmente)${some} não (?:posso|consigo)`,
      `^não posso (?:ajudar|traduzir|responder|fornecer)`,
    ],
    offer: [`como posso (?:te |lhe )?ajud`],
    remark: [
      `como (?:uma? )?(?:ia(?!\\p{L})|inteligência artificial|modelo de linguagem)`,
      `aqui está a (?:sua )?tradução`,
      `^(?:a )?tradução${some}(?::| é )`,
    ],
  }),
  ca: phrases({
    refusal: [`^(?:ho sento|em sap greu|ho lamento)${some} no (?:et |us )?puc`, `^no puc (?:ajudar|traduir|respondre)`],
    offer: [`(?:en què|com) (?:et |us |el )?puc ajudar`],
    remark: [`aquí (?:tens|teniu|té) la (?:teva )?traducció`, `^(?:la )?traducció${some}(?::| és )`],
  }),
  nl: phrases({
    refusal: [`^(?:sorry|het spijt me|helaas)${some} (?:ik kan|kan ik)${some} niet`],
    offer: [`(?:hoe|waarmee) kan ik (?:je|u) helpen`],
    remark: [`als (?:ai(?!\\p{L})|taalmodel)`, `hier is de vertaling`, `^(?:de )?vertaling${some}(?::| is )`],
  }),
  ru: phrases({
    refusal: [
      `^(?:извините|простите|к сожалению|прошу прощения)${some} (?:не могу|не в состоянии)`,
      `^я не могу (?:помочь|перевести|ответить|предоставить)`,
    ],
    offer: [`чем (?:я )?могу (?:вам )?помочь`],
    remark: [
      `как (?:искусственный интеллект|языковая модель|ии(?!\\p{L}))`,
      `вот (?:ваш )?перевод`,
      `^перевод${some}:`,
    ],
  }),
  uk: phrases({
    refusal: [`^(?:вибачте|перепрошую|на жаль)${some} не можу`],
    offer: [`чим (?:я )?можу (?:вам )?допомогти`],
    remark: [`ось (?:ваш )?переклад`, `^переклад${some}:`],
  }),
  pl: phrases({
    refusal: [`^(?:przepraszam|przykro mi|niestety)${some} nie (?:mogę|jestem w stanie)`],
    offer: [`w czym mogę (?:ci |państwu )?pomóc`],
    remark: [`jako (?:ai(?!\\p{L})|sztuczna inteligencja|model językowy)`, `oto tłumaczenie`, `^tłumaczenie${some}:`],
  }),
  tr: phrases({
    refusal: [`^(?:üzgünüm|maalesef|özür dilerim)${some}(?:emem|amam|emiyorum|amıyorum)`],
    offer: [`nasıl yardımcı olabilirim`],
    remark: [`işte çeviri`, `^çeviri${some}:`],
  }),
  zh: phrases({
    refusal: [
      `^(?:很?抱歉|对不起|對不起|不好意思)${some}(?:无法|不能|無法)`,
      `^我(?:无法|不能|無法)(?:提供|帮助|翻译|协助|回答|翻譯|幫助)`,
    ],
    offer: [`有什么(?:我)?可以帮`],
    remark: [
      `作为(?:一个|一名)?(?:AI|人工智能|语言模型)`,
      `(?:以下|这)是(?:您的|你的)?(?:翻译|译文)`,
      `^(?:翻译|译文|翻譯|譯文)[:：]`,
      `请(?:提供|输入|发送)${some}(?:文本|内容|句子|文字)`,
    ],
  }),
  ja: phrases({
    refusal: [`^(?:申し訳|すみません|恐れ入りますが|ごめんなさい)${some}(?:できません|できかね|いたしかね)`],
    offer: [`何かお手伝い`],
    remark: [
      `AI(?:アシスタント)?として`,
      `以下[がは]${some}翻訳`,
      `^翻訳[:：]`,
      `(?:テキスト|文章)を(?:提供|入力|送信|お送り)`,
    ],
  }),
  ko: phrases({
    refusal: [`^(?:죄송|미안)${some}(?:수 없|못)`],
    offer: [`무엇을 도와`],
    remark: [`번역은 다음`, `^번역[:：]`, `AI(?:로서| 언어)`],
  }),
  ar: phrases({
    refusal: [`^(?:آسف|عذر|أعتذر|للأسف)${some}لا (?:أستطيع|يمكنني)`],
    offer: [`كيف (?:يمكنني|أستطيع) مساعدت`],
    remark: [`(?:إليك|هذه) الترجمة`, `^الترجمة\\s*:`],
  }),
};
