import { baseLanguage, type LanguageTag } from '@parley/protocol';

/**
 * @param parts also matched inside words
 * @param words matched as whole words only
 */
function denials(parts: string, words?: string): RegExp {
  const whole = words === undefined ? '' : `|(?<![\\p{L}\\p{M}])(?:${words})(?![\\p{L}\\p{M}])`;
  return new RegExp(`${parts}${whole}`.normalize('NFC'), 'iu');
}

const norwegian = denials(
  `unnskyld|beklag|dessverre|diverre|lei (?:for|meg)|tilgi|umulig|sorry`,
  `ikke|ikkje|aldri|ingen|intet|ingenting|nei|uten|utan|verken`,
);
const malay = denials(
  `maaf|menyesal|sayang|sesal|mustahil`,
  `tidak|tak|bukan|jangan|belum|tanpa|nggak|gak|enggak|tiada`,
);

/** Words of apology and negation that a refusal contains, by base language. */
export const denialWords: Readonly<Record<string, RegExp>> = {
  en: denials(
    `sorry|apolog|excuse|pardon|afraid|regret|unfortunate|unable|impossible`,
    `(?:ca|do|did|does|is|are|was|were|wo|would|could|should|has|have|had|ai)n['’]?t|not|cannot|no|never|none|nothing|nobody|neither|nor|without|sad|sadly`,
  ),
  es: denials(
    `lament|disculp|perd[oó]n|desgracia|imposible|incapaz`,
    `siento|pena|no|ni|nunca|jamás|nada|nadie|tampoco|sin|ning[uú]na?`,
  ),
  fr: denials(
    `désol|excus|pardon|regret|malheureu|hélas|navré|dommage|impossible|incapable|(?<!\\p{L})n['’]`,
    `ne|ni|pas|non|jamais|rien|aucune?|sans`,
  ),
  de: denials(
    `entschuld|verzeih|pardon|bedau|unmöglich|außerstand|unfähig|verhindert|sorry`,
    `leid|leider|schade|nicht|nichts|nix|nie|niemals|niemand\\p{L}*|kein\\p{L}*|ohne|nein|weder|kaum`,
  ),
  it: denials(
    `dispiac|scus|spiac|purtroppo|perdon|peccato|impossibil|incapac`,
    `non|no|né|mai|niente|nulla|nessun\\p{L}*|neanche|senza`,
  ),
  pt: denials(
    `desculp|lament|infeliz|perd[ãa]o|impossível|incapaz`,
    `sinto|pena|n[ãa]o|nem|nunca|jamais|nada|ninguém|sem|nenhu[mn]\\p{L}*`,
  ),
  ca: denials(
    `greu|lament|disculp|perd[óo]|llàstima|impossible|incapaç`,
    `sento|no|ni|mai|res|ningú|cap|sense|tampoc|pas`,
  ),
  nl: denials(
    `sorry|spijt|helaas|excus|pardon|jammer|onmogelijk`,
    `niet|niets|nooit|niemand|geen|nee|zonder|noch|nauwelijks`,
  ),
  sv: denials(
    `förlåt|ursäkta|ledsen|tyvärr|beklag|synd|sorry|omöjlig`,
    `inte|icke|ej|aldrig|ingen|inget|inga|ingenting|utan|nej|varken|knappast`,
  ),
  da: denials(
    `undskyld|beklag|desværre|ked af|tilgiv|umulig|sorry`,
    `ikke|aldrig|ingen|intet|ingenting|nej|uden|hverken`,
  ),
  nb: norwegian,
  nn: norwegian,
  no: norwegian,
  fi: denials(`anteeksi|pahoitt|valitett|valitan|harmi|mahdoton|sori`, `en|et|ei|emme|ette|eivät|älä|älkää|ilman`),
  ru: denials(
    `извин|прости|прощени|сожал|жаль|увы|нельзя|невозможн|неспособ|никак`,
    `не|нет|ни|никогда|никто|ничего|без`,
  ),
  uk: denials(`вибач|пробач|перепро|прикро|неможлив`, `жаль|шкода|не|ні|ані|немає|нема|ніколи|ніхто|нічого|без`),
  bg: denials(`извин|прост[еи]|съжал|жалост|невъзмож`, `не|няма|нямам|ни|нито|никога|никой|нищо|без`),
  pl: denials(`przepra|przykro|niestety|wybacz|szkoda|niemożliw`, `nie|ani|nigdy|nikt|nic|bez|żad\\p{L}*`),
  cs: denials(
    `promiň|promint|omlouv|omluv|bohužel|líto|lituj|odpus|(?<!\\p{L})ne(?!bo(?!\\p{L})|ž)`,
    `ani|nikdy|nikdo|nic|bez|žádn\\p{L}*`,
  ),
  ro: denials(`scuz|regret|iart|iert|păcat|imposibil|(?<!\\p{L})n-`, `rău|nu|nici|niciodată|nimeni|nimic|fără`),
  hu: denials(`sajn|bocs|elnéz|lehetetlen`, `nem|ne|sem|se|soha|senki|semmi|nincs|nélkül`),
  el: denials(`συγγνώμη|συγνώμη|λυπ|δυστυχώς|αδύνατ`, `δεν|δε|μη|μην|όχι|ούτε|ποτέ|κανείς|κανένας|τίποτα|χωρίς`),
  tr: denials(
    `üzgün|maalesef|özür|pardon|affed|kusura|ne yazık|imk[aâ]nsız|değil|[ae]m[ae]m|m[ıiuü]yor|m[ae]z|m[ae]d[ıi]|m[ae]y[ae]c`,
    `yok|hayır|asla|hiç`,
  ),
  ar: denials(`[آأا]سف|عذر|عتذر|سوء الحظ|مستحيل|ليس|لست`, `[وف]?(?:لا|لم|لن|ما|غير|بدون|دون)`),
  he: denials(`סליחה|מצטער|מתנצל|לצער|חבל|אי אפשר|איננ`, `[וש]?(?:לא|אין|אל|בלי|ללא|אף)`),
  fa: denials(`متاسف|متأسف|ببخش|معذرت|عذر|نمی|نمي|نیست|ممکن نی`, `نه|هیچ|بدون|هرگز`),
  hi: denials(`माफ|क्षमा|खेद|सोस|दुर्भाग्य|असमर्थ|असंभव|नहीं|नही`, `मत|न|ना|बिना`),
  vi: denials(`xin lỗi|tiếc|thứ lỗi|bất khả`, `không|chẳng|chả|chưa|đừng|ko`),
  id: malay,
  ms: malay,
  th: denials(`ขอโทษ|ขออภัย|เสียใจ|เสียดาย|ไม่|อย่า|ไร้`),
  zh: denials(`歉|对不起|對不起|遗憾|遺憾|可惜|不|没|沒|无|無`),
  ja: denials(
    `申し訳|すみません|すいません|ごめん|恐れ入|失礼|残念|あいにく|無理|不可|駄目|ダメ|だめ|かね|ない|なく|なかった|ません|できず`,
  ),
  ko: denials(`죄송|미안|유감|안타깝|아쉽|못|않|없|아니|불가|말고`, `안`),
};

