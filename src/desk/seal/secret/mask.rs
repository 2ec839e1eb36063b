//! Takes links and codes out of a mail.

use std::ops::Range;

use super::find::each;
use super::known::Known;
use crate::mail::Mail;

/// What stands in the place of a token.
const MASK: &str = "…";
/// The same in a file, letter by letter: its octets stay where they are.
const FILE_MASK: u8 = b'x';

/// Everything that people read of a mail, and its files.
pub(in crate::desk) fn mail(mail: &mut Mail, known: &Known) {
    let Mail { from, from_reason, reply_to, to, cc, subject, text, reply_text, quoted_text, html, .. } = mail;
    for words in [from_reason, subject, text, reply_text, quoted_text].into_iter().chain(html) {
        mask(words, known);
    }
    for address in from.iter_mut().chain(reply_to).chain(to).chain(cc) {
        mask(&mut address.name, known);
    }
    for file in &mut mail.attachments {
        mask(&mut file.filename, known);
        for place in places(&file.content, known) {
            let letters = file.content.get_mut(place).unwrap_or_default();
            letters.iter_mut().filter(|octet| octet.is_ascii_alphanumeric()).for_each(|octet| *octet = FILE_MASK);
        }
    }
    for report in mail.bounce.iter_mut().flat_map(|bounce| &mut bounce.reports) {
        mask(&mut report.diagnostic, known);
    }
}

fn mask(words: &mut String, known: &Known) {
    let places = places(words.as_bytes(), known);
    if places.is_empty() {
        return;
    }
    let mut masked = String::with_capacity(words.len());
    let mut at = 0;
    for place in places {
        // Tokens are ASCII: every place begins and ends between characters.
        masked.push_str(words.get(at..place.start).unwrap_or_default());
        masked.push_str(MASK);
        at = place.end;
    }
    masked.push_str(words.get(at..).unwrap_or_default());
    *words = masked;
}

/// Where known tokens stand, in order, none within another.
fn places(text: &[u8], known: &Known) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    each(text, &mut |hash, place| {
        if known.has(&hash) {
            places.push(place);
        }
    });
    places.sort_by_key(|place| (place.start, place.end));
    places.into_iter().fold(Vec::new(), |mut apart: Vec<Range<usize>>, place| {
        match apart.last_mut().filter(|last| place.start <= last.end) {
            Some(last) => last.end = last.end.max(place.end),
            None => apart.push(place),
        }
        apart
    })
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;
    use jiff::Timestamp;

    use super::*;
    use crate::desk::id::TicketId;
    use crate::desk::seal::link::{Entropy, LinkHash, LinkPurpose, SentLink};

    fn sent(token: &str, purpose: LinkPurpose) -> Known {
        let (email, expires_at) = (String::new(), Timestamp::MAX);
        let link = SentLink { hash: LinkHash::of(token), purpose, email, ticket: TicketId(1), expires_at, used: false };
        Known::of([link])
    }

    fn masked(text: &str, known: &Known) -> String {
        let mut words = text.to_owned();
        mask(&mut words, known);
        words
    }

    #[test]
    fn no_token_is_left_below_any_layer() {
        let token = Entropy::new([7; 32]).token(LinkPurpose::Reset).unwrap();
        let known = sent(&token, LinkPurpose::Reset);
        let link = format!("https://help.example.test/reset/{token}");
        let percent = link.replace('/', "%2F").replace(':', "%3A");
        let (head, tail) = link.split_at(50);
        for text in [
            link.clone(),
            format!("<{link}>"),
            format!("https://eur05.safelinks.test/?url={percent}&data=05"),
            format!("https://gate.test/?u={}&x=1", percent.replace('%', "%25")),
            format!("https://gate.test/v2/url?u=https-3A__help.example.test_reset_{token}&d=Dw"),
            format!("https://gate.test/r/{}", BASE64.encode(link.as_bytes())),
            format!("https://gate.test/r?u={}", BASE64.encode(percent.as_bytes()).replace('=', "%3D")),
            format!("> {head}\n> {tail}\nis the link"),
            format!("{head}=\r\n{tail}"),
            format!("{head}<wbr>{tail}"),
            format!("{head}<span style=\"x\">{tail}"),
            token.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
            token.bytes().map(|c| format!("={c:02X}")).collect(),
        ] {
            let masked = masked(&format!("Before {text} after"), &known);
            let mut left = false;
            each(masked.as_bytes(), &mut |hash, _| left |= known.has(&hash));
            assert!(!left && masked.contains(MASK), "{text} → {masked}");
            assert!(masked.starts_with("Before ") && masked.ends_with(" after"), "{masked}");
        }
    }

    #[test]
    fn what_is_not_known_stays() {
        let mut entropy = Entropy::new([7; 32]);
        let known = sent(&entropy.token(LinkPurpose::Reset).unwrap(), LinkPurpose::Reset);
        let other = format!("https://elsewhere.test/reset/{}", entropy.token(LinkPurpose::Reset).unwrap());
        assert_eq!(masked(&other, &known), other);
    }

    #[test]
    fn a_code_goes_and_its_sentence_stays() {
        let code = Entropy::new([9; 32]).token(LinkPurpose::Code).unwrap();
        let known = sent(&code, LinkPurpose::Code);
        let typed = code.to_uppercase().replace('-', " ");
        assert_eq!(masked(&format!("My code is {typed}, thanks"), &known), "My code is …, thanks");
    }
}
