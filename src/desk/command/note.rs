//! Commands about who reads the mail: `#note`, `#publish`.

use super::arguments::nothing;
use super::errand::{Done, Errand};
use super::order::{NoteOrder, Order};
use super::row::{Role, Row};
use super::said::Said;

/// The commands of the family.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "note",
        synonyms: &["internal", "private"],
        arguments: ["[text]", "[Text]", "[teksti]"],
        read: |words| Some(Order::Note(NoteOrder::Note { words: words.to_owned() })),
        role: Role::Engineer,
        does: [
            "The whole email is a note: only colleagues read it. Whoever it names, as in `@liisa`, is told.",
            "Die ganze E-Mail ist eine Notiz: Nur das Team liest sie. Wer darin genannt ist, etwa `@liisa`, erfährt davon.",
            "Koko viesti on muistiinpano: vain työtoverit näkevät sen. Siinä mainitulle, esimerkiksi `@liisa`, kerrotaan siitä.",
        ],
        example: "#note",
    },
    Row {
        name: "publish",
        synonyms: &["public"],
        arguments: ["", "", ""],
        read: |words| nothing(words, Order::Note(NoteOrder::Publish)),
        role: Role::Engineer,
        does: [
            "What you write below goes to the customer, even in answer to a note.",
            "Was Sie darunter schreiben, geht an die Kundin oder den Kunden, auch als Antwort auf eine Notiz.",
            "Alle kirjoittamasi teksti lähetetään asiakkaalle, vaikka vastaisit muistiinpanoon.",
        ],
        example: "#publish",
    },
];

/// Carries one out: who reads the mail is done with the mail itself.
pub(super) fn obey(order: &NoteOrder, errand: &mut Errand) -> Result<Done, Said> {
    let said = match order {
        NoteOrder::Note { words } => {
            errand.note = true;
            errand.note_words.push_str(words);
            Said::Note
        }
        NoteOrder::Publish => {
            errand.published = true;
            Said::Published
        }
    };
    if errand.note && errand.published { Err(Said::NoteAndPublished) } else { Ok(Done::only(said)) }
}
