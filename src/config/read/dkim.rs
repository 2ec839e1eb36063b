//! `[dkim.SELECTOR]`: keys that sign what we send.

use std::collections::BTreeMap;

use secrecy::SecretString;

use super::oauth::key_file;
use crate::config::secrets::Secrets;
use crate::config::section::Section;
use crate::config::{DkimKey, DkimKind, values};

pub(super) fn keys(root: &Section<'_>) -> Option<BTreeMap<String, DkimKey>> {
    let Some(section) = root.section("dkim") else {
        return root.is_absent("dkim").then(BTreeMap::new);
    };
    let mut keys = BTreeMap::new();
    let mut complete = true;
    for entry in section.entries() {
        if let Err(what) = values::selector(entry.key()) {
            entry.problem(what);
        }
        match entry.section("dkim.SELECTOR").and_then(|section| key(entry.key(), &section)) {
            Some(key) => _ = keys.insert(entry.key().to_owned(), key),
            None => complete = false,
        }
    }
    complete.then_some(keys)
}

fn key(selector: &str, section: &Section<'_>) -> Option<DkimKey> {
    let domain = section.parsed("domain", values::domain);
    let domain = section.required("domain", domain, "whose mails the key signs, like \"example.com\"");
    let file = section.path("key_file");
    let file = section.required("key_file", file, "the file with the private key; `caseway dkim keygen` makes one");
    section.refuse_unknown();
    let (domain, file) = (domain?, file?);
    if section.document().secrets == Secrets::Leave {
        // Nobody signs with it.
        return Some(DkimKey {
            selector: selector.to_owned(),
            domain,
            pem: SecretString::default(),
            kind: DkimKind::Rsa,
        });
    }
    let text = key_file(section, "key_file", &file)?;
    DkimKey::new(selector, &domain, SecretString::from(text))
        .map_err(|what| section.problem_at("key_file", format!("{}: {what}", file.display())))
        .ok()
}
