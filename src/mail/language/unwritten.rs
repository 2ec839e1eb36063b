//! What we say to who writes in a language that we do not write.

/// One line in a language (ISO 639-1) that no mail of ours exists in: that the answer comes in another one. `None` for
/// languages that we write, and for those in which we cannot say even this.
pub fn unwritten(code: &str) -> Option<&'static str> {
    SENTENCES.iter().find(|(known, _)| *known == code).map(|(_, sentence)| *sentence)
}

const SENTENCES: &[(&str, &str)] = &[
    ("cs", "Česky zatím nepíšeme, proto vám odpovídáme v jiném jazyce."),
    ("ko", "아직 한국어로는 안내를 드리지 못하여 다른 언어로 답변드립니다."),
    ("no", "Vi skriver dessverre ikke norsk ennå, så vi svarer på et annet språk."),
    ("ru", "Мы пока не пишем по-русски, поэтому отвечаем на другом языке."),
    ("tr", "Henüz Türkçe yazamıyoruz; bu nedenle size başka bir dilde yanıt veriyoruz."),
    ("uk", "Ми поки що не пишемо українською, тому відповідаємо іншою мовою."),
    ("zh", "我们目前还不能用中文书写，因此用其他语言回复您，敬请谅解。"),
];
