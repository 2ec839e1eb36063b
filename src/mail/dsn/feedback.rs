//! Reports on our mail that are no delivery reports: complaints (ARF, RFC 5965), DMARC, TLS.

use super::super::Headers;
use super::super::sender::Sender;
use super::ses;

/// The form of complaints by RFC 5965.
const ARF: &str = "a feedback report (RFC 5965)";

/// What kind of feedback a mail is, in words; `None` for all other mail.
pub fn kind(headers: &Headers, subject: &str, text: &str) -> Option<&'static str> {
    let content = headers.first("Content-Type").unwrap_or_default().trim_start();
    if content.get(..16).is_some_and(|start| start.eq_ignore_ascii_case("multipart/report")) {
        let content = content.to_ascii_lowercase();
        return match () {
            () if content.contains("feedback-report") => Some(ARF),
            () if content.contains("tlsrpt") => Some("a TLS report (RFC 8460)"),
            () => None,
        };
    }
    if headers.first("TLS-Report-Domain").is_some() {
        return Some("a TLS report (RFC 8460)");
    }
    if subject.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("report")) && is_dmarc(&subject.to_lowercase()) {
        return Some("a DMARC report (RFC 7489)");
    }
    if subject.trim_start().get(..28).is_some_and(|start| start.eq_ignore_ascii_case("complaint about message from"))
        && is_microsoft(headers)
    {
        return Some("a complaint (Microsoft's junk mail reporting)");
    }
    (ses::is_complaint(text) && Sender::of(headers).domain().ends_with("amazonaws.com"))
        .then_some("a complaint (Amazon SES)")
}

/// The subject that RFC 7489 §7.2.1.1 prescribes.
fn is_dmarc(subject: &str) -> bool {
    subject.starts_with("report domain:") && subject.contains("submitter:") && subject.contains("report-id:")
}

fn is_microsoft(headers: &Headers) -> bool {
    let sender = Sender::of(headers);
    sender.local() == "staff" && ["hotmail.com", "outlook.com", "live.com"].contains(&sender.domain())
}
