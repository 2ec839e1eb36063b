//! Addresses of one person: other names that a provider gives the same mailbox.
//!
//! Told of the provider, never guessed: `jane@firm.test` and `jane@firm-group.test` may be two people.

use super::normal::to_ascii;

/// How two addresses are one person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// They are not, as far as anybody knows.
    No,
    /// One is the other with a tag (RFC 5233), at a provider that may give such names to others: somebody who has a mail that
    /// went to the one is the other, and nobody else.
    Tagged,
    /// Written differently: the same mailbox, whoever sends from there.
    Same,
}

/// A provider's other names.
struct Provider {
    /// The domains of one mailbox, the first stands for all.
    domains: &'static [&'static str],
    /// `jane.doe` is `janedoe`.
    dots: bool,
}

/// Providers that give a mailbox several names, and deliver `local+tag` to `local`. Where they say so:
/// Gmail <https://support.google.com/mail/answer/7436150> (dots) and <https://support.google.com/mail/answer/10313>;
/// iCloud <https://support.apple.com/en-us/105076>; Yandex <https://yandex.com/support/mail/web/preferences/address.html>;
/// Proton <https://proton.me/support/pm-me-addresses>; Outlook.com <https://support.microsoft.com/office/459b1989-356d-40fa-a689-8f285b13f1f2>;
/// Fastmail <https://www.fastmail.help/hc/en-us/articles/360060591053>.
const PROVIDERS: &[Provider] = &[
    Provider { domains: &["gmail.com", "googlemail.com"], dots: true },
    Provider { domains: &["icloud.com", "me.com", "mac.com"], dots: false },
    Provider {
        domains: &["yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "narod.ru"],
        dots: false,
    },
    Provider { domains: &["proton.me", "protonmail.com", "pm.me", "protonmail.ch"], dots: false },
    // Names of their own: outlook.com and hotmail.com may be two people.
    Provider { domains: &["outlook.com"], dots: false },
    Provider { domains: &["hotmail.com"], dots: false },
    Provider { domains: &["live.com"], dots: false },
    Provider { domains: &["fastmail.com"], dots: false },
];

/// The one form of all names of a mailbox: the domain in A-labels, the provider's first domain, no tag and no dots where it takes
/// none.
fn canonical(email: &str) -> String {
    let ascii = to_ascii(email);
    let Some((local, domain)) = ascii.rsplit_once('@') else { return ascii.into_owned() };
    let Some(provider) = PROVIDERS.iter().find(|provider| provider.domains.contains(&domain)) else {
        return ascii.into_owned();
    };
    let local = without_tag(local);
    let local = if provider.dots { local.replace('.', "") } else { local.to_owned() };
    format!("{local}@{}", provider.domains.first().unwrap_or(&domain))
}

/// How two normalised addresses are one person's.
pub fn sameness(one: &str, other: &str) -> Sameness {
    let (one, other) = (canonical(one), canonical(other));
    let bare =
        |email: &str| email.rsplit_once('@').map(|(local, domain)| (without_tag(local).to_owned(), domain.to_owned()));
    if one == other {
        Sameness::Same
    } else if bare(&one).is_some_and(|one| Some(one) == bare(&other)) {
        Sameness::Tagged
    } else {
        Sameness::No
    }
}

fn without_tag(local: &str) -> &str {
    local.split_once('+').map_or(local, |(bare, _)| bare).trim_end_matches('"')
}

#[cfg(test)]
mod tests {
    use super::{Sameness, sameness};

    #[test]
    fn providers_names_are_one_person() {
        for (one, other) in [
            ("gus@gmail.com", "gus@googlemail.com"),
            ("g.u.s+desk@gmail.com", "gus@googlemail.com"),
            ("lee@me.com", "lee@icloud.com"),
            ("lee@mac.com", "lee+x@me.com"),
            ("joerg@xn--mller-kva.test", "joerg@m\u{fc}ller.test"),
            ("ivan@ya.ru", "ivan@yandex.com"),
            ("pat@pm.me", "pat@proton.me"),
            ("jo+a@outlook.com", "jo@outlook.com"),
            ("a@b.test", "a@b.test"),
        ] {
            assert_eq!(sameness(one, other), Sameness::Same, "{one} {other}");
        }
    }

    #[test]
    fn tags_elsewhere_are_only_likely_so() {
        for (one, other) in
            [("kim+desk@private.test", "kim@private.test"), ("kim+a@private.test", "kim+b@private.test")]
        {
            assert_eq!(sameness(one, other), Sameness::Tagged, "{one} {other}");
        }
    }

    #[test]
    fn others_are_others() {
        for (one, other) in [
            ("jo@outlook.com", "jo@hotmail.com"),
            ("k.im@private.test", "kim@private.test"),
            ("kim@private.test", "kim@other.test"),
            ("kim-desk@private.test", "kim@private.test"),
            ("gus@gmail.com", "gus@gmail.com.evil.test"),
            ("", "kim@private.test"),
        ] {
            assert_eq!(sameness(one, other), Sameness::No, "{one} {other}");
        }
    }
}
