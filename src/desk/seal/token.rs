//! Sealed tokens: what makes an address or a Message-ID name a ticket and a person, and nobody able to guess or read it.
//!
//! Ids are encrypted as well as authenticated: who writes to us before and after something must not be able to count what
//! we did in between. Layout before base 32: key number (1 octet), 128 bits of tag, the encrypted ids (see
//! [`crate::desk::seal::keys`]). The same ids give the same token. The alphabet is digits and lower-case consonants: it survives
//! servers that fold the case of local parts, and spells no words.

use data_encoding::BASE32_DNSCURVE as ALPHABET;

use super::keys::{Keys, Use};
use crate::desk::id::{PersonId, TicketId};

/// Ids are filled up with zeros to whole groups of so many octets: the length of a token tells nothing of its ids, but for
/// one step when there are 16,384 tickets or people, or 268 million mails.
const GROUP: usize = 4;

/// Octets kept of what tells Message-IDs of one person on one ticket apart: 80 bits.
const UNIQUE_OCTETS: usize = 10;

/// Octets of a local part (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL_PART: usize = 64;

/// What a reply token begins with: `support+r…@`, and in Message-IDs: this person on this ticket.
const REPLY: char = 'r';
/// What the token of an address for notes begins with: `support+note-n…@`.
const FOR_NOTES: char = 'n';
/// What the token of a return path begins with: `support+b…@`, one outbox row.
const BOUNCE: char = 'b';

/// The person a reply token was given to, and the ticket. What was sealed before generations were counted is of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyToken {
    /// The ticket.
    pub ticket: TicketId,
    /// The person.
    pub person: PersonId,
    /// Of the person's tokens on this ticket, which one, from 0: each that others saw is followed by a new one.
    pub generation: i64,
}

impl Keys {
    /// The token of a person on a ticket, `r…`.
    pub fn reply(&self, ticket: TicketId, person: PersonId, generation: i64) -> String {
        let ids = [ticket.0, person.0, generation];
        // The first is written as the zeros that ids are filled up with.
        self.token(Use::Reply, REPLY, if generation == 0 { &ids[..2] } else { &ids })
    }

    /// The token of a person's address for notes on a ticket, `n…`: it stands in what they read, and does nothing else.
    pub fn note(&self, ticket: TicketId, person: PersonId, generation: i64) -> String {
        let ids = [ticket.0, person.0, generation];
        self.token(Use::Note, FOR_NOTES, if generation == 0 { &ids[..2] } else { &ids })
    }

    /// The token of an outbox row's return path, `b…`.
    pub fn bounce(&self, outbox: i64) -> String {
        self.token(Use::Bounce, BOUNCE, &[outbox])
    }

    /// The ticket and person of a genuine reply token.
    pub fn open_reply(&self, token: &str) -> Option<ReplyToken> {
        let ([ticket, person], generation) = self.ids(Use::Reply, REPLY, token)?;
        Some(ReplyToken { ticket: TicketId(ticket), person: PersonId(person), generation: generation.unwrap_or(0) })
    }

    /// The same of a genuine token of an address for notes.
    pub fn open_note(&self, token: &str) -> Option<ReplyToken> {
        let ([ticket, person], generation) = self.ids(Use::Note, FOR_NOTES, token)?;
        Some(ReplyToken { ticket: TicketId(ticket), person: PersonId(person), generation: generation.unwrap_or(0) })
    }

    /// The outbox row of a genuine return path.
    pub fn open_bounce(&self, token: &str) -> Option<i64> {
        let ([outbox], _) = self.ids(Use::Bounce, BOUNCE, token)?;
        Some(outbox)
    }

    /// The Message-ID of an outbox row to the holder of a reply token. It is found by all of it, and says nothing of the
    /// row's number.
    pub fn message_id(&self, token: &str, outbox: i64, domain: &str) -> String {
        // The tag is a pseudorandom function of the row; the key's number before it is none.
        let sealed = self.seal(Use::MessageId, &[], &outbox.to_be_bytes()).unwrap_or_default();
        let unique: Vec<u8> = sealed.into_iter().skip(1).take(UNIQUE_OCTETS).collect();
        format!("{token}.{}@{domain}", ALPHABET.encode(&unique))
    }

    fn token(&self, purpose: Use, letter: char, ids: &[i64]) -> String {
        let mut octets = Vec::with_capacity(2 * GROUP);
        ids.iter().for_each(|id| leb128(&mut octets, *id));
        octets.resize(octets.len().next_multiple_of(GROUP), 0);
        let sealed = self.seal(purpose, &[], &octets).unwrap_or_default();
        format!("{letter}{}", ALPHABET.encode(&sealed))
    }

