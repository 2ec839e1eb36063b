//! `[database]`: a SQLite file, or a database on a PostgreSQL server.

use std::path::Path;

use secrecy::SecretString;

use super::secret;
use crate::config::section::Section;
use crate::config::{Database, values};

/// What a url looks like.
const EXAMPLE: &str = "\"postgres://caseway@db.example.com/caseway\"";
/// Ways of connecting that do not look at the certificate, or not at whose it is.
const UNPROVEN: &[&str] = &["disable", "allow", "prefer", "require", "verify-ca"];

pub(super) fn database(section: &Section<'_>) -> Option<Database> {
    let path = section.path("path");
    let place = section.parsed("url", place);
    // Commands that look at the database connect to it: this secret is fetched whoever asks.
    let password = secret::needed(section, "password");
    section.refuse_unknown();
    match (section.is_absent("path"), section.is_absent("url")) {
        (false, false) => {
            section.problem("has both path and url: a database is in one place");
            None
        }
        (true, false) => server(section, place?, password),
        _ => {
            let path =
                section.required("path", path, "where the database is kept, like \"/var/lib/caseway/caseway.db\"");
            file(section, &path?)
        }
    }
}

fn file(section: &Section<'_>, path: &Path) -> Option<Database> {
    if !section.is_absent("password") {
        section.problem_at("password", "is for a database with a url: a file has none");
    }
    match path.to_str() {
        Some(path) => Some(Database { url: format!("sqlite://{}", values::percent_encoded(path)), password: None }),
        None => {
            section.problem_at("path", format!("{} is not UTF-8", path.display()));
            None
        }
    }
}

fn server(section: &Section<'_>, place: Place, password: Option<SecretString>) -> Option<Database> {
    if password.is_none() && !section.is_absent("password") {
        return None;
    }
    if let Some(mode) = place.mode.as_deref().filter(|mode| UNPROVEN.contains(mode) && !place.is_local) {
        let what =
            format!("sslmode={mode} does not prove which server answers: leave it out, or write sslmode=verify-full");
        section.warning_at("url", what);
    }
    Some(Database { url: place.url, password })
}

/// A url that was looked through.
#[derive(Debug)]
struct Place {
    url: String,
    /// `sslmode`, where the url has it.
    mode: Option<String>,
    /// On this machine: nobody is between us and the server.
    is_local: bool,
}

fn place(url: &str) -> Result<Place, String> {
    let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"));
    let rest = rest.ok_or_else(|| format!("write it like {EXAMPLE}; a SQLite file is named by path"))?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (server, name) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, host) = server.rsplit_once('@').unwrap_or(("", server));
    let asked = |wanted: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == wanted).map(|(_, value)| value.to_owned()).next_back()
    };
    if user.contains(':') || asked("password").is_some() {
        return Err("the password stands in the url: give it as password = { file = \"…\" }, beside it".to_owned());
    }
    if user.is_empty() && asked("user").is_none() {
        return Err(format!("it names no user: write it like {EXAMPLE}"));
    }
    if name.is_empty() && asked("dbname").is_none() {
        return Err(format!("it names no database: write it like {EXAMPLE}"));
    }
    let named = asked("host").unwrap_or_else(|| without_port(host).to_owned());
    if named.is_empty() {
        return Err(format!("it names no host: write it like {EXAMPLE}"));
    }
    let is_socket = named.starts_with('/') || named.to_ascii_lowercase().starts_with("%2f");
    let is_local = is_socket || values::is_loopback(named.trim_matches(['[', ']']));
    let mode = asked("sslmode");
    let mut url = url.to_owned();
    if !is_local && mode.is_none() {
        url.push_str(if query.is_empty() && !url.ends_with('?') { "?" } else { "&" });
        url.push_str("sslmode=verify-full");
    }
    Ok(Place { url, mode, is_local })
}

/// `[::1]:5432` and `db.example.com:5432` without what stands behind the colon.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn servers_elsewhere_prove_who_they_are() {
        let url = |written: &str| place(written).unwrap().url;
        let elsewhere = "postgres://caseway@db.example.com:5432/caseway";
        assert_eq!(url(elsewhere), format!("{elsewhere}?sslmode=verify-full"));
        assert_eq!(
            url(&format!("{elsewhere}?sslrootcert=/a")),
            format!("{elsewhere}?sslrootcert=/a&sslmode=verify-full")
        );
        assert_eq!(url(&format!("{elsewhere}?sslmode=disable")), format!("{elsewhere}?sslmode=disable"));
        for here in [
            "postgres://caseway@localhost/caseway",
            "postgresql://caseway@[::1]:5433/caseway",
            "postgres://caseway@127.0.0.1/caseway",
            "postgres://caseway@%2Frun%2Fpostgresql/caseway",
            "postgres:///caseway?host=/run/postgresql&user=caseway",
        ] {
            assert_eq!(url(here), here);
        }
    }

    #[test]
    fn what_is_missing_or_must_not_be_there_is_said() {
        for (written, what) in [
            ("mysql://caseway@db/caseway", "write it like"),
            ("postgres://caseway:secret@db/caseway", "the password stands in the url"),
            ("postgres://caseway@db/caseway?password=secret", "the password stands in the url"),
            ("postgres://db.example.com/caseway", "no user"),
            ("postgres://caseway@db.example.com", "no database"),
            ("postgres://caseway@db.example.com/", "no database"),
            ("postgres://caseway@/caseway", "no host"),
        ] {
            let said = place(written).unwrap_err();
            assert!(said.contains(what) && !said.contains("secret@"), "{written}: {said}");
        }
    }
}
