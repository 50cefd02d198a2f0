import type { TalkKind } from './assistant-phrases.ts';

type Words = Readonly<Record<TalkKind, RegExp>>;

/** Whole words, where a pattern would find them inside of others. */
const only = (...words: readonly string[]): string => `(?<![\\p{L}\\p{M}])(?:${words.join('|')})(?![\\p{L}\\p{M}])`;

function words(patterns: Readonly<Record<TalkKind, string>>): Words {
  const of = (kind: TalkKind): RegExp => new RegExp(patterns[kind].normalize('NFC'), 'iu');
  return { refusal: of('refusal'), offer: of('offer'), remark: of('remark') };
}

const norwegian = words({
  refusal: `unnskyld|beklag|dessverre|diverre|lei (?:for|meg)|tilgi|umulig|sorry|${only('ikke', 'ikkje', 'aldri', 'ingen', 'intet', 'ingenting', 'nei', 'uten', 'utan', 'verken')}`,
  offer: `hjelp|hjalp|hjulp|assist|tjeneste|teneste|betjen|støtt`,
  remark: `tekst|melding|setning|oversett|oversatt|innhold|intelligens|${only('ai', 'ki')}|modell|assistent`,
});

const malay = words({
  refusal: `maaf|menyesal|sayang|sesal|mustahil|${only('tidak', 'tak', 'bukan', 'jangan', 'belum', 'tanpa', 'nggak', 'gak', 'enggak', 'tiada')}`,
  offer: `bantu|tolong|layan|dukung|sokong`,
  remark: `teks|pesan|mesej|kalimat|ayat|terjemah|kandungan|kecerdasan|${only('isi', 'ai')}|model|asisten|pembantu`,
});

/**
 * By the base language of a text: words of which anybody says one who says what an assistant would. Whoever refuses
 * apologises or negates, and not everybody who talks of help refuses it.
 */
