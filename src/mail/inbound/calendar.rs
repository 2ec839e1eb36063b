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
}

/// What, when, where and who, of the first event of a calendar file; `None` when there is none.
pub fn summary(bytes: &[u8]) -> Option<String> {
    let text = charset::decode(bytes.get(..MAX_OCTETS).unwrap_or(bytes), None).text;
    // §3.1: a line that starts with a blank continues the one above.
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let mut event = Event::default();
    let (mut method, mut inside) = (String::new(), false);
    for line in unfolded.lines() {
        let Some((name, parameters, value)) = property(line) else { continue };
        match (name.as_str(), inside) {
            ("METHOD", _) => method = value.trim().to_ascii_uppercase(),
            ("BEGIN", _) if value.trim().eq_ignore_ascii_case("VEVENT") => inside = true,
            ("END", true) if value.trim().eq_ignore_ascii_case("VEVENT") => return Some(event.shown(&method)),
            // Alarms inside of the event have a text of their own.
            ("BEGIN", true) => return Some(event.shown(&method)),
            ("SUMMARY", true) => event.summary = plain(value),
            ("LOCATION", true) => event.place = plain(value),
            ("DTSTART", true) => event.start = time(value, parameters),
            ("DTEND", true) => event.end = time(value, parameters),
            ("ORGANIZER", true) => {
                event.organiser =
                    plain(value.strip_prefix("mailto:").or(value.strip_prefix("MAILTO:")).unwrap_or(value))
            }
            _ => {}
        }
    }
    inside.then(|| event.shown(&method))
}

impl Event {
    fn shown(&self, method: &str) -> String {
        let kind = match method {
            "CANCEL" => "Cancelled",
            "REPLY" => "Answer to an invitation",
            "REQUEST" | "" | "PUBLISH" => "Invitation",
            _ => "Calendar entry",
        };
        let mut lines = vec![format!("{kind}: {}", self.summary)];
        let end = if self.end.is_empty() { String::new() } else { format!(" to {}", self.end) };
        for (label, value) in [
            ("When", format!("{}{end}", self.start)),
            ("Where", self.place.clone()),
            ("Organiser", self.organiser.clone()),
        ] {
            if !value.is_empty() {
                lines.push(format!("{label}: {value}"));
            }
        }
        lines.join("\n")
    }
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

/// `20300102T090000Z` as `2030-01-02 09:00 UTC`; with the zone that the sender named.
fn time(value: &str, parameters: &str) -> String {
    let digits =
        |from: usize, to: usize| value.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let (Some(year), Some(month), Some(day)) = (digits(0, 4), digits(4, 6), digits(6, 8)) else {
        return headers::clean(value, 40);
    };
    let mut shown = format!("{year}-{month}-{day}");
    if let (Some("T"), Some(hour), Some(minute)) = (value.get(8..9), digits(9, 11), digits(11, 13)) {
        shown = format!("{shown} {hour}:{minute}");
        let zone = parameters.split(';').find_map(|parameter| parameter.strip_prefix("TZID="));
        match (value.trim_end().ends_with('Z'), zone) {
            (true, _) => shown.push_str(" UTC"),
            (false, Some(zone)) => shown.push_str(&format!(" ({})", headers::clean(zone.trim_matches('"'), 60))),
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
        let expected = "Invitation: Licence review, round two\nWhen: 2030-01-02 09:00 (Europe/Helsinki) to 2030-01-02 08:00 UTC\nWhere: Room 5\nOrganiser: jane@example.test";
        assert_eq!(summary(file).as_deref(), Some(expected));
    }

    #[test]
    fn no_event() {
        assert_eq!(summary(b"BEGIN:VCALENDAR\nEND:VCALENDAR"), None);
        assert_eq!(
            summary(b"BEGIN:VEVENT\nDTSTART;VALUE=DATE:20300102").as_deref(),
            Some("Invitation: \nWhen: 2030-01-02")
        );
    }
}
