/** How assistants talk in a language, and words of which anybody says one who says the like. */
export interface AssistantPhrases {
  /** Refusals, offers, announcements of a translation: as patterns over a whole reply. */
  readonly says: RegExp;
  /** Whatever such a sentence may be a translation of has one of these. Better too many than too few. */
  readonly alike: RegExp;
}

function phrases({ says, alike }: { says: readonly string[]; alike: string }): AssistantPhrases {
  return { says: new RegExp(says.join('|'), 'iu'), alike: new RegExp(alike, 'iu') };
}

/** Up to so many characters of the same sentence. */
const some = '[^.!?。！？؟]{0,40}';

/** By the base language. */
export const assistantPhrases: Readonly<Record<string, AssistantPhrases>> = {
  en: phrases({
    says: [
      `^(?:[^.!?]{0,20}(?:sorry|apologi[sz]e|afraid)|unfortunately)${some} (?:can['’]?t|can ?not|unable|not able)`,
      `^i (?:can['’]?t|can ?not|am unable to|am not able to) (?:help|assist|translate|provide|comply|answer|engage)`,
      `(?:as|i am|i['’]m) an? (?:ai|large language|language model|virtual assistant|artificial)`,
      `here(?:['’]s| is| are) (?:the|your|a|an) (?:\\w+ )?translat`,
      `^(?:the )?(?:\\w+ )?translat(?:ion|ed)${some}(?::| is )`,
      `(?:how|what) (?:can|may) i (?:help|assist)`,
      `i(?:['’]d| would|['’]ll| will| can) (?:be )?(?:happy |glad |certainly )?(?:to )?(?:help|assist) (?:you|with)`,
      `please (?:provide|share|send|enter|paste|give)${some}(?:text|sentence|message|content|phrase)`,
      `(?:the|your) (?:text|sentence|message|input)${some}(?:incomplete|empty|cut off|unclear)`,
      `you(?:['’]d| would) like (?:me to translat|translated)`,
    ],
    alike: `sorry|apolog|excuse|pardon|afraid|regret|unfortunate|can['’]?t|can ?not|couldn|unable|not able|won['’]?t|help|assist|service|serve|support|do for|text|message|sentence|phrase|translat|provide|\\bai\\b|model|input`,
  }),
  es: phrases({
    says: [
      `^(?:lo siento|lo lamento|lamento|disculp|perd[oó]n)${some} no (?:puedo|me es posible)`,
      `^no puedo (?:ayudar|asistir|traducir|responder|proporcionar)`,
      `como (?:una? )?(?:ia(?!\\p{L})|inteligencia artificial|modelo de lenguaje)`,
      `aquí (?:tienes|está|tiene) (?:la|tu|su) traducci`,
      `^(?:la )?traducción${some}(?::| es )`,
      `(?:en qué|cómo) (?:te |le |os )?puedo ayudar`,
      `por favor,? (?:proporci|compart|env[ií]|ingres)${some}(?:texto|frase|mensaje|oración)`,
    ],
    alike: `siento|lament|disculp|perd[oó]n|desgracia|no (?:puedo|me|soy)|imposible|ayud|asist|atend|servi|ofrec|d[ií]ga|texto|mensaje|frase|oración|tradu|proporcion|env[ií]|inteligencia|modelo`,
  }),
  fr: phrases({
    says: [
      `^(?:désolée?|je suis désolée?|je m['’]excuse|malheureusement)${some} je ne (?:peux|suis)`,
      `^je ne peux pas (?:vous )?(?:aider|traduire|répondre|fournir)`,
      `en tant qu['’](?:ia(?!\\p{L})|intelligence artificielle|assistant|modèle)`,
      `voici (?:la|votre|une) traduction`,
      `^(?:la )?traduction${some}(?: ?:| est )`,
      `comment puis-je (?:vous |t['’])?aider`,
      `veuillez (?:fournir|partager|envoyer|saisir)${some}(?:texte|phrase|message)`,
    ],
    alike: `désol|excus|pardon|regret|malheureu|ne (?:peu|pui|sai)|impossible|aid|assist|servi|texte|message|phrase|tradui|traduc|fourni|envoy|intelligence|modèle`,
  }),
  de: phrases({
    says: [
      `^(?:es tut mir leid|tut mir leid|entschuldig|leider)${some} (?:ich kann|kann ich)${some} nicht`,
      `^ich kann${some} nicht (?:helfen|übersetzen|beantworten)`,
      `als (?:ki(?!\\p{L})|künstliche intelligenz|sprachmodell)`,
      `hier ist (?:die|deine|ihre|eine) übersetzung`,
      `^(?:die )?übersetzung${some}(?::| lautet| ist )`,
      `wie kann ich (?:ihnen|dir|euch)${some}helfen`,
      `bitte (?:geben|gib|senden|schicken|teilen)${some}(?:text|satz|nachricht)`,
    ],
    alike: `leid|entschuld|verzeih|pardon|kann|könn|unmöglich|hilf|helf|geholf|dien|text|nachricht|satz|übersetz|geb|schick|send|intelligenz|modell|wünsch`,
  }),
  it: phrases({
    says: [
      `^(?:mi dispiace|spiacente|purtroppo)${some} non (?:posso|riesco)`,
      `^non posso (?:aiutar|tradurre|rispondere|fornire)`,
      `in quanto (?:ia(?!\\p{L})|intelligenza artificiale|modello)`,
      `ecco la (?:tua |sua )?traduzione`,
      `^(?:la )?traduzione${some}(?::| è )`,
      `come posso aiutar`,
    ],
    alike: `dispiac|scus|spiac|purtroppo|perdon|non (?:posso|riesco)|impossibile|aiut|assist|servi|testo|messaggio|frase|tradu|forni|invi|intelligenza|modello|desider`,
  }),
  pt: phrases({
    says: [
      `^(?:desculp|sinto muito|lamento|infelizmente)${some} não (?:posso|consigo)`,
      `^não posso (?:ajudar|traduzir|responder|fornecer)`,
      `como (?:uma? )?(?:ia(?!\\p{L})|inteligência artificial|modelo de linguagem)`,
      `aqui está a (?:sua )?tradução`,
      `^(?:a )?tradução${some}(?::| é )`,
      `como posso (?:te |lhe )?ajud`,
    ],
    alike: `desculp|sinto|lament|infeliz|perd[ãa]o|não (?:posso|consigo)|impossível|ajud|atend|assist|servi|texto|mensagem|frase|tradu|tradz|forne|envi|inteligência|modelo|deseja`,
  }),
  ca: phrases({
    says: [
      `^(?:ho sento|em sap greu|ho lamento)${some} no (?:et |us )?puc`,
      `^no puc (?:ajudar|traduir|respondre)`,
      `aquí (?:tens|teniu|té) la (?:teva )?traducció`,
      `^(?:la )?traducció${some}(?::| és )`,
      `(?:en què|com) (?:et |us |el )?puc ajudar`,
    ],
    alike: `sento|greu|lament|disculp|perd|no (?:puc|et|us|ho|em)|impossible|ajud|atend|servir|text|missatge|frase|tradu|envi|model`,
  }),
  nl: phrases({
    says: [
      `^(?:sorry|het spijt me|helaas)${some} (?:ik kan|kan ik)${some} niet`,
      `als (?:ai(?!\\p{L})|taalmodel)`,
      `hier is de vertaling`,
      `^(?:de )?vertaling${some}(?::| is )`,
      `(?:hoe|waarmee) kan ik (?:je|u) helpen`,
    ],
    alike: `sorry|spijt|helaas|excus|pardon|kan |kun|niet|onmogelijk|help|hulp|geholp|dienst|tekst|bericht|zin|vertal|geef|stuur|model|wens`,
  }),
  ru: phrases({
    says: [
      `^(?:извините|простите|к сожалению|прошу прощения)${some} (?:не могу|не в состоянии)`,
      `^я не могу (?:помочь|перевести|ответить|предоставить)`,
      `как (?:искусственный интеллект|языковая модель|ии(?!\\p{L}))`,
      `вот (?:ваш )?перевод`,
      `^перевод${some}:`,
      `чем (?:я )?могу (?:вам )?помочь`,
    ],
    alike: `извин|прост|прош|сожал|жаль|не мо[гж]|нельзя|невозможно|помо[гщчж]|обслуж|текст|сообщен|предложен|перев|предостав|отправ|интеллект|модел|слуша`,
  }),
  uk: phrases({
    says: [
      `^(?:вибачте|перепрошую|на жаль)${some} не можу`,
      `ось (?:ваш )?переклад`,
      `^переклад${some}:`,
      `чим (?:я )?можу (?:вам )?допомогти`,
    ],
    alike: `вибач|пробач|перепро|жаль|не мо[гж]|неможлив|допом|текст|повідомл|речен|перекл|нада|надішл|інтелект|модел|слуха`,
  }),
  pl: phrases({
    says: [
      `^(?:przepraszam|przykro mi|niestety)${some} nie (?:mogę|jestem w stanie)`,
      `jako (?:ai(?!\\p{L})|sztuczna inteligencja|model językowy)`,
      `oto tłumaczenie`,
      `^tłumaczenie${some}:`,
      `w czym mogę (?:ci |państwu )?pomóc`,
    ],
    alike: `przepra|przykro|niestety|wybacz|nie (?:mo|jest)|niemożliw|pom[oóa]|służ|tekst|wiadomoś|zdani|tłumacz|podaj|wyślij|inteligencj|model|słucham`,
  }),
  tr: phrases({
    says: [
      `^(?:üzgünüm|maalesef|özür dilerim)${some}(?:emem|amam|emiyorum|amıyorum)`,
      `işte çeviri`,
      `^çeviri${some}:`,
      `nasıl yardımcı olabilirim`,
    ],
    alike: `üzgün|maalesef|özür|pardon|affed|emem|amam|emiyor|amıyor|imk[aâ]nsız|yardım|metin|mesaj|cümle|çevir|tercüme|gönder|zek[aâ]|model|buyur`,
  }),
  zh: phrases({
    says: [
      `^(?:很?抱歉|对不起|對不起|不好意思)${some}(?:无法|不能|無法)`,
      `^我(?:无法|不能|無法)(?:提供|帮助|翻译|协助|回答|翻譯|幫助)`,
      `作为(?:一个|一名)?(?:AI|人工智能|语言模型)`,
      `(?:以下|这)是(?:您的|你的)?(?:翻译|译文)`,
      `^(?:翻译|译文|翻譯|譯文)[:：]`,
      `请(?:提供|输入|发送)${some}(?:文本|内容|句子|文字)`,
      `有什么(?:我)?可以帮`,
    ],
    alike: `歉|对不起|對不起|不好意思|遗憾|遺憾|不能|无法|無法|没法|不行|帮|幫|助|服务|服務|文本|内容|內容|句|文字|消息|译|譯|提供|发|發|AI|人工智能|模型|效劳|需要`,
  }),
  ja: phrases({
    says: [
      `^(?:申し訳|すみません|恐れ入りますが|ごめんなさい)${some}(?:できません|できかね|いたしかね)`,
      `AI(?:アシスタント)?として`,
      `以下[がは]${some}翻訳`,
      `^翻訳[:：]`,
      `何かお手伝い`,
      `(?:テキスト|文章)を(?:提供|入力|送信|お送り)`,
    ],
    alike: `申し訳|すみません|ごめん|恐れ入|残念|でき|無理|かね|手伝|助|用件|文|テキスト|メッセージ|訳|送|提供|AI|モデル|いらっしゃい`,
  }),
  ko: phrases({
    says: [`^(?:죄송|미안)${some}(?:수 없|못)`, `번역은 다음`, `^번역[:：]`, `무엇을 도와`, `AI(?:로서| 언어)`],
    alike: `죄송|미안|유감|안타깝|수 없|못|도와|도움|도울|텍스트|메시지|문장|번역|보내|제공|AI|인공지능|모델`,
  }),
  ar: phrases({
    says: [
      `^(?:آسف|عذر|أعتذر|للأسف)${some}لا (?:أستطيع|يمكنني)`,
      `(?:إليك|هذه) الترجمة`,
      `^الترجمة\\s*:`,
      `كيف (?:يمكنني|أستطيع) مساعدت`,
    ],
    alike: `[آأا]سف|عذر|عتذر|سوء الحظ|لا (?:أستطيع|يمكن|أقدر)|ساعد|خدم|نص|رسال|جمل|ترجم|أرسل|قدم|ذكاء|نموذج`,
  }),
};
