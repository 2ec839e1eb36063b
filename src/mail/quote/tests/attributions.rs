//! Attribution lines by language and client, above quotes with and without marks.

use super::reply;

/// Sure by themselves: what follows is a quote even without marks.
const SURE: &[(&str, &str)] = &[
    ("en Gmail", "On Tue, May 3, 2022 at 10:15 AM Ada Byron <ada@example.test> wrote:"),
    (
        "en Gmail wrapped",
        "On Tue, May 3, 2022 at 10:15 AM Ada Byron, Department of Machines <\nada@example.test> wrote:",
    ),
    (
        "en Gmail wrapped thrice",
        "On Tue, May 3, 2022 at 10:15 AM Ada Byron\n<ada.byron.of.the.analytical.engine@example.test>\nwrote:",
    ),
    ("en Apple", "On May 3, 2022, at 10:15, Ada Byron <ada@example.test> wrote:"),
    ("en Apple narrow space", "On May 3, 2022, at 10:15\u{202f}AM, Ada Byron <ada@example.test> wrote:"),
    ("en Thunderbird", "On 03/05/2022 10:15, Ada Byron wrote:"),
    ("en Thunderbird ISO", "On 2022-05-03 10:15, Ada Byron wrote:"),
    ("en Evolution", "On Tue, 2022-05-03 at 10:15 +0200, Ada Byron wrote:"),
    ("en Yahoo", "    On Tuesday, May 3, 2022, 10:15:00 AM GMT+2, Ada Byron <ada@example.test> wrote:  "),
    ("en Proton", "On Tuesday, May 3rd, 2022 at 10:15 AM, Ada Byron <ada@example.test> wrote:"),
    ("en Zoho", "---- On Tue, 03 May 2022 10:15:00 +0200 Ada Byron <ada@example.test> wrote ----"),
    ("en old Yahoo", "--- On Tue, 5/3/22, Ada Byron <ada@example.test> wrote:"),
    ("en Android", "-------- Ada Byron wrote --------"),
    ("en you", "On May 3, 2022, you wrote:"),
    ("en Polymail", "On Tue, May 3, 2022 at 10:15 AM Ada Byron\n\n<\nmailto:Ada Byron <ada@example.test>\n> wrote:"),
    ("en Horde", "Quoting Ada Byron <ada@example.test>:"),
    ("en no colon", "On Tue, 3 May 2022 10:15:00 +0200 Ada Byron <ada@example.test> wrote"),
    ("de Gmail", "Am Di., 3. Mai 2022 um 10:15 Uhr schrieb Ada Byron <ada@example.test>:"),
    ("de Gmail wrapped", "Am Di., 3. Mai 2022 um 10:15 Uhr schrieb Ada Byron <\nada@example.test>:"),
    ("de Apple", "Am 03.05.2022 um 10:15 schrieb Ada Byron <ada@example.test>:"),
    ("de Thunderbird", "Am 03.05.22 um 10:15 schrieb Ada Byron:"),
    ("de Outlook phone", "Ada Byron <ada@example.test> schrieb am Di. 3. Mai 2022 um 10:15:"),
    ("de Horde", "Zitat von Ada Byron <ada@example.test>:"),
    ("fr Gmail", "Le mar. 3 mai 2022 à 10:15, Ada Byron <ada@example.test> a écrit :"),
    ("fr Gmail wrapped", "Le mar. 3 mai 2022 à 10:15, Ada Byron <ada@example.test>\na écrit :"),
    ("fr Apple", "Le 3 mai 2022 à 10:15, Ada Byron <ada@example.test> a écrit :"),
    ("fr Thunderbird", "Le 03/05/2022 à 10:15, Ada Byron a écrit :"),
    ("es Gmail", "El mar, 3 may 2022 a las 10:15, Ada Byron (<ada@example.test>) escribió:"),
    ("es Apple", "El 3 may 2022, a las 10:15, Ada Byron <ada@example.test> escribió:"),
    ("es Thunderbird", "El 3/5/22 a las 10:15, Ada Byron escribió:"),
    ("ca Gmail", "Missatge de Ada Byron <ada@example.test> del dia dt., 3 de maig 2022 a les 10:15 va escriure:"),
    ("it Gmail", "Il giorno mar 3 mag 2022 alle ore 10:15 Ada Byron <ada@example.test> ha scritto:"),
    ("it Apple", "Il giorno 3 mag 2022, alle ore 10:15, Ada Byron <ada@example.test> ha scritto:"),
    ("it Thunderbird", "Il 03/05/2022 10:15, Ada Byron ha scritto:"),
    ("nl Gmail", "Op di 3 mei 2022 om 10:15 schreef Ada Byron <ada@example.test>:"),
    ("nl Apple", "Op 3 mei 2022, om 10:15 heeft Ada Byron <ada@example.test> het volgende geschreven:"),
    ("nl Thunderbird", "Op 3-5-2022 om 10:15 schreef Ada Byron:"),
    ("pt Gmail", "Em ter., 3 de mai. de 2022 às 10:15, Ada Byron <ada@example.test> escreveu:"),
    ("pt Apple", "No dia 3 de mai. de 2022, às 10:15, Ada Byron <ada@example.test> escreveu:"),
    ("pt Thunderbird", "Em 03/05/2022 10:15, Ada Byron escreveu:"),
    ("pl Gmail", "wt., 3 maj 2022 o 10:15 Ada Byron <ada@example.test> napisał(a):"),
    ("pl Apple", "Wiadomość napisana przez Ada Byron <ada@example.test> w dniu 3 maj 2022, o godz. 10:15, napisał:"),
    ("pl Thunderbird", "W dniu 3.05.2022 o 10:15, Ada Byron pisze:"),
    ("fi Gmail", "ti 3. toukok. 2022 klo 10.15 Ada Byron (ada@example.test) kirjoitti:"),
    ("fi Apple", "Ada Byron <ada@example.test> kirjoitti 3.5.2022 kello 10.15:"),
    ("fi Thunderbird", "Ada Byron kirjoitti 3.5.2022 klo 10.15:"),
    ("sv Gmail", "Den tis 3 maj 2022 kl 10:15 skrev Ada Byron <ada@example.test>:"),
    ("sv Apple", "3 maj 2022 kl. 10:15 skrev Ada Byron <ada@example.test>:"),
    ("sv Thunderbird", "Den 2022-05-03 kl. 10:15, skrev Ada Byron:"),
    ("da Gmail", "Den tir. 3. maj 2022 kl. 10.15 skrev Ada Byron <ada@example.test>:"),
    ("da Apple", "Den 3. maj 2022 kl. 10.15 skrev Ada Byron <ada@example.test>:"),
    ("no Gmail", "tir. 3. mai 2022 kl. 10:15 skrev Ada Byron <ada@example.test>:"),
    ("no Apple", "3. mai 2022 kl. 10:15 skrev Ada Byron <ada@example.test>:"),
    ("ru Gmail", "вт, 3 мая 2022 г. в 10:15, Ada Byron <ada@example.test>:"),
    ("ru Apple", "3 мая 2022 г., в 10:15, Ada Byron <ada@example.test> написал(а):"),
    ("ru Thunderbird", "03.05.2022 10:15, Ada Byron пишет:"),
    ("ru Yandex", "03.05.2022, 10:15, \"Ada Byron\" <ada@example.test>:"),
    ("ru Mail.ru", "Вторник, 3 мая 2022, 10:15 +03:00 от Ada Byron <ada@example.test>:"),
    ("ru Mail.ru, bare address", "Вторник, 3 мая 2022, 10:15 +03:00 от ada@example.test:"),
    ("uk Gmail", "вт, 3 трав. 2022 р. о 10:15 Ada Byron <ada@example.test> пише:"),
    ("uk Apple", "3 трав. 2022 р. о 10:15 Ada Byron <ada@example.test> написав(ла):"),
    ("zh Gmail", "Ada Byron <ada@example.test> 于2022年5月3日周二 10:15写道："),
    ("zh Apple", "在 2022年5月3日，10:15，Ada Byron <ada@example.test> 写道："),
    ("zh-tw Gmail", "Ada Byron <ada@example.test> 於 2022年5月3日 週二 上午10:15寫道："),
    ("ja Gmail", "2022年5月3日(火) 10:15 Ada Byron <ada@example.test>:"),
    ("ja Apple", "2022/05/03 10:15、Ada Byron <ada@example.test>のメール:"),
    ("ko Gmail", "2022년 5월 3일 (화) 오전 10:15, Ada Byron <ada@example.test>님이 작성:"),
    ("cs Gmail", "út 3. 5. 2022 v 10:15 odesílatel Ada Byron <ada@example.test> napsal:"),
    ("cs Thunderbird", "Dne 03. 05. 22 v 10:15 Ada Byron napsal(a):"),
    ("sk Gmail", "ut 3. 5. 2022 o 10:15 Ada Byron <ada@example.test> napísal(a):"),
    ("tr Gmail", "Ada Byron <ada@example.test>, 3 May 2022 Sal, 10:15 tarihinde şunu yazdı:"),
    ("hu Gmail", "Ada Byron <ada@example.test> ezt írta (időpont: 2022. máj. 3., K, 10:15):"),
    ("hu Thunderbird", "2022. 05. 03. 10:15 keltezéssel, Ada Byron írta:"),
    ("ro Gmail", "În mar., 3 mai 2022 la 10:15, Ada Byron <ada@example.test> a scris:"),
    ("el Gmail", "Στις Τρί 3 Μαΐ 2022 στις 10:15 π.μ., ο/η Ada Byron <ada@example.test> έγραψε:"),
    ("vi Gmail", "Vào Th 3, 3 thg 5, 2022 vào lúc 10:15 Ada Byron <ada@example.test> đã viết:"),
    ("id Gmail", "Pada tanggal Sel, 3 Mei 2022 pukul 10.15 Ada Byron <ada@example.test> menulis:"),
    ("hr Gmail", "uto, 3. svi 2022. u 10:15 Ada Byron <ada@example.test> napisao je:"),
    (
        "he Gmail",
        "\u{202b}בתאריך יום ג׳, 3 במאי 2022 ב-10:15 מאת \u{202a}Ada Byron\u{202c}\u{200f} <\u{202a}ada@example.test\u{202c}\u{200f}>:\u{202c}",
    ),
    ("GroupWise", ">>> Ada Byron <ada@example.test> 03.05.2022 10:15 >>>"),
    ("Notes", "Ada Byron---03.05.2022 10:15:12---Good morning, please find enclosed"),
];

