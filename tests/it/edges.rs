//! The module edges are a decision: this list. No circles, and nothing stands on what is above it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each module and those it may use, from the ground up.
const EDGES: &[(&str, &[&str])] = &[
    ("mail", &[]),
    ("cores", &[]),
    ("private", &[]),
    ("time", &[]),
    ("tls", &[]),
    ("http", &["tls"]),
    ("config", &["mail"]),
    ("desk", &["config", "mail"]),
    ("letters", &["desk", "mail"]),
    ("store", &["desk", "mail", "private"]),
    ("directory", &["config", "desk", "http", "mail", "store", "time"]),
    ("oauth", &["config", "desk", "http", "mail", "store", "time"]),
    ("act", &["cores", "desk", "letters", "store", "time"]),
    ("clock", &["act", "desk", "store"]),
    ("dkim", &["mail"]),
    ("probe", &[]),
    ("intake", &["config", "mail", "oauth", "private", "store", "time", "tls"]),
    ("readers", &["cores", "desk", "mail", "probe", "store"]),
    ("process", &["act", "desk", "dkim", "mail", "readers", "store"]),
    ("provision", &["act", "desk", "directory", "store"]),
    ("send", &["config", "mail", "oauth", "private", "store", "time", "tls"]),
    ("web", &["act", "config", "desk", "directory", "intake", "letters", "mail", "store", "time"]),
    (
        "app",
        &[
            "act",
            "clock",
            "config",
            "desk",
            "directory",
            "dkim",
            "intake",
            "letters",
            "private",
            "oauth",
            "process",
            "provision",
            "readers",
            "send",
            "store",
            "time",
            "web",
        ],
    ),
    ("log", &["config"]),
    (
        "cli",
        &[
            "app",
            "config",
            "desk",
            "directory",
            "intake",
            "letters",
            "log",
            "mail",
            "oauth",
            "private",
            "send",
            "store",
            "time",
            "web",
        ],
    ),
];

#[test]
fn modules_use_only_what_they_may() {
    let used = edges();
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    let mut wrong = Vec::new();
    for (module, uses) in &used {
        let Some(may) = allowed.get(module.as_str()) else {
            wrong.push(format!("{module} is not in the list"));
            continue;
        };
        wrong.extend(uses.iter().filter(|used| !may.contains(&used.as_str())).map(|used| format!("{module} → {used}")));
    }
    assert!(wrong.is_empty(), "new edges, each a decision: {wrong:#?}");
}

/// The list itself only points downwards, so no circle can be written into it.
#[test]
fn the_list_has_no_circles() {
    let mut below = BTreeSet::new();
    for (module, uses) in EDGES {
        for used in *uses {
            assert!(below.contains(used), "{module} stands on {used}, which is not below it");
        }
        below.insert(*module);
    }
}

/// SQL lives in store/ only.
#[test]
fn sql_is_only_in_the_store() {
    let source = source();
    let elsewhere: Vec<_> = files(&source)
        .into_iter()
        .filter(|file| !file.starts_with(source.join("store")))
        .filter(|file| std::fs::read_to_string(file).unwrap().contains("sqlx::query"))
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

/// What people see of a mail was looked through for links and codes first: outside of the desk's tests, only these read one.
#[test]
fn mails_are_read_where_they_are_looked_through() {
    let source = source();
    let may = [
        // Looks through what it reads.
        "readers.rs",
        "store/facts.rs",
        "store/link.rs",
        "cli/mail/list.rs",
        // A file of a mail that was looked through.
        "desk/gate/files.rs",
        // Files of the administrator's own, without a database.
        "cli/mail/explain.rs",
        "cli/mail/inspect.rs",
    ];
    let code = |file: &PathBuf| std::fs::read_to_string(file).unwrap().split("#[cfg(test)]").next().unwrap().to_owned();
    let reads: BTreeSet<String> = files(&source)
        .into_iter()
        .filter(|file| !file.starts_with(source.join("mail")) && names_read(&code(file)))
        .map(|file| file.strip_prefix(&source).unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(reads, may.map(str::to_owned).into());
}

/// Whether code calls `mail::read`, or hands it on; documentation may speak of it.
fn names_read(code: &str) -> bool {
    let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '`'));
    code.replace("email::read", "").split("mail::read").skip(1).any(|rest| !goes_on(rest))
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Which top-level modules each top-level module names by `crate::`.
fn edges() -> BTreeMap<String, BTreeSet<String>> {
    let source = source();
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files(&source) {
        let relative = file.strip_prefix(&source).unwrap();
        let first =
            relative.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        if matches!(first.as_str(), "lib" | "main") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let uses = edges.entry(first.clone()).or_default();
        for (position, _) in text.match_indices("crate::") {
            let rest = &text[position + "crate::".len()..];
            let names = if rest.starts_with('{') { grouped(rest) } else { vec![rest] };
            for name in names {
                let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let is_module = source.join(&name).is_dir() || source.join(format!("{name}.rs")).is_file();
                if is_module && name != first {
                    uses.insert(name);
                }
            }
        }
    }
    edges
}

/// The first words of the members of `{a::b, c::{d, e}}`.
fn grouped(group: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut starts = Vec::new();
    for (position, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(letter, '{' | ',') {
            starts.push(group[position + 1..].trim_start());
        }
    }
    starts
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
