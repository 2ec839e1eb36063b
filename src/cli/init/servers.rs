//! Which servers: as flags name them, as the domain tells, or as somebody answers.

use anyhow::{anyhow, bail};

use super::args::Args;
use super::person::Person;
use super::steps::Steps;
use super::way::{Guard, Servers, Way, port_of};
use crate::discover::{self, Found, Kind, Known, Mx, Network, Protection, Provider, domain_of};

/// Both servers. Looks up what no flag names, unless that is forbidden, and asks for the rest.
pub(super) async fn choose(args: &Args, address: &str, person: &Person, steps: &mut Steps) -> anyhow::Result<Servers> {
    let user = args.user.as_deref();
    let imap = named(Kind::Imap, args.imap.as_deref(), args.imap_tls, user.unwrap_or(address))?;
    let smtp = named(Kind::Smtp, args.smtp.as_deref(), args.smtp_tls, user.unwrap_or(address))?;
    if let (Some(imap), Some(smtp)) = (&imap, &smtp) {
        return Ok(Servers { imap: imap.clone(), smtp: smtp.clone() });
    }
    let mut found = if args.offline { None } else { Some(look_up(args, address, steps).await?) };
    let mut take = |kind: Kind, named: Option<Way>| match (named, found.as_mut()) {
        (Some(way), _) => Ok(Some(way)),
        (None, Some(found)) => told(kind, found, user.unwrap_or(address), user.is_some(), person, steps),
        (None, None) => Ok(None),
    };
    let (imap, smtp) = (take(Kind::Imap, imap)?, take(Kind::Smtp, smtp)?);
    let missing: Vec<Kind> = [(Kind::Imap, imap.is_none()), (Kind::Smtp, smtp.is_none())]
        .iter()
        .filter(|(_, is)| *is)
        .map(|(kind, _)| *kind)
        .collect();
    if !missing.is_empty() && !person.is_there() {
        return Err(nothing_found(address, &missing, found.as_ref()));
    }
    let asked = |kind: Kind, known: Option<Way>| match known {
        Some(way) => Ok(way),
        None => ask(kind, address, user.unwrap_or(address), person),
    };
    Ok(Servers { imap: asked(Kind::Imap, imap)?, smtp: asked(Kind::Smtp, smtp)? })
}

async fn look_up(args: &Args, address: &str, steps: &mut Steps) -> anyhow::Result<Found> {
    let network = Network::new(args.dns, args.ca_file.clone()).await?;
    let found = discover::find(&network, address).await;
    let domain = domain_of(address);
    match found.mx.provider() {
        Some(Provider::Microsoft) => bail!(
            "the mail of {domain} is at Microsoft, which takes no passwords from programs; write caseway.toml with an \
             [oauth] table as docs/PROVIDERS.md shows for Microsoft 365, then: caseway oauth login, caseway check"
        ),
        Some(Provider::Google) => bail!(
            "the mail of {domain} is at Google, which wants OAuth; write caseway.toml with an [oauth] table as \
             docs/PROVIDERS.md shows for Google, then: caseway check. With an app password: --imap imap.gmail.com --smtp \
             smtp.gmail.com"
        ),
        None => {}
    }
    match &found.mx {
        Mx::Missing => steps.warn(&format!(
            "{domain} has no MX record: mail from outside hardly reaches {address}. Ask whoever runs its DNS"
        ))?,
        Mx::Refused => steps.warn(&format!(
            "{domain} says in the DNS that it takes no mail (a null MX, RFC 7505): nobody can write to {address}"
        ))?,
        Mx::Hosts(_) | Mx::Unknown(_) => {}
    }
    Ok(found)
}

/// What the domain tells of a server; `None` where that is nothing, or nothing to be trusted.
fn told(
    kind: Kind,
    found: &mut Found,
    user: &str,
    user_is_named: bool,
    person: &Person,
    steps: &mut Steps,
) -> anyhow::Result<Option<Way>> {
    let known = match kind {
        Kind::Imap => found.imap.take(),
        Kind::Smtp => found.smtp.take(),
    };
    let Some(Known { server, told_by, is_foreign }) = known else { return Ok(None) };
    let guard = match server.protection {
        Protection::Implicit => Guard::Implicit,
        Protection::StartTls => Guard::Starttls,
    };
    let user = server.user.filter(|_| !user_is_named).unwrap_or_else(|| user.to_owned());
    let way = Way { host: server.host, port: server.port, guard, user, is_guessed: false };
    let (what, place) = (word(kind), way.place());
    if is_foreign {
        let question = format!(
            "{what} is at {place}, says the record {told_by}. That is another domain, and DNS can be forged. Does the \
             password go there?"
        );
        if !person.agrees(&question)? {
            found.in_vain.push(format!(
                "{told_by} names {place}, which is another domain, and DNS can be forged; if it is right: {} {}:{}",
                flag(kind),
                way.host,
                way.port
            ));
            return Ok(None);
        }
    }
    steps.done(&format!("{what} is at {place}, says {told_by}"))?;
    Ok(Some(way))
}

