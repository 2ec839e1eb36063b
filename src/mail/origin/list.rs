//! Mail to many: lists on which people write, and mass mailings.

use super::super::Headers;
use super::super::sender::{Sender, SenderKind};
use super::kind::{Found, Origin};
use super::value::{keyword, shown};

/// Headers of programs for mass mailings.
const CAMPAIGN: &[&str] = &[
    "X-Campaign",
    "X-CampaignID",
    "X-Campaign-ID",
    "X-Campaign-Id",
    "X-MC-User",
    "X-Mailin-Campaign",
    "X-SFMC-Stack",
    "X-CSA-Complaints",
    "X-Newsletter",
    "X-EmarSys-Identify",
    "X-rpcampaign",
    "X-Mailer-RecptId",
    "X-Mailgun-Campaign-Id",
    "X-Mailgun-List-Id",
    "X-Listmonk-Campaign",
];

/// The list a person's post came through. Such a list takes posts (`List-Post`, RFC 2369 §3.4), or bears the
/// mark of a manager of discussion lists. A desk's address often is such a list (Google Groups). Majordomo and its kin
/// write only `Precedence` and a `Sender` that owns the list.
pub fn post(headers: &Headers) -> Option<String> {
    let takes_posts = headers
        .first("List-Post")
        .filter(|value| !value.trim().get(..2).is_some_and(|no| no.eq_ignore_ascii_case("no")));
    let marks = [
        "X-BeenThere",
        "X-Mailman-Version",
        "X-Google-Group-Id",
        "Mailing-List",
        "X-ML-Name",
        "X-Mailing-List",
        "X-Sympa-To",
    ];
    let found = takes_posts.or_else(|| marks.iter().find_map(|name| headers.first(name))).or_else(|| owner(headers));
    found.map(|value| shown(headers.first("List-Id").unwrap_or(value)))
}

/// Whether a mail is a post on a list.
pub fn is_post(headers: &Headers) -> bool {
    post(headers).is_some()
}

/// The addresses under which the list that a post came through takes posts; empty for any other mail, and for a list that
/// tells none. `List-Id` names the list as a host (RFC 2919 §3), whose first label is the local part.
pub fn addresses(headers: &Headers) -> Vec<String> {
    if post(headers).is_none() {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    for name in ["List-Post", "X-BeenThere", "Mailing-List", "X-Mailing-List", "X-Sympa-To"] {
        found.extend(headers.all(name).flat_map(posting_address));
    }
    let by_id = headers.first("List-Id").and_then(|id| id.rsplit_once('<')).and_then(|(_, id)| id.split('>').next());
    found.extend(by_id.and_then(|id| id.split_once('.')).map(|(local, domain)| format!("{local}@{domain}")));
    let by_owner = owner(headers).map(|sender| Sender::parse(sender).address);
    found.extend(by_owner.map(|address| {
        let (local, domain) = address.rsplit_once('@').unwrap_or((address.as_str(), ""));
        let local = local.trim_start_matches("owner-");
        let local = ["-owner", "-bounces", "-errors"].iter().fold(local, |local, end| local.trim_end_matches(end));
        format!("{local}@{domain}")
    }));
    found.into_iter().map(|address| address.to_lowercase()).collect()
}

/// `<mailto:users@…?subject=x>`, `list users@…; contact …`, `users@…`.
fn posting_address(value: &str) -> Option<String> {
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '?');
    let word = value.split(is_edge).find(|word| word.contains('@'))?;
    Some(word.trim_start_matches("mailto:").to_owned())
}

/// A `Sender` of the form `owner-list@`, `list-owner@` or `list-bounces@`, beside another author.
fn owner(headers: &Headers) -> Option<&str> {
    let value = headers.first("Sender")?;
    let sender = Sender::parse(value);
    let owns = sender.local().starts_with("owner-")
        || ["-owner", "-bounces", "-errors"].iter().any(|end| sender.local().ends_with(end));
    (owns && Sender::of(headers).address != sender.address).then_some(value)
}

/// Whether the headers are those of a mailing to many that nobody wrote to this address alone.
pub fn is_mass_mail(headers: &Headers) -> bool {
    headers.first("List-Unsubscribe").is_some() || matches!(precedence(headers).as_str(), "bulk" | "junk" | "list")
}

fn precedence(headers: &Headers) -> String {
    headers.first("Precedence").map(keyword).unwrap_or_default()
}

/// A mass mailing. `answers` is whether the mail belongs to a conversation: sales tools put `List-Unsubscribe` on what a
/// person writes to one.
pub fn bulk(headers: &Headers, sender: &Sender, answers: bool) -> Found {
    if let Some(name) = CAMPAIGN.iter().find(|name| headers.first(name).is_some()) {
        return Some((Origin::Bulk, format!("{name}: the header of a mailing program")));
    }
    if post(headers).is_some() {
        return None;
    }
    let precedence = precedence(headers);
    if matches!(precedence.as_str(), "bulk" | "junk" | "list") {
        return Some((Origin::Bulk, format!("Precedence: {precedence}")));
    }
    let unsubscribe = headers.first("List-Unsubscribe").filter(|_| !answers);
    if let Some(value) = unsubscribe {
        return Some((Origin::Bulk, format!("List-Unsubscribe: {}", shown(value))));
    }
    let feedback = headers.first("Feedback-ID").or_else(|| headers.first("List-Id"));
    feedback
        .filter(|_| sender.kind == SenderKind::NoReply)
        .map(|value| (Origin::Bulk, format!("a mailing from {}: {}", sender.address, shown(value))))
}
