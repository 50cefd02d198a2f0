interface PictureText {
  readonly settled: readonly string[];
  readonly open: { readonly concluded: string; readonly tentative: string };
}

/** The captions in the pictures, by language. */
export const parable: Readonly<Record<string, PictureText>> = {
  es: {
    settled: [
      'Buenos días y bienvenidos a todos.',
      'Hoy leemos la historia de un padre y sus dos hijos.',
      'El menor pidió su parte de la herencia y se marchó a un país lejano.',
    ],
    open: { concluded: 'Cuando se le acabó el dinero, ', tentative: 'quiso volver a su casa' },
  },
  ar: {
    settled: [
      'صباح الخير وأهلاً بكم جميعاً.',
      'نقرأ اليوم قصة أب وابنيه.',
      'طلب الأصغر نصيبه من الميراث ورحل إلى بلد بعيد.',
    ],
    open: { concluded: 'ولما نفد ماله، ', tentative: 'أراد أن يعود إلى بيته' },
  },
};
