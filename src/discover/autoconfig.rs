//! The file in which a domain describes its servers (draft-ietf-mailmaint-autoconfig §4, first in Thunderbird).
//!
//! Read for what a gateway can use: IMAP and SMTP, under TLS, with a password. What has the first place is preferred (§4.1).

use roxmltree::{Document, Node, ParsingOptions};

use super::found::{Kind, Protection, Server, domain_of};

/// Elements and texts of a file that are read; one of a large provider has some hundred.
const MAX_NODES: u32 = 5_000;

/// Where a domain keeps the file (§3.1), in the order in which it is believed. Only by HTTPS: who could change it on the way would
/// get the password.
pub(super) fn places(address: &str, domain: &str) -> [String; 2] {
    let email: String = percent_encoding::utf8_percent_encode(address, percent_encoding::NON_ALPHANUMERIC).collect();
    [
        format!("https://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={email}"),
        format!("https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml"),
    ]
}

/// The first usable server of each kind. An error is the end of a sentence: `is no XML`.
pub(super) fn servers(text: &str, address: &str) -> Result<Vec<(Kind, Server)>, String> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| format!("is no XML: {error}"))?;
    let root = document.root_element();
    if !root.has_tag_name("clientConfig") {
        return Err("is no autoconfig file".to_owned());
    }
    let elements = root.children().filter(|node| node.has_tag_name("emailProvider")).flat_map(|node| node.children());
    let mut found: Vec<(Kind, Server)> = Vec::new();
    for element in elements.filter(Node::is_element) {
        let kind = match (element.tag_name().name(), element.attribute("type")) {
            ("incomingServer", Some("imap")) => Kind::Imap,
            ("outgoingServer", Some("smtp")) => Kind::Smtp,
            _ => continue,
        };
        if !found.iter().any(|(known, _)| *known == kind)
            && let Some(server) = server(element, address)
        {
            found.push((kind, server));
        }
    }
    if found.is_empty() {
        Err("names no server for IMAP or SMTP with TLS and a password".to_owned())
    } else {
        Ok(found)
    }
}

fn server(element: Node<'_, '_>, address: &str) -> Option<Server> {
    let texts = |name: &'static str| {
        element.children().filter(move |node| node.has_tag_name(name)).filter_map(|node| node.text()).map(str::trim)
    };
    let host = filled(texts("hostname").next()?, address);
    let protection = texts("socketType").find_map(|kind| match kind {
        "SSL" => Some(Protection::Implicit),
        "STARTTLS" => Some(Protection::StartTls),
        _ => None,
    })?;
    // Nothing said is the password in clear, under TLS (§4.2); encrypted ones and tokens are others.
    let mut ways = texts("authentication").peekable();
    let takes_password = ways.peek().is_none() || ways.any(|way| matches!(way, "password-cleartext" | "plain"));
    let is_host = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
    (takes_password && is_host).then_some(Server {
        host,
        port: texts("port").next()?.parse().ok().filter(|port| *port > 0)?,
        protection,
        user: texts("username").next().map(|user| filled(user, address)).filter(|user| !user.is_empty()),
    })
}

/// The parts of the address for their placeholders (§4.4).
fn filled(text: &str, address: &str) -> String {
    text.replace("%EMAILADDRESS%", address)
        .replace("%EMAILLOCALPART%", address.rsplit_once('@').map_or(address, |(local, _)| local))
        .replace("%EMAILDOMAIN%", domain_of(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(servers: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><clientConfig version=\"1.1\"><emailProvider id=\"example.test\">{servers}</emailProvider></clientConfig>"
        )
    }

    fn incoming(kind: &str, port: &str, socket: &str, ways: &str) -> String {
        format!(
            "<incomingServer type=\"{kind}\"><hostname>mail.%EMAILDOMAIN%</hostname><port>{port}</port>\
             <socketType>{socket}</socketType><username>%EMAILLOCALPART%</username>{ways}</incomingServer>"
        )
    }

    const PASSWORD: &str = "<authentication>password-cleartext</authentication>";

    #[test]
    fn the_first_usable_server_of_each_kind_is_taken() {
        let text = file(&format!(
            "<displayName>Example</displayName>{}{}{}{}<outgoingServer type=\"smtp\"><hostname> smtp.example.test </hostname>\
             <port>587</port><socketType>STARTTLS</socketType><username>%EMAILADDRESS%</username>\
             <authentication>OAuth2</authentication>{PASSWORD}</outgoingServer>",
            incoming("pop3", "995", "SSL", PASSWORD),
            incoming("imap", "143", "plain", PASSWORD),
            incoming("imap", "993", "SSL", PASSWORD),
            incoming("imap", "143", "STARTTLS", PASSWORD),
        ));
        let server = |host: &str, port, protection, user: &str| Server {
            host: host.to_owned(),
            port,
            protection,
            user: Some(user.to_owned()),
        };
        assert_eq!(
            servers(&text, "support@example.test").unwrap(),
            [
                (Kind::Imap, server("mail.example.test", 993, Protection::Implicit, "support")),
                (Kind::Smtp, server("smtp.example.test", 587, Protection::StartTls, "support@example.test")),
            ]
        );
    }

    #[test]
    fn what_cannot_be_used_is_told() {
        let wrong = |text: &str| servers(text, "support@example.test").unwrap_err();
        assert_eq!(wrong(&file("")), "names no server for IMAP or SMTP with TLS and a password");
        for server in [
            incoming("imap", "993", "SSL", "<authentication>OAuth2</authentication>"),
            incoming("imap", "0", "SSL", PASSWORD),
            incoming("imap", "port", "SSL", PASSWORD),
            incoming("imap", "143", "plain", PASSWORD),
            incoming("imap", "993", "SSL", PASSWORD).replace("mail.", "mail\"\nevil = \""),
        ] {
            assert_eq!(wrong(&file(&server)), "names no server for IMAP or SMTP with TLS and a password", "{server}");
        }
        assert_eq!(wrong("<html/>"), "is no autoconfig file");
        assert!(wrong("404").starts_with("is no XML"));
        assert!(
            wrong("<!DOCTYPE a [<!ENTITY b \"c\">]><clientConfig/>").starts_with("is no XML"),
            "entities may be endless"
        );
        assert!(wrong(&file(&"<a/>".repeat(6_000))).starts_with("is no XML"));
    }

    #[test]
    fn an_address_is_written_so_that_it_ends_no_query() {
        assert_eq!(
            places("a&b=c+d@example.test", "example.test")[0],
            "https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=a%26b%3Dc%2Bd%40example%2Etest"
        );
    }
}
