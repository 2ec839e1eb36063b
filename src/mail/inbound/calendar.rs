//! Invitations (RFC 5545, RFC 5546) in a few lines of text.

use crate::mail::{charset, headers};

/// Octets looked at of a calendar file.
const MAX_OCTETS: usize = 200_000;

#[derive(Default)]
struct Event {
    summary: String,
    start: String,
    end: String,
    place: String,
    organiser: String,
    comment: String,
    /// Who takes part, in order: the person, and what they said of it (RFC 5545 §3.2.12), upper case.
    people: Vec<(String, String)>,
}

/// People kept of one event.
const MAX_PEOPLE: usize = 200;

/// What, when, where and who, of the first event of a calendar file; `None` when there is none.
pub fn summary(bytes: &[u8]) -> Option<String> {
    let text = charset::decode(bytes.get(..MAX_OCTETS).unwrap_or(bytes), None).text;
    // §3.1: a line that starts with a blank continues the one above.
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let mut event = Event::default();
    // `depth` counts the components open inside of the event: alarms have a text of their own.
    let (mut method, mut inside, mut depth) = (String::new(), false, 0_usize);
    for line in unfolded.lines() {
        let Some((name, parameters, value)) = property(line) else { continue };
        match (name.as_str(), inside) {
            ("METHOD", _) => method = value.trim().to_ascii_uppercase(),
            ("BEGIN", true) => depth += 1,
            ("BEGIN", false) => inside = value.trim().eq_ignore_ascii_case("VEVENT"),
            ("END", true) if depth == 0 => return Some(event.shown(&method)),
            ("END", true) => depth -= 1,
            (name, true) if depth == 0 => event.take(name, parameters, value),
            _ => {}
        }
    }
    inside.then(|| event.shown(&method))
}

impl Event {
    fn take(&mut self, name: &str, parameters: &str, value: &str) {
        match name {
            "SUMMARY" => self.summary = plain(value),
            "LOCATION" => self.place = plain(value),
            "DTSTART" => self.start = time(value, parameters),
            "DTEND" => self.end = time(value, parameters),
            "COMMENT" => self.comment = plain(value),
            "ORGANIZER" => self.organiser = plain(without_scheme(value)),
            "ATTENDEE" if self.people.len() < MAX_PEOPLE => {
                let said = parameter(parameters, "PARTSTAT").unwrap_or_default().to_ascii_uppercase();
                self.people.push((person(value, parameters), said));
            }
            _ => {}
        }
    }

    fn shown(&self, method: &str) -> String {
        let mut lines = vec![format!("{}: {}", self.kind(method), self.summary)];
        let end = if self.end.is_empty() { String::new() } else { format!(" to {}", self.end) };
        for (label, value) in [
            ("When", format!("{}{end}", self.start)),
            ("Where", self.place.clone()),
            ("Organiser", self.organiser.clone()),
            ("Comment", self.comment.clone()),
        ] {
            if !value.is_empty() {
                lines.push(format!("{label}: {value}"));
            }
        }
        lines.join("\n")
    }

    /// What the mail is about, and by whom (RFC 5546 §1.4). An answer names one person alone: who answers (§3.2.3).
    fn kind(&self, method: &str) -> String {
        let (who, said) = self.people.first().map_or(("", ""), |(who, said)| (who.as_str(), said.as_str()));
        let by = if who.is_empty() { String::new() } else { format!(" by {who}") };
        match (method, said) {
            ("REPLY", "ACCEPTED") => format!("Accepted{by}"),
            ("REPLY", "DECLINED") => format!("Declined{by}"),
            ("REPLY", "TENTATIVE") => format!("Tentatively accepted{by}"),
            ("REPLY", "DELEGATED") => format!("Delegated{by}"),
            ("REPLY", _) => format!("Answer to an invitation{by}"),
            // Outlook proposes another time with one attendee alone, others copy the whole list.
            ("COUNTER", _) if self.people.len() == 1 => format!("Another time proposed{by}"),
            ("COUNTER", _) => "Another time proposed".to_owned(),
            ("DECLINECOUNTER", _) => "Proposed time declined".to_owned(),
            ("REFRESH", _) => "Latest version of the invitation asked for".to_owned(),
            ("CANCEL", _) => "Cancelled".to_owned(),
            ("REQUEST" | "" | "PUBLISH" | "ADD", _) => "Invitation".to_owned(),
            _ => "Calendar entry".to_owned(),
        }
    }
}

/// `Anna Schmidt <anna@customer.test>`, or the address alone.
fn person(value: &str, parameters: &str) -> String {
    let address = plain(without_scheme(value));
    let name = parameter(parameters, "CN").map(plain).filter(|name| !name.is_empty() && *name != address);
    name.map_or_else(|| address.clone(), |name| format!("{name} <{address}>"))
}

