/** Phrases that an assistant uses instead of translating: refusals, offers of help, remarks about the text or itself. */
export interface AssistantPhrases {
  readonly refusal: RegExp;
  readonly offer: RegExp;
  readonly remark: RegExp;
}

type Patterns = readonly [refusal: readonly string[], offer: readonly string[], remark: readonly string[]];

/** A gap of limited length within one sentence. */
const some = '[^.!?。！？؟]{0,40}';

function anyOf(patterns: readonly string[], begin = '', end = ''): RegExp {
  return new RegExp(`${begin}(?:${patterns.join('|')})${end}`, 'iu');
}

/** Anchors a phrase at word boundaries; `\b` only recognizes ASCII words. */
function phrases(...[refusal, offer, remark]: Patterns): AssistantPhrases {
  const words = (patterns: readonly string[]): RegExp =>
    anyOf(patterns, '(?<![\\p{L}\\p{M}])', '(?:(?<![\\p{L}\\p{M}])|(?![\\p{L}\\p{M}]))');
  return { refusal: words(refusal), offer: words(offer), remark: words(remark) };
}

/** For languages written without spaces or with suffixes on most words. */
function unspacedPhrases(...[refusal, offer, remark]: Patterns): AssistantPhrases {
  return { refusal: anyOf(refusal), offer: anyOf(offer), remark: anyOf(remark) };
}

