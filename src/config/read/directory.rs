//! `[directory]`: where the accounts are.

use std::time::Duration;

use super::secret::secret;
use crate::config::section::Section;
use crate::config::{Directory, Scim, values};

pub(super) fn directory(section: &Section<'_>) -> Option<Directory> {
    let is_embedded = section.is_absent("scim");
    let scim = section.section("scim").and_then(|section| scim(&section));
    section.refuse_unknown();
    if is_embedded { Some(Directory::Embedded) } else { scim.map(|scim| Directory::Scim(Box::new(scim))) }
}

fn scim(section: &Section<'_>) -> Option<Scim> {
    let url = section.parsed("url", values::service_url);
    let url = section.required("url", url, "the service's base, like \"https://id.example.test/scim/v2\"");
    let token = secret(section, "token");
    let token = section.required("token", token, "the bearer token, like { file = \"scim.token\" }");
    let ca_file = section.path("ca_file");
    let timeout = section.parsed("timeout", values::wait).unwrap_or(Duration::from_secs(10));
    let insecure = section.flag("insecure", false);
    section.refuse_unknown();
    let (url, is_local) = url?;
    let is_plain = url.starts_with("http://");
    if is_plain && !is_local && !insecure {
        section.problem_at(
            "url",
            "http:// lets everybody on the way read the token and passwords; \
             use https://, or add insecure = true if you mean it",
        );
    }
    if !is_plain && insecure {
        section.problem_at(
            "insecure",
            "goes with http:// only; it does not switch the certificate check off: \
             for a certificate of your own use ca_file",
        );
    }
    if is_plain && ca_file.is_some() {
        section.problem_at("ca_file", "has no use with http://; leave one of them out");
    }
    Some(Scim { url, token: token?, ca_file, timeout })
}