/** Words about helping and serving. They mean little else in other languages, so one list covers all. */
const helpWords = new RegExp(
  [
    'help|assist|serv|support|wish|do for|what would you|ayud|asist|atend|ofrec|apoy|dese[ae]|diga|(?<!\\p{L})aid|désir|secour|renseign',
    'hilf|helf|holf|bedien|dienen|dienst|unterstütz|wünsch|was darf|kann ich|aiut|desider|soccor|ajud|desitj|hulp|wens|hjälp|hjelp|hjælp',
    'autt|auta|palvel|avus|помо|услу|слуш|угодно|допом|послуг|слуха|pom[oóa]|pomů|służ|słucha|služ|ajut|segít|szolgál|βο[ήη]θ|εξυπηρετ',
    'yardım|buyur|hizmet|ساعد|خدم|عون|עזר|עזור|שירות|کمک|मदद|सहायता|सेवा|giúp|hỗ trợ|bantu|tolong|ช่วย|帮|幫|服[务務]|需要|手伝|助|用件|ご用|いらっしゃ|도[와움울]|돕|필요',
  ].join('|'),
  'iu',
);

/** Words about texts, translations and AI models; one list covers all languages. */
const textWords = new RegExp(
  [
    'te[kx]st|text|testo|metin|metn|message|mensa[jg]|messagg|missatge|bericht|nachricht|mesaj|сообщ|повідом|съобщ|wiadomo|zpráv|μ[ήη]ν[υύ]μ|κείμεν|رسال|نص|پیام|متن|הודע|टेक्स्ट|संदेश|văn bản|tin nhắn|pesan|ข้อความ|文|消息|信息|短信|메시지|글',
    'melding|meddel|besked|mitteil|viesti|üzenet|szöveg|mesej|thông điệp|lause|mondat|propozi|πρ[οό]τ[άα]σ|kalimat|câu|ประโยค',
    'sentence|phrase|fr[aá][sz]|oraci|satz|sätze|sentens|setning|mening|(?<!\\p{L})zin(?:nen)?(?!\\p{L})|речен|предложен|zdani|cümle|جمل|句|문장',
    'transl|tradu|tradz|übersetz|dolmetsch|vertal|över?s[aä]tt|overs[aæe]t|tłumacz|překl|přelož|перев[оеё]|перекл|прев[оеё]|ford[ií]t|çevir|tercüm|ترجم|תרג|अनुवाद|dịch|terjemah|แปล|译|譯|翻|訳|번역|μετ[άα]φρ|käänn|käänt',
    // Russian uses the same word for "translation" and "money transfer".
    'transfer|remit|überweis|virement|bonific',
    'inhalt|contenu|conten|inhoud|содерж|зміст|treś|input|eingabe|内容|內容|내용',
    '(?<![\\p{sc=Latn}\\p{sc=Cyrl}])(?:ai|ki|ia|ии|ші)(?![\\p{sc=Latn}\\p{sc=Cyrl}])|artific|intel[·.]?li[gc]|інтелект|интеллект|künstlich|mod[eèé]l|модел|μοντέλ|tekoäly|zek[aâ]|ذكاء|هوش|בינה|人工|지능|モデル|模型|모델',
  ].join('|'),
  'iu',
);

/** Whether a text contains an apology or negation; `undefined` if the language is not covered. */
export function hasDenial(text: string, language: LanguageTag): boolean | undefined {
  return denialWords[baseLanguage(language)]?.test(text);
}

/** Whether a text mentions help or service. */
export function mentionsHelp(text: string): boolean {
  return helpWords.test(text);
}

/** Whether a text mentions texts, translations or AI models. */
export function mentionsTexts(text: string): boolean {
  return textWords.test(text);
}
