//! The words of the pages in every language, templates of the administrator's own, and TLS.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use caseway::config::WebTls;
use caseway::mail::language::Language;
use caseway::web::{self, Pages};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::harness::browser::{PASSWORD, Site, account, link, web_config};
use crate::harness::mail::from;
use crate::harness::world::World;

const MAIJA: &str = "maija@customer.test";

/// Every page that has words of its own, in one language.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_reads_well_in_every_language() {
    let world = World::with(|config| config.web = Some(web_config())).await;
    world.receive(&from("Maija <maija@customer.test>", "m1@customer.test")).await;
    account(&world.app, MAIJA, Some(PASSWORD)).await;
    for purpose in ["activate", "reset", "enrol", "stop"] {
        link(&world.app, purpose, MAIJA, &format!("{purpose}token")).await;
    }
    let site = Site::of(&world).await;
    let mut maija = site.browser();
    maija.sign_in(MAIJA, PASSWORD).await;
    for written in Language::ALL {
        let language = written.code();
        let mut all = String::new();
        let mut stranger = site.browser();
        let strangers = [
            "/sign-in",
            "/forgot",
            "/activate",
            "/activate/activatetoken",
            "/reset/resettoken",
            "/stop/stoptoken",
            "/activate/x",
            "/reset/x",
            "/stop/x",
            "/nowhere",
        ];
        for path in strangers {
            all += &format!("== {path}\n{}\n\n", stranger.get(&format!("{path}?lang={language}")).await.words());
        }
        let sent = stranger.submit("/forgot", "/forgot", &[("email", "nobody@customer.test")]).await;
        all += &format!("== /forgot, sent\n{}\n\n", sent.words());
        for path in ["/cases", "/cases/CASE-1", "/profile", "/profile/password"] {
            all += &format!("== {path}\n{}\n\n", maija.get(&format!("{path}?lang={language}")).await.words());
        }
        let weak = [("current", "x"), ("password", "maija1990"), ("again", "y")];
        let refused = maija.submit("/profile/password", "/profile/password", &weak).await;
        all += &format!("== /profile/password, refused\n{}\n", refused.words());
        if Language::OF_ENGINEERS.contains(&written) {
            insta::assert_snapshot!(format!("pages_{language}"), all);
        }
        let english = ["Sign in", "Forgot your password", "Page not found", "My cases", "Change your password"];
        assert!(language == "en" || !english.iter().any(|words| all.contains(words)), "{all}");
    }
}

fn report(files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let loaded = Pages::load(Some(folder.path()));
    let told = loaded.map_or_else(|error| format!("{error:#}"), |_| "fine".to_owned());
    told.replace(&folder.path().display().to_string(), "/etc/caseway/templates")
}

#[test]
fn templates_that_cannot_be_used_stop_the_start() {
    insta::assert_snapshot!(report(&[
        ("web/forgot.hbs", "{{say \"forgot.lead\"}} {{say \"forgot.laed\"}}"),
        ("web/code.hbs", "{{#if problems}}{{emial}}{{/if}}"),
        ("web/stop.hbs", "{{#if email}}never closed"),
        ("web/text/de.toml", "[case]\nopened = \"eröffnet am {datum}\"\ncolse = \"Schließen\"\n"),
        ("web/text/fi.toml", "[case\n"),
        ("web/sing_in.hbs", "misspelt"),
    ]));
}

#[test]
fn a_text_and_a_page_are_replaced_alone() {
    let files = [("web/text/de.toml", "[sign_in]\ntitle = \"Hinein\"\n"), ("web/style.css", "body { color: black }")];
    assert_eq!(report(&files), "fine");
}

/// A certificate for `localhost` with its key, in a folder.
fn certificate(folder: &Path) -> (WebTls, RootCertStore) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let tls = WebTls { certificate: folder.join("web.crt"), key: folder.join("web.key") };
    fs::write(&tls.certificate, made.cert.pem()).unwrap();
    fs::write(&tls.key, made.signing_key.serialize_pem()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    (tls, roots)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_speak_tls_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let (tls, roots) = certificate(folder.path());
    let world = World::with(|config| config.web = Some(caseway::config::Web { tls: Some(tls), ..web_config() })).await;
    let site = Site::of(&world).await;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let client = client.with_root_certificates(roots).with_no_client_auth();
    // One that never shakes hands stands in nobody's way.
    let _silent = TcpStream::connect(site.address).await.unwrap();
    let stream = TcpStream::connect(site.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(client)).connect(name, stream).await.unwrap();
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("ok\n"), "{answer}");
}

#[test]
fn files_that_cannot_be_used_are_told_before_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (tls, _) = certificate(folder.path());
    let other = WebTls { key: folder.path().join("gone.key"), ..tls.clone() };
    let fine = caseway::config::Web { tls: Some(tls), ..web_config() };
    web::probe(&fine).unwrap();
    let keyless = caseway::config::Web { tls: Some(other), ..web_config() };
    assert!(format!("{:#}", web::probe(&keyless).unwrap_err()).contains("gone.key"));
    let listless = caseway::config::Web { breached_passwords: Some(folder.path().join("gone.txt")), ..web_config() };
    assert!(format!("{:#}", web::probe(&listless).unwrap_err()).contains("web.breached_passwords"));
}