/// Enough above quote marks only.
const ABOVE_MARKS: &[&str] = &[
    "Ada Byron wrote:",
    "Ada schrieb:",
    "* Ada Byron <ada@example.test> [2022-05-03 10:15]:",
    "2022/5/3 Ada Byron <ada@example.test>",
    "Ada Byron скаже 3.05.2022 10:15 ada@example.test:",
];

/// Words of the mail, whatever stands below them.
const WORDS: &[&str] = &[
    "On the other hand, it wrote:",
    "On 3 May 2022 at 10:15 we wrote:",
    "On 3 May 2022 at 10:15 the server wrote:",
    "Ada from the desk said on 3 May 2022:",
    "Am 3. Mai 2022 habe ich geschrieben:",
    "The log of 3 May 2022 says:",
    "Opening hours on 3 May 2022: 10:15 to 12:00",
    "Please write to Ada Byron <ada@example.test> on 3 May 2022.",
    "https://example.test/on-2022-05-03-somebody-wrote:",
    "2022-05-03 10:15:00 ERROR disk full",
    "Meeting on 3 May with Ada Byron <ada@example.test>:",
];

#[test]
fn sure_ones_cut_unmarked_quotes() {
    for (client, line) in SURE {
        assert_eq!(
            reply(&format!("Thank you.\n\n{line}\n\nThe old words.\n\nMore of them.\n")),
            "Thank you.",
            "{client}"
        );
    }
}