    /// The ids in a token, and what stands behind them.
    fn ids<const N: usize>(&self, purpose: Use, letter: char, token: &str) -> Option<([i64; N], Option<i64>)> {
        let lower = token.to_ascii_lowercase();
        let sealed = ALPHABET.decode(lower.strip_prefix(letter)?.as_bytes()).ok()?;
        let octets = self.open(purpose, &[], &sealed)?;
        let mut octets = octets.iter();
        let mut ids = [0; N];
        for id in &mut ids {
            *id = read_leb128(&mut octets)?;
        }
        Some((ids, read_leb128(&mut octets)))
    }
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

/// What stands before the token of an address to which engineers write notes.
pub(super) const NOTE: &str = "note-";

/// `local+note-token@domain`: what comes there is for colleagues alone. Where that is too long, the token alone says so.
pub fn note_address(address: &str, token: &str) -> Option<String> {
    plus_address(address, &format!("{NOTE}{token}")).or_else(|| plus_address(address, token))
}

/// The token of what stands behind the `+` of a note's address; `None` when it is none.
pub fn of_note(word: &str) -> Option<&str> {
    let (head, token) = word.split_at_checked(NOTE.len())?;
    head.eq_ignore_ascii_case(NOTE).then_some(token)
}

/// The Message-ID of a letter about a note: an answer to it is for colleagues, too, wherever it is sent.
pub fn note_id(message_id: &str) -> String {
    message_id.replacen('@', ".note@", 1)
}

/// Whether a Message-ID is that of a letter about a note.
pub fn is_note_id(message_id: &str) -> bool {
    message_id.split_once('@').is_some_and(|(local, _)| local.ends_with(".note"))
}

/// The Message-ID of a mail that was never sent, above all mails to the holder of a reply token.
pub fn root_id(token: &str, domain: &str) -> String {
    format!("{token}.0@{domain}")
}

/// The token part of a Message-ID, genuine or not.
pub fn token_in_message_id(message_id: &str) -> Option<&str> {
    message_id.split_once('@')?.0.split_once('.').map(|(token, _)| token)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const FIRST: &[u8] = b"the first secret, retired lately";

    fn keys() -> Keys {
        Keys::new(vec![(2, b"a second secret of thirty-two oct".to_vec()), (1, FIRST.to_vec())]).unwrap()
    }

    fn octets(token: &str) -> Vec<u8> {
        ALPHABET.decode(&token.as_bytes()[1..]).unwrap()
    }

    #[test]
    fn a_token_names_its_ticket_and_person_and_survives_case_folding() {
        let token = keys().reply(TicketId(1042), PersonId(77), 0);
        let named = Some(ReplyToken { ticket: TicketId(1042), person: PersonId(77), generation: 0 });
        assert_eq!(keys().open_reply(&token), named);
        assert_eq!(keys().open_reply(&token.to_uppercase()), named);
        assert_eq!(token, keys().reply(TicketId(1042), PersonId(77), 0), "the same person has one address on a ticket");
        let far = keys().reply(TicketId(i64::MAX), PersonId(i64::MAX), 0);
        assert_eq!(
            keys().open_reply(&far),
            Some(ReplyToken { ticket: TicketId(i64::MAX), person: PersonId(i64::MAX), generation: 0 })
        );
        assert!(token.len() <= 36, "{token} must leave room for the local part");
    }

    #[test]
    fn any_changed_character_breaks_a_token() {
        let token = keys().reply(TicketId(1042), PersonId(77), 0);
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
    fn every_generation_is_another_token_of_the_same_person() {
        let tokens: HashSet<String> = (0..300).map(|n| keys().reply(TicketId(9), PersonId(4), n)).collect();
        assert_eq!(tokens.len(), 300);
        // Ids that fill their group to the last octet leave no zero behind them.
        for (ticket, person) in [(9, 4), (300, 300), (40_000, 300)] {
            for generation in [0, 1, 127, 128, 40_000] {
                let token = keys().reply(TicketId(ticket), PersonId(person), generation);
                let opened = ReplyToken { ticket: TicketId(ticket), person: PersonId(person), generation };
                assert_eq!(keys().open_reply(&token), Some(opened));
                assert!(token.len() <= 41, "{token} must leave room for the local part");
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
        let old = Keys::new(vec![(1, FIRST.to_vec())]).unwrap();
        let token = old.reply(TicketId(5), PersonId(6), 0);
        assert!(keys().open_reply(&token).is_some());
        assert_eq!(old.open_reply(&keys().reply(TicketId(5), PersonId(6), 0)), None);
    }

    /// Whoever gets tokens before and after something must not be able to count.
    #[test]
    fn nothing_of_an_id_can_be_read() {
        let (tickets, outbox) = (1..200, 1..200);
        let replies = tickets.map(|id| keys().reply(TicketId(id), PersonId(1), 0));
        let bounces = outbox.map(|id| keys().bounce(id));
        let tokens: Vec<String> = replies.chain(bounces).collect();
        let lengths: HashSet<usize> = tokens.iter().map(String::len).collect();
        assert_eq!(lengths.len(), 1, "ids of other lengths: {lengths:?}");
        let sealed: Vec<Vec<u8>> = tokens.iter().map(|token| octets(token)).collect();
        for at in 1..sealed[0].len() {
            let values: HashSet<u8> = sealed.iter().map(|octets| octets[at]).collect();
            assert!(values.len() > 100, "octet {at} has {} values in {} tokens", values.len(), sealed.len());
        }
    }

    #[test]
    fn message_ids_differ_and_name_no_row() {
        let token = keys().reply(TicketId(1042), PersonId(77), 0);
        let ids: HashSet<String> = (0..1_000).map(|row| keys().message_id(&token, row, "example.test")).collect();
        assert_eq!(ids.len(), 1_000);
        for id in &ids {
            assert_eq!(token_in_message_id(id), Some(token.as_str()));
            assert!(id.len() < 75, "{id}");
        }
        assert_ne!(keys().message_id(&token, 0, "example.test"), root_id(&token, "example.test"));
    }

    #[test]
    fn addresses_carry_tokens_only_where_they_fit() {
        let token = keys().reply(TicketId(1), PersonId(1), 0);
        let address = plus_address("support@example.test", &token).unwrap();
        assert_eq!(token_in_address(&address, "support@example.test"), Some(token.as_str()));
        assert_eq!(token_in_address(&address, "sales@example.test"), None);
        assert_eq!(plus_address("support-service-registration-emea@example.test", &token), None);
    }
}
