//! Access tokens on a real Dovecot and a real Postfix with Dovecot's SASL.

use caseway::config::{Credential, Grant, Imap, Mailbox, OAuth, Smtp, Tls};
use caseway::intake::imap::ImapError;
use caseway::intake::{self, ProbeReport};
use caseway::oauth::Tokens;
use caseway::send::{FaultKind, probe};
use tempfile::TempDir;

use crate::harness::identity::IdentityServer;
use crate::harness::intake::{Ledger, imap};
use crate::harness::post::{Post, smtp, transport};
use crate::harness::servers::{Dovecot, Postfix};

const USER: &str = "support@example.test";

/// A provider, and servers that ask it about tokens.
struct Servers {
    identity: IdentityServer,
    dovecot: Dovecot,
    _folder: TempDir,
}

impl Servers {
    /// With these mechanisms of SASL.
    async fn with(mechanisms: &str) -> Self {
        let identity = IdentityServer::start(3600).await;
        let folder = tempfile::Builder::new().prefix("cw-").tempdir_in("/tmp").unwrap();
        let asked = folder.path().join("oauth2.conf");
        let settings = format!(
            "introspection_url = {}/introspect\nintrospection_mode = post\nusername_attribute = email\n\
             active_attribute = active\nactive_value = true\ntimeout_msecs = 5000\n",
            identity.url
        );
        std::fs::write(&asked, settings).unwrap();
        open_to_all(folder.path());
        // The domain counts: a token is of a whole address. Failures of a test make nobody wait.
        let extra = format!(
            "auth_mechanisms = plain login {mechanisms}\nauth_username_format = %Lu\n\
             service anvil {{\n  unix_listener anvil-auth-penalty {{\n    mode = 0\n  }}\n}}\n\
             passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {}\n}}\n",
            asked.display()
        );
        Self { identity, dovecot: Dovecot::start_with(&extra), _folder: folder }
    }

    fn config(&self) -> OAuth {
        self.identity.config(Grant::ClientCredentials)
    }

    fn mailbox(&self) -> Mailbox {
        imap(self.dovecot.imaps, |imap: &mut Imap| {
            imap.tls = Tls::Implicit { ca_file: Some(self.dovecot.ca_file()) };
            imap.user = USER.to_owned();
            imap.credential = Credential::OAuth("main".to_owned());
        })
    }

    async fn signed_in(&self, tokens: &Tokens) -> anyhow::Result<ProbeReport> {
        intake::probe(&self.mailbox(), Some(tokens)).await
    }
}

/// The servers' processes are of other users.
fn open_to_all(folder: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn tokens(ledger: &Ledger, config: OAuth) -> Tokens {
    let keys = caseway::desk::seal::keys::Keys::new(vec![(1, b"a secret of thirty-two octets...".to_vec())]).unwrap();
    Tokens::new(&[("main".to_owned(), config)].into(), ledger.ctx.store.clone(), keys, ledger.ctx.clock.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn dovecot_lets_us_in_by_either_mechanism_and_whatever_the_length() {
    for mechanisms in ["xoauth2", "oauthbearer", "xoauth2 oauthbearer"] {
        let servers = Servers::with(mechanisms).await;
        servers.dovecot.deliver("support", "new/1.host", b"From: a@customer.test\r\nSubject: One\r\n\r\nOne.\r\n");
        for padding in [0, 3_000] {
            servers.identity.provider.lock().unwrap().padding = padding;
            let mut ledger = Ledger::new().await;
            ledger.ctx.tokens = Some(tokens(&ledger, servers.config()));
            let taken = intake::run_once(&ledger.ctx, &servers.mailbox()).await.unwrap();
            assert_eq!(taken, 1, "{mechanisms}, {padding}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_dovecot_refuses_is_renewed_once() {
    let servers = Servers::with("xoauth2 oauthbearer").await;
    let ledger = Ledger::new().await;
    let tokens = tokens(&ledger, servers.config());
    servers.signed_in(&tokens).await.unwrap();
    assert_eq!(servers.identity.asked(), 1);
    servers.identity.provider.lock().unwrap().good.clear();
    servers.signed_in(&tokens).await.unwrap();
    assert_eq!(servers.identity.asked(), 2, "a new one was fetched, and it was good");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_dovecot_says_of_a_token_is_told_with_what_we_know_of_it() {
    let servers = Servers::with("xoauth2").await;
    let ledger = Ledger::new().await;
    let tokens = tokens(&ledger, servers.config());
    let mut elsewhere = servers.mailbox();
    let caseway::config::Source::Imap(imap) = &mut elsewhere.source else { panic!("no IMAP") };
    imap.user = "sales@example.test".to_owned();
    let error = intake::probe(&elsewhere, Some(&tokens)).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(ImapError::Token { .. })), "{error:#}");
    insta::assert_snapshot!(format!("{error:#}"));
}

/// The provider is away: Dovecot says so on IMAP, and Postfix says 535 as if the token were bad.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_away_is_no_refusal() {
    let servers = Servers::with("xoauth2 oauthbearer").await;
    let postfix = Postfix::start(&servers.dovecot);
    let ledger = Ledger::new().await;
    let tokens = tokens(&ledger, servers.config());
    servers.identity.provider.lock().unwrap().introspection = Some(503);
    let error = servers.signed_in(&tokens).await.unwrap_err();
    let Some(ImapError::Login { code, .. }) = error.downcast_ref() else { panic!("{error:#}") };
    assert!(code.is_about_account(), "{error:#}");
    let fault = probe(&submission(&postfix), Some(&tokens)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::LoginLater, "{fault}");
    assert_eq!(servers.identity.asked(), 1, "the token was not blamed");
    servers.identity.provider.lock().unwrap().introspection = None;
    servers.signed_in(&tokens).await.unwrap();
}

fn submission(postfix: &Postfix) -> Smtp {
    Smtp {
        tls: Tls::StartTls { ca_file: Some(postfix.ca_file()) },
        login: Some((USER.to_owned(), Credential::OAuth("main".to_owned()))),
        ..smtp(postfix.smtp + 1)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_takes_mails_by_token_whatever_its_length() {
    let servers = Servers::with("xoauth2 oauthbearer").await;
    let postfix = Postfix::start(&servers.dovecot);
    for padding in [0, 3_000] {
        servers.identity.provider.lock().unwrap().padding = padding;
        let ledger = Ledger::new().await;
        let mut post = Post::new().await;
        post.ctx.tokens = Some(tokens(&ledger, servers.config()));
        post.queue(&["alice@example.test"]).await;
        let tally = post.send(&transport(submission(&postfix))).await;
        assert_eq!(tally.sent, 1, "{padding}: {:?}", post.shown().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_refuses_a_token_with_a_reason() {
    let servers = Servers::with("xoauth2").await;
    let postfix = Postfix::start(&servers.dovecot);
    let ledger = Ledger::new().await;
    let tokens = tokens(&ledger, servers.config());
    let mut elsewhere = submission(&postfix);
    elsewhere.login = Some(("sales@example.test".to_owned(), Credential::OAuth("main".to_owned())));
    let fault = probe(&elsewhere, Some(&tokens)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Token);
    insta::assert_snapshot!(fault.to_string().replace(&fault.place, "HOST"));
}
