//! Notifications of Amazon SES that reach a mailbox through SNS: JSON as the text of a mail.

use serde_json::Value;

use super::fields;
use super::judge::judge;
use super::original::DELIVERY_HEADER;
use super::report::{Bounce, BounceKind, BounceReport, Entry};
use crate::mail::{address, limits, message_id};

/// The form's name for people.
pub const FORM: &str = "Amazon SES notification";

/// Whether a text begins like such a notification (plain, or wrapped by SNS).
pub fn is_notification(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with('{') && ["notificationType", "eventType"].iter().any(|key| text.contains(key))
}

/// Whether it tells of a complaint (a feedback report, not a bounce).
pub fn is_complaint(text: &str) -> bool {
    is_notification(text)
        && parse(text).is_some_and(|json| kind(&json).is_some_and(|kind| kind.eq_ignore_ascii_case("complaint")))
}

/// Reads a bounce or a delivery; `None` for everything else.
pub fn read(text: &str) -> Option<Bounce> {
    let json = parse(text)?;
    let entries = match kind(&json)? {
        kind if kind.eq_ignore_ascii_case("bounce") => bounced(json.get("bounce")?),
        kind if kind.eq_ignore_ascii_case("delivery") => delivered(json.get("delivery")?),
        kind if kind.eq_ignore_ascii_case("deliverydelay") => delayed(json.get("deliveryDelay")?),
        _ => return None,
    };
    let transient = string(json.get("bounce"), "bounceType").eq_ignore_ascii_case("transient");
    let reports =
        entries.into_iter().take(limits::MAX_BOUNCE_REPORTS).map(|entry| softened(judge(entry, "", false), transient));
    Some(Bounce {
        reports: reports.collect(),
        original_message_id: message_id(&json),
        original_delivery: header(&json, DELIVERY_HEADER),
        original_return_path: Some(address::normalise(&string(json.get("mail"), "source"))),
        form: FORM,
    })
}

/// The object from the first brace on. Some relays break the long line with `!` and a new line; what follows
/// the object (a footer of SNS) is left out.
fn parse(text: &str) -> Option<Value> {
    let text = text.get(text.find('{')?..)?;
    let whole: String = text.chars().take(limits::MAX_REPORT_CHARS).collect();
    let joined = whole.replace("!\r\n ", "").replace("!\n ", "").replace(['\r', '\n'], "");
    let json = serde_json::Deserializer::from_str(&joined).into_iter::<Value>().next()?.ok()?;
    match json.get("Message").and_then(Value::as_str) {
        Some(inner) => serde_json::from_str(inner).ok(),
        None => Some(json),
    }
}

fn kind(json: &Value) -> Option<&str> {
    json.get("notificationType").or_else(|| json.get("eventType")).and_then(Value::as_str)
}

fn string(json: Option<&Value>, key: &str) -> String {
    json.and_then(|json| json.get(key)).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list<'a>(json: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    json.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn bounced(bounce: &Value) -> Vec<Entry> {
    let permanent = string(Some(bounce), "bounceSubType");
    list(bounce, "bouncedRecipients")
        .map(|one| {
            let diagnostic = fields::without_type(&string(Some(one), "diagnosticCode")).to_owned();
            Entry {
                recipient: string(Some(one), "emailAddress"),
                action: string(Some(one), "action"),
                status: string(Some(one), "status"),
                diagnostic: if diagnostic.is_empty() { permanent.clone() } else { diagnostic },
                said: String::new(),
            }
        })
        .collect()
}

fn delivered(delivery: &Value) -> Vec<Entry> {
    let words = string(Some(delivery), "smtpResponse");
    list(delivery, "recipients")
        .filter_map(Value::as_str)
        .map(|one| Entry {
            recipient: address::normalise(one),
            action: "delivered".to_owned(),
            status: String::new(),
            diagnostic: words.clone(),
            said: String::new(),
        })
        .collect()
}

fn delayed(delay: &Value) -> Vec<Entry> {
    list(delay, "delayedRecipients")
        .map(|one| Entry {
            recipient: string(Some(one), "emailAddress"),
            action: "delayed".to_owned(),
            status: string(Some(one), "status"),
            diagnostic: fields::without_type(&string(Some(one), "diagnosticCode")).to_owned(),
            said: String::new(),
        })
        .collect()
}

/// SES knows from the session whether a failure lasts; its word goes before a code that may be generic.
fn softened(mut report: BounceReport, transient: bool) -> BounceReport {
    if transient && report.kind == BounceKind::Hard {
        report.kind = BounceKind::Soft;
    }
    report
}

/// The `Message-ID` header of the mail; without it, the id SES gave, which is the left side of the one it wrote.
fn message_id(json: &Value) -> Option<String> {
    let mail = json.get("mail")?;
    let value = header(json, "Message-ID").unwrap_or_else(|| string(mail.get("commonHeaders"), "messageId"));
    message_id::list(&value)
        .into_iter()
        .next()
        .or_else(|| Some(string(Some(mail), "messageId")).filter(|id| !id.is_empty()))
}

/// A header of the mail, where SES was told to pass them on.
fn header(json: &Value, name: &str) -> Option<String> {
    let header = list(json.get("mail")?, "headers").find(|one| string(Some(one), "name").eq_ignore_ascii_case(name))?;
    Some(string(Some(header), "value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNCE: &str = r#"{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"kim@example.test","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]},"mail":{"messageId":"0100-abc","headers":[{"name":"Message-ID","value":"<m1@example.test>"}]}}"#;

    #[test]
    fn a_bounce_with_a_broken_line_and_a_footer() {
        let text = format!("{}\n\n--\nunsubscribe here", BOUNCE.replace("\"headers\"", "\"!\n headers\""));
        let bounce = read(&text).unwrap();
        assert_eq!(bounce.original_message_id.as_deref(), Some("m1@example.test"));
        assert_eq!(bounce.reports[0].recipient, "kim@example.test");
        assert_eq!(bounce.reports[0].kind, BounceKind::Hard);
    }

    #[test]
    fn wrapped_by_sns() {
        let text = serde_json::json!({"Type": "Notification", "Message": BOUNCE}).to_string();
        assert!(is_notification(&text) && read(&text).is_some());
    }

    #[test]
    fn a_complaint_is_no_bounce() {
        let text = r#"{"notificationType":"Complaint","complaint":{},"mail":{}}"#;
        assert!(is_complaint(text) && read(text).is_none() && !is_complaint(BOUNCE));
    }
}
