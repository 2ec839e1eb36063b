//! Mails from files and from standard input.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use caseway::intake::pipe::{self, Format, Input, IntakeError, Taken};

use crate::harness::imap_script::mail;
use crate::harness::intake::Ledger;

const SEPARATOR: &[u8] = b"From ann@example.test Mon Jan  1 10:00:00 2024\n";

fn stream(bytes: impl Into<Vec<u8>>) -> Input {
    Input::Stream { name: "a test".to_owned(), read: Box::new(io::Cursor::new(bytes.into())) }
}

fn file(ledger: &Ledger, bytes: &[u8]) -> Input {
    let path = ledger.dir.path().join("input");
    fs::write(&path, bytes).unwrap();
    Input::File(path)
}

#[tokio::test]
async fn a_piped_mail_is_durable_byte_by_byte() {
    let ledger = Ledger::new().await;
    let odd = b"Subject: \xff\x00\r\nMessage-ID: <a@b.test>\r\n\r\n>From us\r\n\r\nno end \xe4".to_vec();
    let taken = pipe::take(&ledger.ctx, "support", stream(odd.clone()), Format::Mail).await.unwrap();
    assert_eq!(taken, Taken { mails: 1, oversize: 0 });
    let rows = ledger.rows().await;
    assert_eq!((rows[0].raw.clone(), rows[0].message_id.as_str(), rows[0].told), (odd, "a@b.test", true));
}

#[tokio::test]
async fn the_envelope_line_of_a_delivery_agent_stays_and_is_looked_past() {
    let ledger = Ledger::new().await;
    let piped = [SEPARATOR, &mail(1)].concat();
    pipe::take(&ledger.ctx, "support", stream(piped.clone()), Format::Mail).await.unwrap();
    pipe::take(&ledger.ctx, "support", stream(mail(1)), Format::Mail).await.unwrap();
    let rows = ledger.rows().await;
    assert_eq!((&rows[0].raw, &rows[1].raw), (&piped, &mail(1)));
    assert_eq!(rows[0].message_id, rows[1].message_id);
}

#[tokio::test]
async fn a_mail_that_quotes_a_separator_is_one_mail_when_piped() {
    let ledger = Ledger::new().await;
    let forged = [&mail(1), &b"\r\n"[..], SEPARATOR, b"From: boss@example.test\r\n\r\nPay this.\r\n"].concat();
    let piped = [SEPARATOR, &forged].concat();
    assert_eq!(pipe::take(&ledger.ctx, "support", stream(piped.clone()), Format::Mail).await.unwrap().mails, 1);
    assert_eq!(ledger.rows().await[0].raw, piped);
}

#[tokio::test]
async fn a_file_is_taken_for_what_it_is() {
    let ledger = Ledger::new().await;
    let input = file(&ledger, &mail(1));
    assert_eq!(pipe::take(&ledger.ctx, "support", input, Format::Detect).await.unwrap().mails, 1);
    let mbox: Vec<u8> = (2..=1_001).flat_map(|n| [SEPARATOR, &mail(n), b"\n"].concat()).collect();
    let input = file(&ledger, &mbox);
    assert_eq!(pipe::take(&ledger.ctx, "support", input, Format::Detect).await.unwrap().mails, 1_000);
    let rows = ledger.rows().await;
    assert!(rows.iter().map(|row| &row.raw).eq((1..=1_001).map(mail).collect::<Vec<_>>().iter()));
    assert!(rows[1_000].place.ends_with("input#1000"));
}

#[tokio::test]
async fn an_mbox_on_standard_input_is_split_on_demand() {
    let ledger = Ledger::new().await;
    let mbox = [SEPARATOR, &mail(1), b"\n", SEPARATOR, &mail(2), b"\n"].concat();
    assert_eq!(pipe::take(&ledger.ctx, "support", stream(mbox), Format::Mbox).await.unwrap().mails, 2);
}

#[tokio::test]
async fn a_mail_beyond_the_limit_leaves_its_header() {
    let mut ledger = Ledger::new().await;
    ledger.ctx.limits.mail_size = 20_000;
    let large = [mail(1), vec![b'x'; 50_000]].concat();
    let taken = pipe::take(&ledger.ctx, "support", stream(large.clone()), Format::Mail).await.unwrap();
    assert_eq!(taken, Taken { mails: 1, oversize: 1 });
    let row = &ledger.rows().await[0];
    assert!(row.oversize && row.raw.ends_with(b"\r\n\r\n"));
    assert_eq!(row.size, large.len() as u64);
}

#[tokio::test]
async fn failures_are_told_apart() {
    let ledger = Ledger::new().await;
    let take = |input, format| pipe::take(&ledger.ctx, "support", input, format);
    let missing = take(Input::File(PathBuf::from("/no/such/file")), Format::Detect).await.unwrap_err();
    assert!(matches!(&missing, IntakeError::Unreadable { name, .. } if name == "/no/such/file"), "{missing}");
    let empty = take(stream(*b"\n\n"), Format::Mail).await.unwrap_err();
    assert!(matches!(empty, IntakeError::Empty { .. }), "{empty}");
    ledger.ctx.store.close().await;
    let closed = take(stream(mail(1)), Format::Mail).await.unwrap_err();
    assert!(matches!(closed, IntakeError::Unavailable(_)), "{closed}");
}

#[tokio::test]
async fn mails_before_a_failure_are_kept() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let ledger = Ledger::new().await;
    let mbox = [SEPARATOR, &mail(1), b"\n", SEPARATOR, b"Subject: cut of"].concat();
    let read = Box::new(io::Cursor::new(mbox).chain(Failing));
    let input = Input::Stream { name: "a pipe".to_owned(), read };
    let err = pipe::take(&ledger.ctx, "support", input, Format::Mbox).await.unwrap_err();
    assert!(matches!(err, IntakeError::Unreadable { .. }), "{err}");
    assert_eq!(ledger.rows().await.len(), 1);
}