export const speakerWords: Readonly<Record<string, Words>> = {
  en: words({
    refusal: `sorry|apolog|excuse|pardon|afraid|regret|unfortunate|unable|impossible|${only(`(?:ca|do|did|does|is|are|was|were|wo|would|could|should|has|have|had|ai)n['’]?t`, 'not', 'cannot', 'no', 'never', 'none', 'nothing', 'nobody', 'neither', 'nor', 'without', 'sad', 'sadly')}`,
    offer: `help|assist|serve|service|support|do for|${only('hand', 'aid')}`,
    remark: `text|message|sentence|phrase|translat|content|${only('ai')}|artificial|model|assistant|input`,
  }),
  es: words({
    refusal: `lament|disculp|perd[oó]n|desgracia|imposible|incapaz|${only('siento', 'pena', 'no', 'ni', 'nunca', 'jamás', 'nada', 'nadie', 'tampoco', 'sin', 'ning[uú]na?')}`,
    offer: `ayud|asist|atend|servi|ofrec|d[ií]ga|apoy|socorr|${only('mano')}`,
    remark: `texto|mensaje|frase|oraci[oó]n|tradu|contenido|inteligencia|${only('ia')}|modelo|asistente|entrada`,
  }),
  fr: words({
    refusal: `désol|excus|pardon|regret|malheureu|hélas|navré|dommage|impossible|incapable|(?<!\\p{L})n['’]|${only('ne', 'ni', 'pas', 'non', 'jamais', 'rien', 'aucune?', 'sans')}`,
    offer: `(?<!\\p{L})aid|assist|servi|secour|renseign|désir|accompagn|${only('main')}`,
    remark: `texte|message|phrase|tradui|traduc|contenu|intelligence|${only('ia')}|modèle|assistant`,
  }),
  de: words({
    refusal: `entschuld|verzeih|pardon|bedau|unmöglich|außerstand|unfähig|verhindert|sorry|${only('leid', 'leider', 'schade', 'nicht', 'nichts', 'nix', 'nie', 'niemals', 'niemand\\p{L}*', 'kein\\p{L}*', 'ohne', 'nein', 'weder', 'kaum')}`,
    offer: `hilf|helf|geholf|behilf|bedien|dienen|dienst(?!ag)|gedient|unterstütz|beisteh|assist|wünsch|(?:was|wie|womit) (?:kann|darf|können|dürfen) (?:ich|wir)|was darf|${only('Hand')}`,
    remark: `text|nachricht|satz|sätze|phrase|übersetz|dolmetsch|inhalt|mitteilung|eingabe|intelligenz|${only('ki')}|modell|assistent`,
  }),
  it: words({
    refusal: `dispiac|scus|spiac|purtroppo|perdon|peccato|impossibil|incapac|${only('non', 'no', 'né', 'mai', 'niente', 'nulla', 'nessun\\p{L}*', 'neanche', 'senza')}`,
    offer: `aiut|assist|servi|desider|soccor|support|${only('mano')}`,
    remark: `testo|messaggio|frase|tradu|contenuto|intelligenza|${only('ia')}|modello|assistente`,
  }),
  pt: words({
    refusal: `desculp|lament|infeliz|perd[ãa]o|impossível|incapaz|${only('sinto', 'pena', 'n[ãa]o', 'nem', 'nunca', 'jamais', 'nada', 'ninguém', 'sem', 'nenhu[mn]\\p{L}*')}`,
    offer: `ajud|atend|assist|servi|deseja|apoi|socorr|${only('mão')}`,
    remark: `texto|mensagem|frase|tradu|tradz|conteúdo|inteligência|modelo|assistente`,
  }),
  ca: words({
    refusal: `greu|lament|disculp|perd[óo]|llàstima|impossible|incapaç|${only('sento', 'no', 'ni', 'mai', 'res', 'ningú', 'cap', 'sense', 'tampoc', 'pas')}`,
    offer: `ajud|atend|servir|servei|assist|desitg|suport|${only('mà')}`,
    remark: `text|missatge|frase|tradu|contingut|intel·ligència|${only('ia')}|model|assistent`,
  }),
  nl: words({
    refusal: `sorry|spijt|helaas|excus|pardon|jammer|onmogelijk|${only('niet', 'niets', 'nooit', 'niemand', 'geen', 'nee', 'zonder', 'noch', 'nauwelijks')}`,
    offer: `help|hulp|geholp|dienst|wens|ondersteun|bijstaan`,
    remark: `tekst|bericht|vertal|inhoud|intelligentie|${only('zin', 'zinnen', 'ai')}|model|assistent`,
  }),
  sv: words({
    refusal: `förlåt|ursäkta|ledsen|tyvärr|beklag|synd|sorry|omöjlig|${only('inte', 'icke', 'ej', 'aldrig', 'ingen', 'inget', 'inga', 'ingenting', 'utan', 'nej', 'varken', 'knappast')}`,
    offer: `hjälp|assist|betjän|tjänst|stöd|stå till`,
    remark: `text|meddelande|mening|översätt|översatt|fras|innehåll|intelligens|${only('ai')}|modell|assistent`,
  }),
  da: words({
    refusal: `undskyld|beklag|desværre|ked af|tilgiv|umulig|sorry|${only('ikke', 'aldrig', 'ingen', 'intet', 'ingenting', 'nej', 'uden', 'hverken')}`,
    offer: `hjælp|hjalp|hjulp|assist|betjen|tjeneste|støtt`,
    remark: `tekst|besked|sætning|oversæt|oversat|indhold|intelligens|${only('ai')}|model|assistent`,
  }),
  nb: norwegian,
  nn: norwegian,
  no: norwegian,
  fi: words({
    refusal: `anteeksi|pahoitt|valitett|valitan|harmi|mahdoton|sori|${only('en', 'et', 'ei', 'emme', 'ette', 'eivät', 'älä', 'älkää', 'ilman')}`,
    offer: `autt|autan|auta|apua|palvel|avuks|avust|tuke`,
    remark: `tekst|viesti|lause|käännö|kääntä|sisältö|tekoäly|malli|avustaja`,
  }),
  ru: words({
    refusal: `извин|прости|прощени|сожал|жаль|увы|нельзя|невозможн|неспособ|никак|${only('не', 'нет', 'ни', 'никогда', 'никто', 'ничего', 'без')}`,
    offer: `помо[гщчж]|обслуж|услу|слуша|выруч|поддерж|содейств|угодно`,
    remark: `текст|сообщен|предложен|фраз|перев[оеё]|содерж|интеллект|${only('ии')}|модел|ассистент|помощник`,
  }),
  uk: words({
    refusal: `вибач|пробач|перепро|прикро|неможлив|${only('жаль', 'шкода', 'не', 'ні', 'ані', 'немає', 'нема', 'ніколи', 'ніхто', 'нічого', 'без')}`,
    offer: `допом|послуг|слуха|обслуг|підтрим|виручу`,
    remark: `текст|повідомл|речен|фраз|перекл|зміст|інтелект|${only('ші')}|модел|асистент`,
  }),
  bg: words({
    refusal: `извин|прост[еи]|съжал|жалост|невъзмож|${only('не', 'няма', 'нямам', 'ни', 'нито', 'никога', 'никой', 'нищо', 'без')}`,
    offer: `помо[гщ]|помаг|услуг|служ|съдейств|подкреп`,
    remark: `текст|съобщен|изречен|превод|превед|превежд|фраз|съдърж|интелект|модел|асистент`,
  }),
  pl: words({
    refusal: `przepra|przykro|niestety|wybacz|szkoda|niemożliw|${only('nie', 'ani', 'nigdy', 'nikt', 'nic', 'bez', 'żad\\p{L}*')}`,
    offer: `pom(?:ó[cżg]|o[cżg]|ag)|służ|słucham|obsłu|wspar|wspier`,
    remark: `tekst|wiadomoś|zdani|fraz|tłumacz|przekład|treś|inteligencj|${only('ai')}|model|asystent`,
  }),
  cs: words({
    refusal: `promiň|promint|omlouv|omluv|bohužel|líto|lituj|odpus|(?<!\\p{L})ne(?!bo(?!\\p{L})|ž)|${only('ani', 'nikdy', 'nikdo', 'nic', 'bez', 'žádn\\p{L}*')}`,
    offer: `pomo[chz]|pomů|pomáh|poslou|služ|obslou|podpo`,
    remark: `text|zpráv|vět|přelož|překl|fráz|obsah|inteligenc|${only('ai')}|model|asistent`,
  }),
  ro: words({
    refusal: `scuz|regret|iart|iert|păcat|imposibil|(?<!\\p{L})n-|${only('rău', 'nu', 'nici', 'niciodată', 'nimeni', 'nimic', 'fără')}`,
    offer: `ajut|asist|serv|sprij`,
    remark: `text|mesaj|propozi|fraz|traduc|tradus|conținut|conţinut|inteligen|model|asistent`,
  }),
  hu: words({
    refusal: `sajn|bocs|elnéz|lehetetlen|${only('nem', 'ne', 'sem', 'se', 'soha', 'senki', 'semmi', 'nincs', 'nélkül')}`,
    offer: `segít|segí|szolgál|támog|állhat`,
    remark: `szöveg|üzenet|mondat|fordít|tartal|intelligenc|modell|asszisztens|${only('ai')}`,
  }),
  el: words({
    refusal: `συγγνώμη|συγνώμη|λυπ|δυστυχώς|αδύνατ|${only('δεν', 'δε', 'μη', 'μην', 'όχι', 'ούτε', 'ποτέ', 'κανείς', 'κανένας', 'τίποτα', 'χωρίς')}`,
    offer: `βοήθ|βοηθ|εξυπηρετ|υπηρεσ|υποστηρ`,
    remark: `κείμεν|μήνυμα|μηνύμα|πρότασ|προτάσ|μετάφρ|μεταφρ|φράσ|περιεχ|νοημοσύν|μοντέλ|βοηθό`,
  }),
  tr: words({
    refusal: `üzgün|maalesef|özür|pardon|affed|kusura|ne yazık|imk[aâ]nsız|değil|[ae]m[ae]m|m[ıiuü]yor|m[ae]z|m[ae]d[ıi]|m[ae]y[ae]c|${only('yok', 'hayır', 'asla', 'hiç')}`,
    offer: `yardım|buyur|hizmet|destek|istersiniz|arzu`,
    remark: `metin|metn|mesaj|cümle|çevir|tercüme|içerik|zek[aâ]|model|asistan`,
  }),
  ar: words({
    refusal: `[آأا]سف|عذر|عتذر|سوء الحظ|مستحيل|ليس|لست|${only('[وف]?(?:لا|لم|لن|ما|غير|بدون|دون)')}`,
    offer: `ساعد|خدم|عاون|عون|تفضل`,
    remark: `نص|رسال|جمل|ترجم|محتو|ذكاء|نموذج|مساعد`,
  }),
  he: words({
    refusal: `סליחה|מצטער|מתנצל|לצער|חבל|אי אפשר|איננ|${only('[וש]?(?:לא|אין|אל|בלי|ללא|אף)')}`,
    offer: `עזור|עזר|סייע|שירות|שרת`,
    remark: `טקסט|הודע|משפט|תרגו|תרגם|תוכן|בינה|מודל|קלט`,
  }),
  fa: words({
    refusal: `متاسف|متأسف|ببخش|معذرت|عذر|نمی|نمي|نیست|ممکن نی|${only('نه', 'هیچ', 'بدون', 'هرگز')}`,
    offer: `کمک|خدمت|یاری|پشتیبانی`,
    remark: `متن|پیام|جمله|ترجمه|هوش|مدل|محتو|دستیار`,
  }),
  hi: words({
    refusal: `माफ|क्षमा|खेद|सोस|दुर्भाग्य|असमर्थ|असंभव|नहीं|नही|${only('मत', 'न', 'ना', 'बिना')}`,
    offer: `मदद|सहायता|सेवा|सहयोग`,
    remark: `पाठ|टेक्स्ट|संदेश|वाक्य|अनुवाद|सामग्री|एआई|AI|मॉडल|बुद्धि|असिस्टेंट|मैसेज`,
  }),
  vi: words({
    refusal: `xin lỗi|tiếc|thứ lỗi|bất khả|${only('không', 'chẳng', 'chả', 'chưa', 'đừng', 'ko')}`,
    offer: `giúp|hỗ trợ|phục vụ`,
    remark: `văn bản|tin nhắn|thông điệp|nội dung|trí tuệ|mô hình|trợ lý|${only('câu', 'dịch')}`,
  }),
  id: malay,
  ms: malay,
  th: words({
    refusal: `ขอโทษ|ขออภัย|เสียใจ|เสียดาย|ไม่|อย่า|ไร้`,
    offer: `ช่วย|บริการ|รับใช้|สนับสนุน`,
    remark: `ข้อความ|ประโยค|แปล|เนื้อหา|ปัญญาประดิษฐ์|เอไอ|AI|โมเดล|แบบจำลอง|ผู้ช่วย`,
  }),
  zh: words({
    refusal: `歉|对不起|對不起|遗憾|遺憾|可惜|不|没|沒|无|無`,
    offer: `帮|幫|助|服务|服務|效劳|效勞|需要|支持`,
    remark: `文本|内容|內容|句|文字|消息|信息|短信|译|譯|翻|AI|人工智能|模型|助手`,
  }),
  ja: words({
    refusal: `申し訳|すみません|すいません|ごめん|恐れ入|失礼|残念|あいにく|無理|不可|駄目|ダメ|だめ|かね|ない|なく|なかった|ません|できず`,
    offer: `手伝|助|用件|ご用|いらっしゃい|サポート|支援|力に|役に立`,
    remark: `文|テキスト|メッセージ|訳|内容|AI|人工知能|モデル|アシスタント|入力`,
  }),
  ko: words({
    refusal: `죄송|미안|유감|안타깝|아쉽|못|않|없|아니|불가|말고|${only('안')}`,
    offer: `도와|도움|도울|돕|지원|필요하`,
    remark: `텍스트|메시지|문장|글(?!쎄)|번역|내용|AI|인공지능|모델|어시스턴트`,
  }),
};
