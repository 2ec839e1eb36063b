//! Letters as they are compared across languages.

/// A letter without its marks: what is learnt depends on which.
pub fn plain(letter: char) -> impl Iterator<Item = char> {
    let (first, second) = match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => ('a', None),
        'ç' | 'ć' | 'č' => ('c', None),
        'ď' => ('d', None),
        'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ě' => ('e', None),
        'ğ' => ('g', None),
        'í' | 'ì' | 'î' | 'ï' | 'ı' => ('i', None),
        'ł' => ('l', None),
        'ñ' | 'ń' | 'ň' => ('n', None),
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' => ('o', None),
        'ř' => ('r', None),
        'ś' | 'š' | 'ş' => ('s', None),
        'ß' => ('s', Some('s')),
        'ť' => ('t', None),
        'ú' | 'ù' | 'û' | 'ü' | 'ů' => ('u', None),
        'ý' | 'ÿ' => ('y', None),
        'ź' | 'ż' | 'ž' => ('z', None),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'ё' => ('е', None),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}
