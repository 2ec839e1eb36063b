//! Keyed tokens: what makes an address or a Message-ID name a ticket and a person, and nobody able to guess it.
//!
//! Layout before base 32: key number (1 octet), the two ids as LEB128, the first 16 octets of
//! HMAC-SHA-256(key, kind ‖ key number ‖ ids). The alphabet is digits and lower-case consonants: it survives servers that
//! fold the case of local parts, and spells no words.

use data_encoding::BASE32_DNSCURVE as ALPHABET;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{PersonId, TicketId};

/// Octets kept of the HMAC: 128 bits.
const MAC_OCTETS: usize = 16;

/// Octets of a local part (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL_PART: usize = 64;

/// What a token is good for; a token of one kind never passes for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `support+r…@`, and in Message-IDs: this person on this ticket.
    Reply,
    /// `support+b…@`: the return path of one outbox row.
    Bounce,
}

impl Kind {
    fn letter(self) -> char {
        match self {
            Self::Reply => 'r',
            Self::Bounce => 'b',
        }
    }
}

/// The secrets that sign tokens: the highest number signs, all of them verify.
#[derive(Clone)]
pub struct Keys(Vec<(u8, Vec<u8>)>);

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({} secret)", self.0.len())
    }
}

/// The person a reply token was given to, and the ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyToken {
    /// The ticket.
    pub ticket: TicketId,
    /// The person.
    pub person: PersonId,
}

impl Keys {
    /// Keys by number; at least one.
    pub fn new(mut keys: Vec<(u8, Vec<u8>)>) -> Self {
        keys.sort_by_key(|(number, _)| *number);
        Self(keys)
    }

    /// The token of a person on a ticket, `r…`.
    pub fn reply(&self, ticket: TicketId, person: PersonId) -> String {
        self.seal(Kind::Reply, ticket.0, person.0)
    }

    /// The token of an outbox row's return path, `b…`.
    pub fn bounce(&self, outbox: i64) -> String {
        self.seal(Kind::Bounce, outbox, 0)
    }

    /// The ticket and person of a genuine reply token.
    pub fn open_reply(&self, token: &str) -> Option<ReplyToken> {
        let (ticket, person) = self.open(Kind::Reply, token)?;
        Some(ReplyToken { ticket: TicketId(ticket), person: PersonId(person) })
    }

    /// The outbox row of a genuine return path.
    pub fn open_bounce(&self, token: &str) -> Option<i64> {
        self.open(Kind::Bounce, token).map(|(outbox, _)| outbox)
    }

    fn seal(&self, kind: Kind, first: i64, second: i64) -> String {
        let Some((number, secret)) = self.0.last() else { return String::new() };
        let mut octets = vec![*number];
        leb128(&mut octets, first);
        leb128(&mut octets, second);
        let mac = mac(secret, kind, &octets);
        octets.extend(mac.iter().take(MAC_OCTETS));
        format!("{}{}", kind.letter(), ALPHABET.encode(&octets))
    }

    fn open(&self, kind: Kind, token: &str) -> Option<(i64, i64)> {
        let lower = token.to_ascii_lowercase();
        let octets = ALPHABET.decode(lower.strip_prefix(kind.letter())?.as_bytes()).ok()?;
        let (signed, tag) = octets.split_at_checked(octets.len().checked_sub(MAC_OCTETS)?)?;
        let number = *signed.first()?;
        let (_, secret) = self.0.iter().find(|(key, _)| *key == number)?;
        let mut hmac = new_mac(secret)?;
        feed(&mut hmac, kind, signed);
        hmac.verify_truncated_left(tag).ok()?;
        let mut ids = signed.get(1..)?.iter();
        let first = read_leb128(&mut ids)?;
        let second = read_leb128(&mut ids)?;
        Some((first, second))
    }
}

fn new_mac(secret: &[u8]) -> Option<Hmac<Sha256>> {
    Hmac::<Sha256>::new_from_slice(secret).ok()
}

fn feed(hmac: &mut Hmac<Sha256>, kind: Kind, signed: &[u8]) {
    hmac.update(&[kind.letter() as u8]);
    hmac.update(signed);
}

fn mac(secret: &[u8], kind: Kind, signed: &[u8]) -> Vec<u8> {
    new_mac(secret).map_or_else(Vec::new, |mut hmac| {
        feed(&mut hmac, kind, signed);
        hmac.finalize().into_bytes().to_vec()
    })
}

