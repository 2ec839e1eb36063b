//! The kinds of text a configuration holds: each parsed into what it means, or refused with what to write instead.

mod host;
mod links;
mod pattern;
mod text;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ipnet::IpNet;
use jiff::{SignedDuration, Span, SpanRelativeTo};

use self::host::is_host;
pub(super) use self::host::{host, is_loopback};
pub(super) use self::links::{is_local_url, origin, percent_decoded, percent_encoded, service_url, url};
pub(super) use self::pattern::pattern;
pub(super) use self::text::text;
use super::nearest::nearest;
use crate::mail::address::{self, normalise};
use crate::mail::auth_results::Server;
use crate::mail::limits::MAX_ADDRESS_OCTETS;

/// Longer than this is a slip of the pen, not a wish.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366 * 10);
/// Octets of the largest size that may be asked for: SQLite's limit for one value is 1 GB.
const LARGEST: u64 = 900_000_000;

/// `90s`, `1h 30m`, `14d`: a day is 24 hours.
pub(super) fn duration(written: &str) -> Result<SignedDuration, String> {
    let wanted = "write it like \"90s\", \"30m\", \"1h 30m\" or \"14d\"";
    let span: Span = written.trim().parse().map_err(|_| format!("{written:?} is no duration; {wanted}"))?;
    let duration = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| format!("{written:?} has no fixed length; use days or weeks"))?;
    if !duration.is_positive() {
        return Err(format!("{written:?} is not longer than nothing; {wanted}"));
    }
    if duration > LONGEST {
        return Err(format!("{written:?} is longer than ten years"));
    }
    Ok(duration)
}

/// A duration that something waits for: at least a millisecond.
pub(super) fn wait(written: &str) -> Result<Duration, String> {
    let duration = Duration::try_from(duration(written)?).map_err(|_| format!("{written:?} is too long"))?;
    if duration < Duration::from_millis(1) {
        return Err(format!("{written:?} is shorter than a millisecond"));
    }
    Ok(duration)
}

/// `25 MB`, `512 KiB`, `300000`: octets; M is a million, Mi 1024 × 1024.
pub(super) fn size(written: &str) -> Result<u64, String> {
    let refused = || format!("{written:?} is no size; write it like \"25 MB\" or \"512 KiB\"");
    let trimmed = written.trim();
    let digits: String = trimmed.chars().take_while(char::is_ascii_digit).collect();
    let unit = trimmed.strip_prefix(digits.as_str()).unwrap_or_default().trim();
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "kib" => 1024,
        "mib" => 1024 * 1024,
        _ => return Err(refused()),
    };
    let octets = digits.parse::<u64>().map_err(|_| refused())?.saturating_mul(factor);
    match octets {
        0 => Err(format!("{written:?} leaves room for nothing")),
        octets if octets > LARGEST => Err(format!("{written:?} is more than {} MB", LARGEST / 1_000_000)),
        octets => Ok(octets),
    }
}

/// A mail address in the form in which addresses are compared (RFC 5321 §4.1.2, without quoted local parts).
pub(super) fn address(written: &str) -> Result<String, String> {
    let refused = |why: &str| Err(format!("{written:?} is no mail address: {why}"));
    let address = normalise(written);
    let Some((local, domain)) = address.rsplit_once('@') else { return refused("it has no @") };
    if local.is_empty() || local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return refused("something is missing before the @");
    }
    if local.chars().any(|c| c.is_whitespace() || c.is_control() || "()<>[]:;@\\,\"".contains(c)) {
        return refused("it holds characters that no address has");
    }
    if !is_host(domain) {
        return refused("what follows the @ is no domain");
    }
    if address.len() > MAX_ADDRESS_OCTETS {
        return refused("it is too long");
    }
    Ok(address)
}

/// A domain of mail addresses, as the DNS has it: `example.com`, `xn--…`.
pub(super) fn domain(written: &str) -> Result<String, String> {
    let ascii = address::to_ascii(written.trim().trim_end_matches('.')).to_lowercase();
    if ascii.contains('.') && ascii.is_ascii() && is_host(&ascii) {
        return Ok(ascii);
    }
    Err(format!("{written:?} is no domain; write it like \"example.com\""))
}

/// A name of a key in the DNS (RFC 6376 §3.1): `caseway`, `2026-11`.
pub(super) fn selector(written: &str) -> Result<String, String> {
    let fine = written.is_ascii() && is_host(written) && !written.ends_with('.');
    if fine {
        return Ok(written.to_owned());
    }
    Err(format!("{written:?} is no selector; use letters, digits and -, like \"caseway-1\""))
}

/// `127.0.0.1`, `127.0.0.1:53`, `[::1]:53`.
pub(super) fn name_server(written: &str) -> Result<SocketAddr, String> {
    let written = written.trim();
    written
        .parse::<SocketAddr>()
        .or_else(|_| written.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53)))
        .map_err(|_| format!("{written:?} is no address of a name server; write it like \"127.0.0.1:53\""))
}

/// What appears in tables, in commands and in the database: a mailbox, a transport, a queue.
pub(super) fn name(written: &str) -> Result<String, String> {
    let fine = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if written.is_empty() || written.chars().count() > 64 || !written.chars().all(fine) {
        return Err(format!("{written:?} is no name; use letters, digits, - and _"));
    }
    Ok(written.to_owned())
}

