//! "It was not delivered" in whatever language and order of words.

use std::sync::LazyLock;

use super::pairs::Pairs;

static PAIRS: LazyLock<Pairs> = LazyLock::new(|| Pairs::of(include_str!("words/failed.txt"), "delivery"));

/// Letters looked at of a text, and words of a subject.
const HEAD: usize = 1_500;
const MAX_SUBJECT_WORDS: usize = 14;

/// Whether a text (lower case, on one line) says so near its beginning.
pub fn is_said(flat: &str) -> bool {
    let head: String = flat.chars().take(HEAD).collect();
    in_a_clause(&head)
}

/// Whether a subject (lower case) says so and little else.
pub fn is_subject(subject: &str) -> bool {
    subject.split_whitespace().nth(MAX_SUBJECT_WORDS).is_none() && in_a_clause(subject)
}

fn in_a_clause(text: &str) -> bool {
    text.split([';', '|', '!', '?']).flat_map(|piece| piece.split(". ")).any(|clause| PAIRS.are_in(clause))
}

#[cfg(test)]
mod tests {
    use super::{is_said, is_subject};

    #[test]
    fn in_any_language_and_order() {
        for said in [
            "ihre nachricht an kim@example.test konnte nicht zugestellt werden.",
            "uw bericht kon niet worden afgeleverd",
            "het bezorgen van uw bericht is mislukt:",
            "il messaggio non è stato recapitato al seguente destinatario",
            "twoja wiadomość nie mogła zostać dostarczona",
            "a sua mensagem não pôde ser entregue",
            "vaši zprávu nebylo možné doručit",
            "din meddelelse til kim@example.test kunne ikke leveres",
            "üzenetét nem lehetett kézbesíteni",
        ] {
            assert!(is_said(said), "{said}");
        }
        assert!(is_subject("zprávu nelze doručit") && is_subject("uw bericht kon niet worden afgeleverd"));
    }

    #[test]
    fn other_words_are_not() {
        for said in [
            "ich kann mich nicht anmelden. bitte die zustellung der rechnung ändern.",
            "wir liefern nicht am montag",
            "de printer werkt niet",
            "la stampante non stampa",
            "levertijd van bestelling 7",
            "tilauksen toimitus",
        ] {
            assert!(!is_said(said) && !is_subject(said), "{said}");
        }
    }
}
