//! Names of people, and those of departments and machines.

use super::vocabulary::key;
use crate::mail::Address;

/// Words of a name that is nobody's.
const ROLES: &[&str] = &[
    "helpdesk",
    "support",
    "servicedesk",
    "service",
    "desk",
    "it",
    "team",
    "info",
    "office",
    "admin",
    "administrator",
    "noreply",
    "sales",
    "gmbh",
    "ag",
    "oy",
    "oyj",
    "ab",
    "ltd",
    "limited",
    "inc",
    "llc",
    "plc",
    "corp",
    "company",
    "group",
    "department",
    "form",
    "web",
    "mail",
    "postmaster",
    "kontakt",
    "contact",
    "accounts",
    "buchhaltung",
    "einkauf",
    "security",
    "itsupport",
    "systems",
    "hotline",
    "sent",
    "from",
    "my",
    "head",
    "of",
    "lead",
    "manager",
    "engineer",
    "director",
    "leiter",
    "tel",
    "phone",
    "street",
    "studio",
    "agriturismo",
    "hotel",
    "biuro",
    "urzad",
    "gmina",
    "gemeinde",
    "stadt",
    "stadtwerke",
    "landratsamt",
    "amt",
    "sekretariat",
    "secretariat",
    "klinikum",
    "hospital",
    "kommune",
    "kommun",
    "kunta",
    "servizio",
    "servicio",
    "serviço",
    "einkauf",
    "edv",
    "empfang",
    "reception",
    "recepcja",
    "kanzlei",
    "praxis",
    "verein",
    "universitat",
    "university",
    "schule",
    "school",
    "kirche",
    "gmbh",
    "kg",
    "se",
    "sarl",
    "sas",
    "srl",
    "spa",
    "bv",
    "nv",
    "sp",
    "sro",
    "tartak",
    "uniwersytet",
    "mairie",
    "commune",
    "achats",
    "comptabilite",
    "contabilidad",
    "amministrazione",
    "ufficio",
    "oficina",
    "tesouraria",
    "geral",
    "financeiro",
    "abteilung",
    "fachdienst",
    "operations",
    "partner",
    "solutions",
    "systems",
    "consulting",
    "tuki",
    "asiakaspalvelu",
    "myynti",
    "toimisto",
    "kundtjanst",
    "ekonomi",
    "administration",
    "finance",
    "procurement",
    "purchasing",
    "county",
    "council",
    "city",
    "bank",
    "clinic",
    "dental",
    "marine",
    "logistics",
];
/// Whether a word is of a role, a department or a company.
pub(super) fn is_of_a_role(word: &str) -> bool {
    ROLES.contains(&key(word).as_str())
}

/// Two to five words with capitals, none of which a role or a company has.
pub(super) fn is_person(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let fine = |word: &&str| {
        let letters = word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-' | '.' | ',' | '’'));
        letters && !ROLES.contains(&key(word).as_str())
    };
    let capital = |word: &&&str| word.starts_with(char::is_uppercase);
    (2..=5).contains(&words.len()) && words.iter().all(fine) && words.iter().filter(capital).count() >= 2
}

/// A mailbox of a department or a machine.
pub(super) fn is_role(address: &Address) -> bool {
    let local = address.email.split('@').next().unwrap_or_default();
    local.split(['.', '-', '_', '+']).map(key).any(|word| ROLES.contains(&word.as_str()))
        || ROLES.contains(&key(local).as_str())
        || ["noreply", "donotreply", "helpdesk", "servicedesk"].iter().any(|role| key(local).contains(role))
}

/// Whether a name is that of an address: one of its words stands before the `@`. A display name proves nothing, as
/// companies have them too.
pub(super) fn agrees(name: &str, address: &Address) -> bool {
    let local = key(address.email.split('@').next().unwrap_or_default());
    name.split_whitespace().map(key).filter(|word| word.chars().count() >= 3).any(|word| local.contains(&word))
}