/// `CASE` in `CASE-1042`.
pub(super) fn case_prefix(written: &str) -> Result<String, String> {
    let fine = written.len() <= 16
        && written.starts_with(|c: char| c.is_ascii_uppercase())
        && written.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if fine {
        Ok(written.to_owned())
    } else {
        Err(format!("{written:?} is no prefix; use up to 16 capital letters and digits, a letter first, like \"CASE\""))
    }
}

/// `127.0.0.1:8080`, `[::]:443`: where a server waits.
pub(super) fn listen(written: &str) -> Result<SocketAddr, String> {
    written
        .trim()
        .parse()
        .map_err(|_| format!("{written:?} is no address and port; write it like \"127.0.0.1:8080\" or \"[::1]:8080\""))
}

/// `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
pub(super) fn network(written: &str) -> Result<IpNet, String> {
    let written = written.trim();
    written
        .parse::<IpNet>()
        .or_else(|_| written.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("{written:?} is no IP address; write it like \"127.0.0.1\" or \"10.0.0.0/8\""))
}

/// One of several words.
pub(super) fn one_of<T: Copy>(written: &str, words: &[(&'static str, T)]) -> Result<T, String> {
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == written) {
        return Ok(*value);
    }
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let hint = nearest(written, &known).map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
    Err(format!("{written:?} is not one of \"{}\"{hint}", known.join("\", \"")))
}

/// A filter of the log as `EnvFilter` reads it, from `info`, `caseway=debug` or `warn,caseway::intake=trace`.
///
/// A lone level is ours; the libraries below tell warnings at most, because what they say of mails is not masked.
pub fn log_filter(written: &str) -> Result<String, String> {
    let refused = || {
        let levels = "\"error\", \"warn\", \"info\", \"debug\"";
        format!("{written:?} is no level; write {levels} or \"info,caseway::intake=debug\"")
    };
    let mut filter = written.trim().to_owned();
    if !filter.contains(['=', ',', '[']) {
        // The filter itself would take any other word for a module's name.
        let level: tracing::Level = filter.parse().map_err(|_| refused())?;
        filter = format!("{},caseway={level}", level.min(tracing::Level::WARN)).to_lowercase();
    }
    tracing_subscriber::EnvFilter::try_new(&filter).map_err(|_| refused())?;
    Ok(filter)
}

/// The name that a mail server gives itself in `Authentication-Results` (RFC 8601 §2.5): any token, a host name as a rule.
/// `exchange-online` stands for the one that gives itself none.
pub(super) fn authserv_id(written: &str) -> Result<Server, String> {
    let id = text(written)?;
    if id == "exchange-online" {
        return Ok(Server::ExchangeOnline);
    }
    if id.contains(|c: char| c.is_whitespace() || c == ';') {
        return Err(format!(
            "{written:?} is no authserv-id; copy the word before the first ; of an Authentication-Results header"
        ));
    }
    Ok(Server::Named(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_fixed_length() {
        for (written, seconds) in
            [("90s", 90), ("1h 30m", 5_400), ("14d", 14 * 86_400), ("2w", 14 * 86_400), ("1 day", 86_400)]
        {
            assert_eq!(duration(written), Ok(SignedDuration::from_secs(seconds)), "{written}");
        }
        for written in ["", "90", "1 month", "1y", "-1h", "0s", "soon", "11 years", "9999999999999999h", "1e9s"] {
            assert!(duration(written).is_err(), "{written}");
        }
        assert!(wait("1us").is_err());
    }

    #[test]
    fn sizes_are_octets() {
        for (written, octets) in [("25 MB", 25_000_000), ("512KiB", 524_288), ("300000", 300_000), ("1 m", 1_000_000)] {
            assert_eq!(size(written), Ok(octets), "{written}");
        }
        for written in ["", "MB", "25 MX", "-1", "0", "1.5 MB", "25 MB 3", "99999999999999999999", "1000 MB"] {
            assert!(size(written).is_err(), "{written}");
        }
    }

    #[test]
    fn addresses_are_compared_as_written_by_anyone() {
        for (written, address_of) in [
            (" Support@Example.TEST ", "support@example.test"),
            ("<a+b@x.test>", "a+b@x.test"),
            ("jürgen@müller.example", "jürgen@müller.example"),
            ("root@localhost", "root@localhost"),
        ] {
            assert_eq!(address(written).as_deref(), Ok(address_of), "{written}");
        }
        let long = format!("{}@example.test", "a".repeat(320));
        for written in
            ["", "@", "a@", "@b.test", "a b@x.test", "a@b@x.test", "a..b@x.test", "a@-x.test", "a@x..test", &long]
        {
            assert!(address(written).is_err(), "{written}");
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for host in ["localhost", "mail.localhost", "127.0.0.1", "127.9.9.9", "::1"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example.test", "notlocalhost", "10.0.0.1", "0.0.0.0", "::", "example.test"] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_lone_level_is_ours_alone() {
        assert_eq!(log_filter("INFO").as_deref(), Ok("warn,caseway=info"));
        assert_eq!(log_filter("error").as_deref(), Ok("error,caseway=error"));
        assert_eq!(log_filter(" info,rustls=debug ").as_deref(), Ok("info,rustls=debug"));
        assert!(log_filter("caseway").is_err());
        assert!(log_filter("caseway=loud").is_err());
    }
}
