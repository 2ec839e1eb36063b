//! Signatures on what goes out, verified by another program than ours: dkimpy, as Debian has it.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use caseway::config::{DkimKey, DkimKind};
use caseway::dkim::{Signer, keygen};
use data_encoding::BASE64;

use crate::cli_program::{Ran, caseway};
use crate::harness::post::{Post, smtp, transport};
use crate::harness::smtp_script::SmtpScript;

/// A new key, and its record as name and text.
fn key(selector: &str, domain: &str, kind: DkimKind) -> (DkimKey, (String, String)) {
    let key = DkimKey::new(selector, domain, keygen(kind).unwrap()).unwrap();
    let text = format!("v=DKIM1; k={}; p={}", kind.word(), BASE64.encode(&key.public().unwrap()));
    let record = (key.record_name(), text);
    (key, record)
}

/// How many signatures a mail has, and for each whether it is good.
fn verified(mail: &[u8], records: &[(String, String)]) -> Vec<bool> {
    const SCRIPT: &str = "
import dkim, json, sys
records = {name + '.': text.encode() for name, text in json.loads(sys.argv[1])}
mail = sys.stdin.buffer.read()
def good(at):
    try: return dkim.DKIM(mail).verify(at, dnsfunc=lambda name, timeout=5: records[name.decode()])
    except dkim.ValidationError: return False
count = sum(1 for name, _ in dkim.rfc822_parse(mail)[0] if name.lower() == b'dkim-signature')
print(json.dumps([good(at) for at in range(count)]))
";
    let records = serde_json::to_string(records).unwrap();
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", SCRIPT, &records])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Debian's python3 with python3-dkim and python3-nacl: ./dev install brings them");
    child.stdin.take().unwrap().write_all(mail).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "dkimpy failed; ./dev install brings python3-dkim and python3-nacl");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Sends one mail signed with these keys; what the server got.
async fn sent(keys: &[DkimKey], change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let server = SmtpScript::start().await;
    let mut post = Post::new().await;
    post.ctx.signer = Arc::new(Signer::new(keys).unwrap());
    post.queue_as(&["alice@customer.test"], |mail| change(&mut mail.bytes)).await;
    let tally = post.send(&transport(smtp(server.port))).await;
    assert_eq!(tally.sent, 1);
    server.texts().remove(0)
}

#[tokio::test]
async fn what_goes_out_is_signed_with_every_key_of_its_domain() {
    let (rsa, of_rsa) = key("caseway-2026", "example.test", DkimKind::Rsa);
    let (ed, of_ed) = key("caseway-ed", "example.test", DkimKind::Ed25519);
    let (other, of_other) = key("other", "elsewhere.test", DkimKind::Ed25519);
    let records = [of_rsa, of_ed, of_other];
    let mail = sent(&[rsa, ed, other], |_| {}).await;
    assert_eq!(verified(&mail, &records), [true, true], "{}", String::from_utf8_lossy(&mail));
    let text = String::from_utf8_lossy(&mail);
    assert!(text.starts_with("DKIM-Signature:") && !text.contains("d=elsewhere.test"), "{text}");

    // Whoever changes what people read, or adds a second header that decides something, breaks both.
    for (from, to) in [
        ("\r\n\r\n", "\r\n\r\nSend money.\r\n"),
        ("\r\nSubject: ", "\r\nSubject: Urgent! "),
        ("\r\nFrom: ", "\r\nFrom: boss@example.test\r\nFrom: "),
        ("\r\nFrom: ", "\r\nSubject: Another\r\nFrom: "),
        ("\r\nFrom: ", "\r\nTo: bob@elsewhere.test\r\nFrom: "),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from:?} is not there");
        assert_eq!(verified(changed.as_bytes(), &records), [false, false], "{to:?}");
    }
    // What servers and lists on the way add breaks none.
    let passed = format!("Received: by mx.customer.test\r\nX-Spam-Flag: NO\r\nList-Id: <a.b.test>\r\n{text}");
    assert_eq!(verified(passed.as_bytes(), &records), [true, true]);
}

/// A signature for a name that is not the sender's counts for nothing with DMARC; one of the domain above does.
#[tokio::test]
async fn a_domain_signs_for_itself_and_those_below() {
    let (above, of_above) = key("k", "example.test", DkimKind::Ed25519);
    let below = |bytes: &mut Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes = text.replace("@example.test", "@help.example.test").into_bytes();
    };
    let mail = sent(std::slice::from_ref(&above), below).await;
    assert_eq!(verified(&mail, std::slice::from_ref(&of_above)), [true]);
    let alike = |bytes: &mut Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes = text.replace("@example.test", "@notexample.test").into_bytes();
    };
    let mail = sent(std::slice::from_ref(&above), alike).await;
    assert_eq!(verified(&mail, &[of_above]), [] as [bool; 0]);
}

#[test]
fn a_key_is_made_once_for_its_owner_alone() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["dkim", "keygen", "Example.COM", "--file", "key.pem", "--selector", "caseway-2026"];
    let made = caseway(dir.path(), &args);
    assert_eq!(made.code, 0, "{made}");
    assert!(made.stdout.contains("caseway-2026._domainkey.example.com. IN TXT ( \"v=DKIM1; k=rsa; p="), "{made}");
    assert!(made.stdout.contains("[dkim.caseway-2026]\ndomain = \"example.com\"\nkey_file = \"key.pem\""), "{made}");
    assert!(!made.stdout.contains("PRIVATE"), "{made}");
    let kept = std::fs::read(dir.path().join("key.pem")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(dir.path().join("key.pem").metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let again = caseway(dir.path(), &args);
    assert_eq!((again.code, std::fs::read(dir.path().join("key.pem")).unwrap()), (1, kept), "{again}");
    assert!(again.stderr.contains("key.pem is there already"), "{again}");
    for (wrong, says) in [(["example", "good"], "is no domain"), (["example.com", "no good"], "is no selector")] {
        let Ran { code, stderr, .. } =
            caseway(dir.path(), &["dkim", "keygen", wrong[0], "--file", "other.pem", "--selector", wrong[1]]);
        assert!(code == 1 && stderr.contains(says), "{stderr}");
        assert!(!dir.path().join("other.pem").exists(), "nothing is left behind");
    }

    let config = "[desk]\nname = \"Example\"\n[database]\npath = \"desk.db\"\n[mailbox.support]\naddress = \"support@example.com\"\npipe = true\n\
                  [transport.main]\nfolder = \"out\"\n[dkim.caseway-2026]\ndomain = \"example.com\"\nkey_file = \"key.pem\"\n";
    std::fs::write(dir.path().join("caseway.toml"), config).unwrap();
    let records = caseway(dir.path(), &["--config", "caseway.toml", "dkim", "records"]);
    assert_eq!(records.code, 0, "{records}");
    assert!(made.stdout.contains(records.stdout.trim()), "{records}");
    std::fs::write(dir.path().join("key.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
        .unwrap();
    let broken = caseway(dir.path(), &["--config", "caseway.toml", "dkim", "records"]);
    assert!(broken.code == 1 && broken.stderr.contains("dkim.caseway-2026.key_file: "), "{broken}");
}
