//! Signed and encrypted text, shown as what it is: PGP in the text (RFC 9580 §6 and §7), PGP/MIME (RFC 3156) and
//! S/MIME (RFC 8551). Nothing is decrypted and no signature is checked here.

/// What stands in the place of text that only its recipient can read.
pub const ENCRYPTED: &str = "[This part of the mail is encrypted and cannot be read here.]";

/// Makes inline PGP readable: the text of a signed message without its frame, a notice for an encrypted one. `None`
/// when there is neither.
pub fn show(text: &str, warnings: &mut Vec<String>) -> Option<String> {
    memchr::memmem::find(text.as_bytes(), b"-----BEGIN PGP ")?;
    let mut out = String::with_capacity(text.len());
    let mut place = Place::Outside;
    for line in text.split_inclusive('\n') {
        let mark = line.trim();
        place = match (place, mark) {
            (Place::Outside, "-----BEGIN PGP SIGNED MESSAGE-----") => {
                warnings.push("signed with PGP inside of the text: not checked".to_owned());
                Place::Head
            }
            (Place::Outside, "-----BEGIN PGP MESSAGE-----") => {
                warnings.push("encrypted with PGP inside of the text".to_owned());
                out.push_str(ENCRYPTED);
                out.push('\n');
                Place::Encrypted
            }
            (Place::Encrypted, "-----END PGP MESSAGE-----") | (Place::Signature, "-----END PGP SIGNATURE-----") => {
                Place::Outside
            }
            (Place::Signed, "-----BEGIN PGP SIGNATURE-----") => Place::Signature,
            // The `Hash:` lines end with an empty one (§7).
            (Place::Head, "") => Place::Signed,
            (Place::Outside, _) => {
                out.push_str(line);
                Place::Outside
            }
            (Place::Signed, _) => {
                out.push_str(line.strip_prefix("- ").unwrap_or(line));
                Place::Signed
            }
            (place, _) => place,
        };
    }
    Some(out)
}

#[derive(Clone, Copy)]
enum Place {
    Outside,
    Head,
    Signed,
    Signature,
    Encrypted,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_text() {
        let text = "before\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -- \nJane\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\nafter\n";
        let mut warnings = Vec::new();
        assert_eq!(show(text, &mut warnings).unwrap(), "before\nHello\n-- \nJane\nafter\n");
        assert_eq!(warnings.len(), 1);
    }

    #[test]
    fn encrypted_text() {
        let text = "Hi\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\nbye";
        assert_eq!(show(text, &mut Vec::new()).unwrap(), format!("Hi\n{ENCRYPTED}\nbye"));
        assert_eq!(show("no armour", &mut Vec::new()), None);
    }
}
