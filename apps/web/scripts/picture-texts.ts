interface OpenText {
  readonly concluded: string;
  readonly tentative: string;
}

interface PictureText {
  readonly settled: readonly string[];
  /** The start of the last settled sentence, for the picture that is taken before its end. */
  readonly begun: OpenText;
  readonly open: OpenText;
}

/** The captions in the pictures, by language. */
export const parable: Readonly<Record<string, PictureText>> = {
  en: {
    settled: [
      'Good morning, and welcome, everyone.',
      'Today we read the story of a father and his two sons.',
      'The younger one asked for his share and left for a distant country.',
    ],
    begun: { concluded: 'The younger one asked ', tentative: 'for his share' },
    open: { concluded: 'When his money ran out, ', tentative: 'he wanted to go back home' },
  },
  es: {
    settled: [
      'Buenos días y bienvenidos a todos.',
      'Hoy leemos la historia de un padre y sus dos hijos.',
      'El menor pidió su parte de la herencia y se marchó a un país lejano.',
    ],
    begun: { concluded: 'El menor pidió ', tentative: 'su parte de la herencia' },
    open: { concluded: 'Cuando se le acabó el dinero, ', tentative: 'quiso volver a su casa' },
  },
  ar: {
    settled: [
      'صباح الخير وأهلاً بكم جميعاً.',
      'نقرأ اليوم قصة أب وابنيه.',
      'طلب الأصغر نصيبه من الميراث ورحل إلى بلد بعيد.',
    ],
    begun: { concluded: 'طلب الأصغر ', tentative: 'نصيبه من الميراث' },
    open: { concluded: 'ولما نفد ماله، ', tentative: 'أراد أن يعود إلى بيته' },
  },
};
