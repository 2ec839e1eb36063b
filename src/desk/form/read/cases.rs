//! First names in the case of the last name that follows: `pana Wojciecha Grzybowskiego`.

/// Whose name it is, as the last name's ending tells where it stands in another case than in an address.
pub(super) enum Case {
    /// Genitive or accusative of a man's name in Polish or Czech.
    Masculine,
    /// Genitive of a woman's.
    Feminine,
    /// Another: which first name it is cannot be told.
    Other,
}

impl Case {
    /// Of a last name as written and as it is.
    pub(super) fn of(written: &str, base: &str) -> Self {
        let (written, base) = (written.to_lowercase(), base.to_lowercase());
        match base.ends_with('a') {
            true if written.ends_with("iej") || written.ends_with("ej") => Self::Feminine,
            false if written.ends_with("ego") || written.ends_with("ého") || written.ends_with('a') => Self::Masculine,
            _ => Self::Other,
        }
    }

    /// A first name in this case as it is; none where it cannot be told and must be asked.
    pub(super) fn first_name(&self, written: &str) -> Option<String> {
        let name = match self {
            Self::Masculine => masculine(written)?,
            Self::Feminine => feminine(written)?,
            Self::Other => return None,
        };
        (name.chars().count() >= 3).then_some(name)
    }
}

fn ends_in_consonant(stem: &str) -> bool {
    stem.chars().next_back().is_some_and(|last| last.is_alphabetic() && !"aeiouyąęóáéíýěů".contains(last))
}

/// `Wojciecha`, `Marka`, `Pawła`, `Jerzego`.
fn masculine(written: &str) -> Option<String> {
    if let Some(stem) = written.strip_suffix("ego") {
        return Some(if stem.ends_with('i') { stem.to_owned() } else { format!("{stem}y") });
    }
    let stem = written.strip_suffix('a').filter(|stem| ends_in_consonant(stem))?;
    // The vowel that fell out: `Marek`, `Paweł`, `Pavel`. `Aleksandra` may be two names.
    for last in ['k', 'ł', 'l'] {
        if let Some(before) = stem.strip_suffix(last).filter(|before| ends_in_consonant(before)) {
            return Some(format!("{before}e{last}"));
        }
    }
    (!stem.ends_with("dr")).then(|| stem.to_owned())
}

/// `Agnieszki`, `Anny`, `Zofii`, `Basi`.
fn feminine(written: &str) -> Option<String> {
    if let Some(stem) = written.strip_suffix('y') {
        return Some(format!("{stem}a"));
    }
    let stem = written.strip_suffix('i')?;
    Some(if stem.ends_with(['k', 'g', 'i', 'j', 'l']) { format!("{stem}a") } else { format!("{stem}ia") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_names_follow_the_last_name() {
        let men = [
            ("Wojciecha", "Wojciech"),
            ("Marka", "Marek"),
            ("Pawła", "Paweł"),
            ("Jerzego", "Jerzy"),
            ("Antoniego", "Antoni"),
            ("Dominika", "Dominik"),
        ];
        for (written, name) in men {
            assert_eq!(Case::of("Grzybowskiego", "Grzybowski").first_name(written).as_deref(), Some(name));
        }
        let women = [("Agnieszki", "Agnieszka"), ("Anny", "Anna"), ("Zofii", "Zofia"), ("Basi", "Basia")];
        for (written, name) in women {
            assert_eq!(Case::of("Dobrowolskiej", "Dobrowolska").first_name(written).as_deref(), Some(name));
        }
        assert_eq!(Case::of("Nowaka", "Nowak").first_name("Aleksandra"), None);
        assert_eq!(Case::of("Nowakowi", "Nowak").first_name("Piotrowi"), None);
    }
}
