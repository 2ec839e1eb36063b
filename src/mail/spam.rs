//! The marks that a filter put on a mail that it takes for spam. Anybody can write them; who does only harms their own mail.

use super::Headers;

/// The lowest spam confidence level at which Exchange takes a mail for spam; -1 to 9.
const SPAM_LEVEL: i32 = 5;

/// The header that says that the mail is spam, in words for administrators.
pub fn mark(headers: &Headers) -> Option<String> {
    flag(headers).or_else(|| level(headers)).or_else(|| result(headers))
}

/// SpamAssassin's, rspamd's and others' headers that begin with yes.
fn flag(headers: &Headers) -> Option<String> {
    let names = ["X-Spam-Flag", "X-Spam-Status", "X-Spam", "X-Spam-Result", "X-Bogosity", "X-Amavis-Spam"];
    let says = |value: &&str| {
        let first: String = value.trim().chars().take_while(char::is_ascii_alphabetic).collect();
        ["yes", "true", "spam"].iter().any(|word| first.eq_ignore_ascii_case(word))
    };
    names.iter().find_map(|name| {
        let value = headers.all(name).find(says)?;
        Some(format!("{name}: {}", shown(value)))
    })
}

/// Exchange's spam confidence level: in a header of its own, or as `SCL:9` and `SFV:SPM` in Forefront's report.
fn level(headers: &Headers) -> Option<String> {
    let name = "X-MS-Exchange-Organization-SCL";
    if let Some(value) = headers.first(name).filter(|value| is_high(value)) {
        return Some(format!("{name}: {}", shown(value)));
    }
    let name = "X-Forefront-Antispam-Report";
    let report = headers.first(name)?;
    let entry = report.split(';').map(str::trim).find(|entry| match entry.split_once(':') {
        Some((key, value)) if key.eq_ignore_ascii_case("SCL") => is_high(value),
        Some((key, value)) if key.eq_ignore_ascii_case("SFV") => value.eq_ignore_ascii_case("SPM"),
        _ => false,
    })?;
    Some(format!("{name}: {}", shown(entry)))
}

fn is_high(level: &str) -> bool {
    level.trim().parse::<i32>().is_ok_and(|level| level >= SPAM_LEVEL)
}

/// A method of `Authentication-Results` that is about spam (`x-spam=fail`, Stalwart and others), on top of the mail.
fn result(headers: &Headers) -> Option<String> {
    let value = headers.first("Authentication-Results")?;
    let statement = value.split(';').skip(1).map(str::trim).find(|statement| {
        let (method, rest) = statement.split_once('=').unwrap_or((statement, ""));
        let verdict: String = rest.trim().chars().take_while(char::is_ascii_alphabetic).collect();
        matches!(method.trim().to_ascii_lowercase().as_str(), "x-spam" | "spam")
            && ["fail", "spam", "yes"].iter().any(|word| verdict.eq_ignore_ascii_case(word))
    })?;
    Some(format!("Authentication-Results: {}", shown(statement)))
}

fn shown(value: &str) -> String {
    value.trim().chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_filters() {
        let of = |raw: &str| mark(&Headers::of(format!("{raw}\n\n").as_bytes()));
        for raw in [
            "X-Spam-Flag: YES",
            "X-Spam-Status: Yes, score=18.4 required=5.0",
            "X-Spam: Yes",
            "X-Bogosity: Spam, tests=bogofilter",
            "X-MS-Exchange-Organization-SCL: 6",
            "X-Forefront-Antispam-Report: CIP:192.0.2.1;CTRY:;LANG:en;SCL:5;SRV:;IPV:NLI;SFV:SPM;",
            "Authentication-Results: mx.example.test; spf=pass smtp.mailfrom=a.test; x-spam=fail",
        ] {
            assert!(of(raw).is_some(), "{raw}");
        }
        for raw in [
            "X-Spam-Flag: NO",
            "X-Spam-Status: No, score=-1.9 required=5.0 tests=YES",
            "X-Spam-Score: 9",
            "X-MS-Exchange-Organization-SCL: -1",
            "X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:1;SFV:NSPM",
            "Authentication-Results: mx.example.test; spf=fail; x-spam=pass",
            "Subject: ***SPAM*** hello",
        ] {
            assert_eq!(of(raw), None, "{raw}");
        }
    }
}