/** Patterns matched against a whole reply, by base language. */
export const assistantPhrases: Readonly<Record<string, AssistantPhrases>> = {
  en: phrases(
    [
      `^(?:[^.!?]{0,20}(?:sorry|apologi[sz]e|afraid)|unfortunately)${some} (?:can['’]?t|can ?not|unable|not able)`,
      `^i (?:can['’]?t|can ?not|am unable to|am not able to) (?:help|assist|translate|provide|comply|answer|engage|fulfill?)`,
    ],
    [
      `(?:how|what) (?:can|may) i (?:help|assist)`,
      `i(?:['’]d| would|['’]ll| will| can) (?:be )?(?:happy |glad |certainly )?(?:to )?(?:help|assist) (?:you|with)`,
    ],
    [
      `(?:as|i am|i['’]m) an? (?:ai|(?:large )?language model|virtual assistant|artificial intelligence)`,
      `here(?:['’]s| is| are) (?:the|your|a|an) (?:\\w+ )?translat(?:ed|ions?)`,
      `^(?:the )?(?:\\w+ )?translat(?:ion|ed)${some}(?::| is )`,
      `please (?:provide|share|send|enter|paste|give)${some}(?:text|sentence|message|content|phrase)`,
      `(?:the|your) (?:text|sentence|message|input)${some}(?:incomplete|empty|cut off|unclear)`,
      `you(?:['’]d| would) like (?:me to translate|translated)`,
      `the user (?:wants|is asking|asks|asked|has asked|said)|(?:we|i) need to translate`,
    ],
  ),
  es: phrases(
    [
      `^(?:lo siento|lo lamento|lamento|disculp\\p{L}*|perd[oó]n\\p{L}*)${some} no (?:puedo|me es posible)`,
      `^no puedo (?:ayudar|asistir|traducir|responder|proporcionar)\\p{L}*`,
    ],
    [`(?:en qué|cómo) (?:te |le |os )?puedo ayudar\\p{L}*`],
    [
      `como (?:una? )?(?:ia|inteligencia artificial|modelo de lenguaje)`,
      `aquí (?:tienes|está|tiene) (?:la|tu|su) traducción`,
      `^(?:la )?traducción${some}(?::| es )`,
      `por favor,? (?:proporci|compart|env[ií]|ingres)${some}(?:texto|frase|mensaje|oración)`,
    ],
  ),
  fr: phrases(
    [
      `^(?:désolée?|je suis désolée?|je m['’]excuse|malheureusement)${some} je ne (?:peux|suis)`,
      `^je ne peux pas (?:vous )?(?:aider|traduire|répondre|fournir)`,
    ],
    [`comment puis-je (?:vous |t['’])?aider`],
    [
      `en tant qu['’](?:ia|intelligence artificielle|assistant|modèle)`,
      `voici (?:la|votre|une) traduction`,
      `^(?:la )?traduction${some}(?: ?:| est )`,
      `veuillez (?:fournir|partager|envoyer|saisir)${some}(?:texte|phrase|message)`,
    ],
  ),
  de: phrases(
    [
      `^(?:es tut mir leid|tut mir leid|entschuldig\\p{L}*|leider)${some} (?:ich kann|kann ich)${some} nicht`,
      `^ich kann${some} nicht (?:helfen|übersetzen|beantworten)`,
    ],
    [`wie kann ich (?:ihnen|dir|euch)${some}helfen`],
    [
      `als (?:ki|künstliche intelligenz|sprachmodell)`,
      `hier ist (?:die|deine|ihre|eine) übersetzung`,
      `^(?:die )?übersetzung${some}(?::| lautet| ist )`,
      `bitte (?:geben|gib|senden|schicken|teilen)${some}(?:text|satz|nachricht)`,
    ],
  ),
  it: phrases(
    [
      `^(?:mi dispiace|spiacente|purtroppo)${some} non (?:posso|riesco)`,
      `^non posso (?:aiutar|tradurre|rispondere|fornire)\\p{L}*`,
    ],
    [`come posso aiutar\\p{L}*`],
    [
      `in quanto (?:ia|intelligenza artificiale|modello)`,
      `ecco la (?:tua |sua )?traduzione`,
      `^(?:la )?traduzione${some}(?::| è )`,
    ],
  ),
  pt: phrases(
    [
      `^(?:desculp\\p{L}*|sinto muito|lamento|infelizmente)${some} não (?:posso|consigo)`,
      `^não posso (?:ajudar|traduzir|responder|fornecer)`,
    ],
    [`como posso (?:te |lhe )?ajud\\p{L}*`],
    [
      `como (?:uma? )(?:ia|inteligência artificial|modelo de linguagem)|como (?:inteligência artificial|modelo de linguagem)`,
      `aqui está a (?:sua )?tradução`,
      `^(?:a )?tradução${some}(?::| é )`,
    ],
  ),
  ca: phrases(
    [`^(?:ho sento|em sap greu|ho lamento)${some} no (?:et |us )?puc`, `^no puc (?:ajudar|traduir|respondre)\\p{L}*`],
    [`(?:en què|com) (?:et |us |el )?puc ajudar\\p{L}*`],
    [`aquí (?:tens|teniu|té) la (?:teva )?traducció`, `^(?:la )?traducció${some}(?::| és )`],
  ),
  nl: phrases(
    [`^(?:sorry|het spijt me|helaas)${some} (?:ik kan|kan ik)${some} niet`],
    [`(?:hoe|waarmee) kan ik (?:je|u) helpen`],
    [`als (?:ai|taalmodel)`, `hier is de vertaling`, `^(?:de )?vertaling${some}(?::| is )`],
  ),
  ru: phrases(
    [
      `^(?:извините|простите|к сожалению|прошу прощения)${some} (?:не могу|не в состоянии)`,
      `^я не могу (?:помочь|перевести|ответить|предоставить)`,
    ],
    [`чем (?:я )?могу (?:вам )?помочь`],
    [`как (?:искусственный интеллект|языковая модель|ии)`, `вот (?:ваш )?перевод`, `^перевод${some}:`],
  ),
  uk: phrases(
    [`^(?:вибачте|перепрошую|на жаль)${some} не можу`],
    [`чим (?:я )?можу (?:вам )?допомогти`],
    [`ось (?:ваш )?переклад`, `^переклад${some}:`],
  ),
  pl: phrases(
    [`^(?:przepraszam|przykro mi|niestety)${some} nie (?:mogę|jestem w stanie)`],
    [`w czym mogę (?:ci |państwu )?pomóc`],
    [`jako (?:ai|sztuczna inteligencja|model językowy)`, `oto tłumaczenie`, `^tłumaczenie${some}:`],
  ),
  tr: phrases(
    [`^(?:üzgünüm|maalesef|özür dilerim)${some}(?:emem|amam|emiyorum|amıyorum)`],
    [`nasıl yardımcı olabilirim`],
    [`işte çeviri\\p{L}*`, `^çeviri${some}:`],
  ),
  zh: unspacedPhrases(
    [
      `^(?:很?抱歉|对不起|對不起|不好意思)${some}(?:无法|不能|無法)`,
      `^我(?:无法|不能|無法)(?:提供|帮助|翻译|协助|回答|翻譯|幫助)`,
    ],
    [`有什么(?:我)?可以帮`],
    [
      `作为(?:一个|一名)?(?:AI|人工智能|语言模型)`,
      `(?:以下|这)是(?:您的|你的)?(?:翻译|译文)`,
      `^(?:翻译|译文|翻譯|譯文)[:：]`,
      `请(?:提供|输入|发送)${some}(?:文本|内容|句子|文字)`,
    ],
  ),
  ja: unspacedPhrases(
    [`^(?:申し訳|すみません|恐れ入りますが|ごめんなさい)${some}(?:できません|できかね|いたしかね)`],
    [`何かお手伝い`],
    [
      `AI(?:アシスタント)?として`,
      `以下[がは]${some}翻訳`,
      `^翻訳[:：]`,
      `(?:テキスト|文章)を(?:提供|入力|送信|お送り)`,
    ],
  ),
  ko: unspacedPhrases(
    [`^(?:죄송|미안)${some}(?:수 없|못)`],
    [`무엇을 도와`],
    [`번역은 다음`, `^번역[:：]`, `AI(?:로서| 언어)`],
  ),
  ar: phrases(
    [`^(?:آسف|عذر\\p{L}*|أعتذر|للأسف)[\\p{M}،, ]${some}لا (?:أستطيع|يمكنني)`],
    [`كيف (?:يمكنني|أستطيع) مساعدت\\p{L}*`],
    [`(?:إليك|هذه) الترجمة`, `^الترجمة\\s*:`],
  ),
};
