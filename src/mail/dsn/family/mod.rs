//! The non-standard reports, one file a family: the sentences that only its program writes, the words it puts
//! before an address, and the lines under which it lists addresses. The reader in [`super::notice`] is the same
//! for all, so that the next program of the same kind is read without being known.

mod exchange;
mod exim;
mod gateways;
mod google;
mod languages;
mod notes;
mod others;
mod phones;
mod postfix;
mod qmail;
mod sendmail;
mod shape;
mod yahoo;

pub use shape::Family;

/// Every family, the more particular before the more general.
pub const ALL: &[Family] = &[
    exchange::ONLINE,
    exchange::SERVER,
    exchange::SMTPSVC,
    notes::DOMINO,
    notes::SMTP_MTA,
    google::GOOGLE,
    google::GROUPS,
    yahoo::YAHOO,
    qmail::QMAIL,
    gateways::MAIL_MARSHAL,
    gateways::MAIL_FOUNDRY,
    gateways::MIMECAST,
    gateways::TREND_MICRO,
    gateways::M_FILTER,
    gateways::BARRACUDA,
    gateways::MCAFEE,
    gateways::OTHERS,
    phones::KDDI,
    phones::VERIZON,
    exim::EXIM,
    exim::NEMESIS,
    postfix::POSTFIX,
    postfix::DOUBLE_BOUNCE,
    sendmail::SENDMAIL,
    others::DRAGONFLY,
    others::OPENSMTPD,
    others::COURIER,
    others::COMMUNIGATE,
    others::IMAIL,
    others::JAMES,
    others::SMAIL,
    others::MDAEMON,
    others::PMDF,
    others::ZOHO,
    others::MAILING_LIST,
    others::PLAIN,
    languages::LANGUAGES,
];

/// The family whose sentence stands in `line` (lower case).
pub fn opened_by(line: &str) -> Option<&'static Family> {
    ALL.iter().find(|family| family.openers.iter().any(|opener| line.contains(opener)))
}

/// Where in `line` (lower case) a label ends, if one stands in it: the right-most end, because labels may
/// stand behind other words.
pub fn label_end(line: &str) -> Option<usize> {
    ALL.iter()
        .flat_map(|family| family.labels)
        .filter_map(|label| line.find(label).map(|start| start + label.len()))
        .max()
}

/// Whether `line` (lower case) announces a list of recipients.
pub fn is_heading(line: &str) -> bool {
    ALL.iter().flat_map(|family| family.headings).any(|heading| line.contains(heading))
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn phrases_are_lower_case_and_not_empty() {
        for family in ALL {
            for phrase in family.openers.iter().chain(family.labels).chain(family.headings) {
                assert!(phrase.len() > 4 && **phrase == phrase.to_lowercase(), "{}: {phrase}", family.name);
            }
        }
    }
}