fn nothing_found(address: &str, missing: &[Kind], found: Option<&Found>) -> anyhow::Error {
    let domain = domain_of(address);
    let what: Vec<&str> = missing.iter().map(|kind| word(*kind)).collect();
    let flags: Vec<String> = missing.iter().map(|kind| format!("{} HOST[:PORT]", flag(*kind))).collect();
    let (what, flags) = (what.join(" and "), flags.join(" "));
    let Some(found) = found else {
        return anyhow!("the server for {what} is not named, and --offline forbids to look for it; name it: {flags}");
    };
    let head = if found.dns_is_silent {
        format!(
            "no name server answers, so that nobody knows the server of {domain} for {what}; check the DNS of this machine \
             (/etc/resolv.conf) or ask another: --dns IP. Or name it: {flags}"
        )
    } else {
        format!("{domain} tells no server for {what}; name it: {flags}")
    };
    let reasons = found.in_vain.iter().rev().cloned();
    let error = reasons.fold(None, |inner: Option<anyhow::Error>, why| {
        Some(match inner {
            Some(inner) => inner.context(why),
            None => anyhow!(why),
        })
    });
    match error {
        Some(error) => error.context(head),
        None => anyhow!(head),
    }
}

fn ask(kind: Kind, address: &str, user: &str, person: &Person) -> anyhow::Result<Way> {
    let question = format!("The server for {} of {address}, as HOST or HOST:PORT", word(kind));
    let answer = person.ask(&question, "")?;
    if answer.is_empty() {
        bail!("the server for {} is not named; nothing was written", word(kind));
    }
    Ok(named(kind, Some(&answer), None, user)?.unwrap_or_else(|| usual(kind, answer, user)))
}

/// `HOST[:PORT]` with its protection, by its port where nobody says otherwise.
fn named(kind: Kind, written: Option<&str>, guard: Option<Guard>, user: &str) -> anyhow::Result<Option<Way>> {
    let Some(written) = written else { return Ok(None) };
    let (host, port) = split(written);
    let port = match port.map(str::parse::<u16>) {
        None => None,
        Some(Ok(port)) if port > 0 => Some(port),
        Some(_) => bail!("{} {written} has no port of 1 to 65535; write it like mail.example.test:993", flag(kind)),
    };
    let usual = usual(kind, host.to_owned(), user);
    Ok(Some(match (port, guard) {
        (None, None) => usual,
        (Some(port), guard) => Way { port, guard: guard.unwrap_or(by_port(port)), is_guessed: false, ..usual },
        (None, Some(guard)) => Way { port: port_of(kind, guard), guard, is_guessed: false, ..usual },
    }))
}

fn split(written: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = written.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, rest.strip_prefix(':'));
    }
    match written.split_once(':') {
        // An IPv6 address has several.
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (written, None),
    }
}

fn usual(kind: Kind, host: String, user: &str) -> Way {
    let guard = Guard::Implicit;
    Way { host, port: port_of(kind, guard), guard, user: user.to_owned(), is_guessed: true }
}

fn by_port(port: u16) -> Guard {
    if matches!(port, 25 | 143 | 587) { Guard::Starttls } else { Guard::Implicit }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Imap => "IMAP",
        Kind::Smtp => "SMTP",
    }
}

fn flag(kind: Kind) -> &'static str {
    match kind {
        Kind::Imap => "--imap",
        Kind::Smtp => "--smtp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_protected_as_its_port_usually_is() {
        let way = |kind, written: &str, guard| {
            let way = named(kind, Some(written), guard, "u").unwrap().unwrap();
            (way.host, way.port, way.guard, way.is_guessed)
        };
        let host = |name: &str, port, guard, is_guessed| (name.to_owned(), port, guard, is_guessed);
        assert_eq!(way(Kind::Imap, "a.test", None), host("a.test", 993, Guard::Implicit, true));
        assert_eq!(way(Kind::Imap, "a.test:143", None), host("a.test", 143, Guard::Starttls, false));
        assert_eq!(way(Kind::Smtp, "a.test:587", None), host("a.test", 587, Guard::Starttls, false));
        assert_eq!(way(Kind::Smtp, "a.test", Some(Guard::None)), host("a.test", 25, Guard::None, false));
        assert_eq!(way(Kind::Smtp, "[::1]:2525", None), host("::1", 2525, Guard::Implicit, false));
        assert_eq!(way(Kind::Imap, "::1", None), host("::1", 993, Guard::Implicit, true));
        for wrong in ["a.test:", "a.test:0", "a.test:99999", "a.test:imap"] {
            assert!(named(Kind::Imap, Some(wrong), None, "u").is_err(), "{wrong}");
        }
    }
}