#[test]
fn all_of_them_head_marked_quotes() {
    for line in SURE.iter().map(|(_, line)| line).chain(ABOVE_MARKS) {
        assert_eq!(
            reply(&format!("Thank you.\n\n{line}\n\n> The old words.\n> More of them.\n")),
            "Thank you.",
            "{line}"
        );
        assert_eq!(reply(&format!("Thank you.\n{line}\n> The old words.\n")), "Thank you.", "{line}");
        assert_eq!(reply(&format!("{line}\n\n> The old words.\n\nThank you.\n")), "Thank you.", "{line}");
    }
}

#[test]
fn weak_ones_cut_nothing_unmarked() {
    for line in ABOVE_MARKS.iter().chain(WORDS) {
        let text = format!("Hello,\n\n{line}\n\nnothing but zeros.");
        assert_eq!(reply(&text), text);
    }
}

#[test]
fn one_that_shares_its_line_leaves_the_words() {
    for (line, words) in [
        ("It works--- On Tue, May 3, 2022 at 10:15 AM, ada@example.test wrote:", "It works"),
        ("It works On Tue, May 3, 2022 at 10:15 AM, Ada Byron <ada@example.test> wrote:", "It works"),
        ("Es geht. Am 03.05.2022 um 10:15 schrieb Ada Byron:", "Es geht."),
    ] {
        let split = super::split(&format!("{line}\n> The old words."), None);
        assert_eq!(split.reply, words);
        assert_eq!(split.quoted, format!("{line}\n> The old words."), "the whole line is kept below");
    }
}