fn without_scheme(value: &str) -> &str {
    let value = value.trim();
    match value.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => value.get(7..).unwrap_or_default(),
        _ => value,
    }
}

/// The value of a parameter, out of its quotes; a `;` within quotes ends none (§3.1).
fn parameter<'p>(parameters: &'p str, name: &str) -> Option<&'p str> {
    let mut quoted = false;
    parameters
        .split(|c: char| {
            quoted ^= c == '"';
            c == ';' && !quoted
        })
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(known, _)| known.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().trim_matches('"'))
}

/// The name, the parameters and the value of a content line.
fn property(line: &str) -> Option<(String, &str, &str)> {
    let mut quoted = false;
    let colon = line.find(|c| {
        quoted ^= c == '"';
        c == ':' && !quoted
    })?;
    let (head, value) = line.split_at(colon);
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    Some((name.trim().to_ascii_uppercase(), parameters, value.get(1..)?))
}

/// §3.3.11: `\n`, `\,`, `\;` and `\\` are escapes.
fn plain(value: &str) -> String {
    let text =
        value.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\");
    headers::clean(&text, 300)
}

/// `20300102T090000Z` as `2 January 2030, 09:00 UTC`, as our letters write times; with the zone that the sender named.
fn time(value: &str, parameters: &str) -> String {
    let digits =
        |from: usize, to: usize| value.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let date = || {
        let (year, month, day) =
            (digits(0, 4)?.parse().ok()?, digits(4, 6)?.parse().ok()?, digits(6, 8)?.parse().ok()?);
        jiff::civil::Date::new(year, month, day).ok()
    };
    let Some(date) = date() else { return headers::clean(value, 40) };
    let mut shown = date.strftime("%-d %B %Y").to_string();
    if let (Some("T"), Some(hour), Some(minute)) = (value.get(8..9), digits(9, 11), digits(11, 13)) {
        shown = format!("{shown}, {hour}:{minute}");
        let zone = parameter(parameters, "TZID");
        match (value.trim_end().ends_with('Z'), zone) {
            (true, _) => shown.push_str(" UTC"),
            (false, Some(zone)) => shown.push_str(&format!(" ({})", headers::clean(zone, 60))),
            (false, None) => {}
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation() {
        let file = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nDTSTART:16011028T030000\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nORGANIZER;CN=\"Doe: Jane\":mailto:jane@example.test\r\nSUMMARY;LANGUAGE=en:Licence review\\, ro\r\n und two\r\nDTSTART;TZID=\"Europe/Helsinki\":20300102T090000\r\nDTEND:20300102T080000Z\r\nLOCATION:Room 5\r\nBEGIN:VALARM\r\nSUMMARY:x\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let expected = "Invitation: Licence review, round two\nWhen: 2 January 2030, 09:00 (Europe/Helsinki) to 2 January 2030, 08:00 UTC\nWhere: Room 5\nOrganiser: jane@example.test";
        assert_eq!(summary(file).as_deref(), Some(expected));
    }

    fn answer(method: &str, attendee: &str) -> String {
        let file = format!(
            "BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nBEGIN:VALARM\r\nSUMMARY:x\r\nEND:VALARM\r\n{attendee}\r\nSUMMARY:Session\r\nCOMMENT:I am away\\, sorry\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        summary(file.as_bytes()).unwrap_or_default()
    }

    #[test]
    fn an_answer_says_what_and_who() {
        for (method, attendee, head) in [
            ("REPLY", "ATTENDEE;PARTSTAT=DECLINED:mailto:anna@customer.test", "Declined by anna@customer.test"),
            (
                "reply",
                "ATTENDEE;CN=\"Schmidt; Anna\";partstat=accepted:MAILTO:anna@cust\r\n omer.test",
                "Accepted by Schmidt; Anna <anna@customer.test>",
            ),
            (
                "REPLY",
                "ATTENDEE;ROLE=X;PARTSTAT=TENTATIVE;CN=Anna:mailto:a@b.test",
                "Tentatively accepted by Anna <a@b.test>",
            ),
            ("REPLY", "ATTENDEE:mailto:a@b.test", "Answer to an invitation by a@b.test"),
            ("COUNTER", "ATTENDEE;PARTSTAT=TENTATIVE:mailto:a@b.test", "Another time proposed by a@b.test"),
            ("CANCEL", "ATTENDEE:mailto:a@b.test", "Cancelled"),
        ] {
            assert_eq!(
                answer(method, attendee),
                format!("{head}: Session\nComment: I am away, sorry"),
                "{method} {attendee}"
            );
        }
    }

    #[test]
    fn no_event() {
        assert_eq!(summary(b"BEGIN:VCALENDAR\nEND:VCALENDAR"), None);
        assert_eq!(
            summary(b"BEGIN:VEVENT\nDTSTART;VALUE=DATE:20300102").as_deref(),
            Some("Invitation: \nWhen: 2 January 2030")
        );
    }
}