fn leb128(octets: &mut Vec<u8>, value: i64) {
    let mut rest = value.unsigned_abs();
    loop {
        let low = u8::try_from(rest & 0x7f).unwrap_or_default();
        rest >>= 7;
        if rest == 0 {
            octets.push(low);
            return;
        }
        octets.push(low | 0x80);
    }
}

fn read_leb128<'a>(octets: &mut impl Iterator<Item = &'a u8>) -> Option<i64> {
    let mut value = 0_i64;
    for shift in (0..63).step_by(7) {
        let octet = *octets.next()?;
        value |= i64::from(octet & 0x7f) << shift;
        if octet & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// `local+token@domain`, or `None` when the local part would grow beyond what RFC 5321 allows: the Message-ID
/// carries the token then.
pub fn plus_address(address: &str, token: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    (local.len() + 1 + token.len() <= MAX_LOCAL_PART).then(|| format!("{local}+{token}@{domain}"))
}

/// The `token` of `local+token@domain` when the rest is `address`.
pub fn token_in_address<'a>(recipient: &'a str, address: &str) -> Option<&'a str> {
    let (local, domain) = recipient.rsplit_once('@')?;
    let (base, token) = local.split_once('+')?;
    let (own_local, own_domain) = address.rsplit_once('@')?;
    (base.eq_ignore_ascii_case(own_local) && domain.eq_ignore_ascii_case(own_domain)).then_some(token)
}

/// A Message-ID that carries a reply token; `unique` tells the mails of one person on one ticket apart.
pub fn message_id(token: &str, unique: i64, domain: &str) -> String {
    format!("{token}.{unique}@{domain}")
}

/// The token part of a Message-ID, genuine or not.
pub fn token_in_message_id(message_id: &str) -> Option<&str> {
    message_id.split_once('@')?.0.split_once('.').map(|(token, _)| token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::new(vec![
            (2, b"a second secret of thirty-two oct".to_vec()),
            (1, b"the first secret, retired lately".to_vec()),
        ])
    }

    #[test]
    fn a_token_names_its_ticket_and_person_and_survives_case_folding() {
        let token = keys().reply(TicketId(1042), PersonId(77));
        let named = Some(ReplyToken { ticket: TicketId(1042), person: PersonId(77) });
        assert_eq!(keys().open_reply(&token), named);
        assert_eq!(keys().open_reply(&token.to_uppercase()), named);
        assert!(token.len() <= 36, "{token} must leave room for the local part");
    }

    #[test]
    fn any_changed_character_breaks_a_token() {
        let token = keys().reply(TicketId(1042), PersonId(77));
        for position in 0..token.len() {
            for letter in "0bz".chars() {
                let mut forged: Vec<char> = token.chars().collect();
                if forged[position] == letter {
                    continue;
                }
                forged[position] = letter;
                let forged: String = forged.into_iter().collect();
                assert_eq!(keys().open_reply(&forged), None, "{forged}");
            }
        }
    }

    #[test]
    fn a_bounce_token_is_no_reply_token() {
        let token = keys().bounce(9);
        assert_eq!(keys().open_bounce(&token), Some(9));
        assert_eq!(keys().open_reply(&token), None);
        assert_eq!(keys().open_reply(&token.replacen('b', "r", 1)), None);
    }

    #[test]
    fn a_retired_key_still_verifies_and_an_unknown_one_does_not() {
        let old = Keys::new(vec![(1, b"the first secret, retired lately".to_vec())]);
        let token = old.reply(TicketId(5), PersonId(6));
        assert!(keys().open_reply(&token).is_some());
        assert_eq!(old.open_reply(&keys().reply(TicketId(5), PersonId(6))), None);
    }

    #[test]
    fn addresses_carry_tokens_only_where_they_fit() {
        let token = keys().reply(TicketId(1), PersonId(1));
        let address = plus_address("support@example.test", &token).unwrap();
        assert_eq!(token_in_address(&address, "support@example.test"), Some(token.as_str()));
        assert_eq!(token_in_address(&address, "sales@example.test"), None);
        assert_eq!(plus_address("support-service-registration-emea@example.test", &token), None);
    }
}