/// A client wraps what it quotes after the marks were set: lines without a mark belong to the attribution inside.
#[test]
fn one_inside_of_a_quote_may_have_lost_its_marks() {
    for inner in [
        "> On Mon, Mar 2, 2026 at 8:00 AM Ada Byron\n<ada@example.test>\n> wrote:\n>\n>> The older words.",
        "> Am 01.03.26 um 08:00 schrieb Ada Byron vom Support der Firma\nExample:\n>> The older words.",
        "> The words.\nNon-text part: multipart/related\nNon-text part: image/png\n> More.",
        "> The words.\n[ text/html ]\n> More.",
    ] {
        let text = format!("Thank you.\n\nBob <bob@example.test> writes:\n\n> The old words.\n>\n{inner}");
        assert_eq!(reply(&text), "Thank you.", "{text}");
    }
    // Answers between the parts of a quote are words, whatever they speak of.
    for answer in ["Yes, that is fine.", "On Monday, then.", "[see below]"] {
        let text =
            format!("Bob <bob@example.test> wrote:\n> Shall we meet on 3 May 2024?\n{answer}\n> And where?\nHere.");
        assert!(reply(&text).contains(answer), "{text}");
    }
}

#[test]
fn a_name_whose_verb_was_wrapped_heads_a_marked_quote() {
    assert_eq!(reply("Thank you.\n\nAda Byron\nwrites:\n> The old words.\n"), "Thank you.");
}

/// Renderers that lose a line break leave no space either.
#[test]
fn one_may_be_glued_to_the_sentence_above() {
    for words in ["Thank you.", "Thank you!", "Does it work?", "Thank you (all)"] {
        let text = format!("{words}On Tue, May 3, 2022 at 10:15 AM Ada <ada@example.test> wrote:\n\n> The old words.");
        assert_eq!(reply(&text), words, "{text}");
    }
    let text = "See example.test/On 3 May 2022 Ada <ada@example.test> wrote: a poem";
    assert_eq!(reply(text), text);
}

/// s-nail marks by a tab, also what is quoted inside of the quote.
#[test]
fn a_quote_inside_of_one_marked_by_tabs() {
    let text = "Bob <bob@example.test> wrote:\n\n\tThe old words.\n\t\n\tOn 3 May 2022, Ada wrote:\n\t> Older words.\n\t\n\t-- \n\tBob\n\nThank you.";
    assert_eq!(reply(text), "Thank you.");
}
