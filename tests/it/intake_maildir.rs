//! A Maildir as a source.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use caseway::config::After;
use caseway::intake;

use crate::harness::imap_script::mail;
use crate::harness::intake::{Ledger, maildir};

/// A Maildir in the ledger's folder.
struct Folder(PathBuf);

impl Folder {
    fn new(ledger: &Ledger, name: &str) -> Self {
        let path = ledger.dir.path().join(name);
        for folder in ["new", "cur", "tmp"] {
            fs::create_dir_all(path.join(folder)).unwrap();
        }
        Self(path)
    }

    /// Puts a mail there as a delivery agent does.
    fn put(&self, name: &str, bytes: &[u8]) {
        let partial = self.0.join("tmp").join("partial");
        fs::write(&partial, bytes).unwrap();
        fs::rename(partial, self.0.join(name)).unwrap();
    }

    fn names(&self, folder: &str) -> Vec<String> {
        names(&self.0.join(folder))
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Three mails: two new, out of order in the folder, and one that was read already.
async fn three(after: After) -> (Ledger, Folder, caseway::config::Mailbox) {
    let ledger = Ledger::new().await;
    let folder = Folder::new(&ledger, "box");
    folder.put("new/1700000003.M5P1.host", &mail(3));
    folder.put("new/1700000002.M40P1.host,S=10", &mail(2));
    folder.put("cur/1700000002.M5P1.host:2,FS", &mail(1));
    let mailbox = maildir(&folder.0, after);
    (ledger, folder, mailbox)
}

#[tokio::test]
async fn new_and_cur_are_read_in_the_order_of_delivery_and_kept() {
    let (ledger, folder, mailbox) = three(After::Keep).await;
    assert_eq!(ledger.once(&mailbox).await, 3);
    let rows = ledger.rows().await;
    assert_eq!(rows.iter().map(|row| &row.raw).collect::<Vec<_>>(), [&mail(1), &mail(2), &mail(3)]);
    assert!(rows.iter().all(|row| row.told && row.uid == 0));
    assert_eq!(rows[1].place, "1700000002.M40P1.host,S=10");
    assert_eq!((folder.names("new").len(), folder.names("cur").len()), (2, 1));
    assert_eq!(ledger.once(&mailbox).await, 0);
    // A client moves and flags a mail: it is the same mail.
    fs::rename(folder.0.join("new/1700000003.M5P1.host"), folder.0.join("cur/1700000003.M5P1.host:2,RS")).unwrap();
    assert_eq!(ledger.once(&mailbox).await, 0);
}

#[tokio::test]
async fn seen_goes_to_cur_with_its_flag() {
    let (ledger, folder, mailbox) = three(After::Seen).await;
    folder.put("cur/1700000009.M1P1.host:2,R", &mail(4));
    assert_eq!(ledger.once(&mailbox).await, 4);
    let cur = [
        "1700000002.M40P1.host,S=10:2,S",
        "1700000002.M5P1.host:2,FS",
        "1700000003.M5P1.host:2,S",
        "1700000009.M1P1.host:2,RS",
    ];
    assert_eq!((folder.names("new"), folder.names("cur")), (vec![], cur.map(str::to_owned).into()));
    assert!(ledger.rows().await.iter().all(|row| row.told));
    assert_eq!(ledger.once(&mailbox).await, 0);
}

#[tokio::test]
async fn deleted_files_are_gone_once_their_mails_are_durable() {
    let (ledger, folder, mailbox) = three(After::Delete).await;
    assert_eq!(ledger.once(&mailbox).await, 3);
    assert!(folder.names("new").is_empty() && folder.names("cur").is_empty());
    assert!(ledger.rows().await.iter().all(|row| row.told));
}

#[tokio::test]
async fn mails_move_into_a_plain_folder_or_another_maildir() {
    for other in [false, true] {
        let (ledger, folder, _) = three(After::Keep).await;
        let target = if other { Folder::new(&ledger, "done").0 } else { ledger.dir.path().join("a/b") };
        let mailbox = maildir(&folder.0, After::Move(target.to_str().unwrap().to_owned()));
        assert_eq!(ledger.once(&mailbox).await, 3);
        let moved = names(&if other { target.join("cur") } else { target });
        assert_eq!(moved, ["1700000002.M40P1.host,S=10", "1700000002.M5P1.host:2,FS", "1700000003.M5P1.host"]);
        assert!(folder.names("new").is_empty());
    }
}

#[tokio::test]
async fn mails_move_across_file_systems() {
    let (ledger, folder, _) = three(After::Keep).await;
    let elsewhere = tempfile::TempDir::new_in("/dev/shm").unwrap();
    let device = |path: &Path| std::os::unix::fs::MetadataExt::dev(&fs::metadata(path).unwrap());
    assert_ne!(device(elsewhere.path()), device(&folder.0), "the test needs two file systems");
    let mailbox = maildir(&folder.0, After::Move(elsewhere.path().to_str().unwrap().to_owned()));
    assert_eq!(ledger.once(&mailbox).await, 3);
    assert_eq!(fs::read(elsewhere.path().join("1700000003.M5P1.host")).unwrap(), mail(3));
    assert_eq!(names(elsewhere.path()).len(), 3);
    assert!(folder.names("new").is_empty());
}

#[tokio::test]
async fn what_could_not_be_moved_is_moved_later_without_being_taken_again() {
    let (ledger, folder, _) = three(After::Keep).await;
    let target = ledger.dir.path().join("target");
    fs::write(&target, "in the way").unwrap();
    let mailbox = maildir(&folder.0, After::Move(target.to_str().unwrap().to_owned()));
    assert_eq!(ledger.once(&mailbox).await, 3);
    assert_eq!(ledger.rows().await.iter().filter(|row| row.told).count(), 0);
    fs::remove_file(&target).unwrap();
    fs::remove_file(folder.0.join("new/1700000003.M5P1.host")).unwrap();
    assert_eq!(ledger.once(&mailbox).await, 0);
    assert_eq!(names(&target).len(), 2);
    assert!(ledger.rows().await.iter().all(|row| row.told));
}

#[tokio::test]
async fn only_mails_are_taken() {
    let ledger = Ledger::new().await;
    let folder = Folder::new(&ledger, "box");
    folder.put("new/.hidden", &mail(1));
    folder.put("tmp/1700000000.M1P1.host", &mail(2));
    fs::create_dir(folder.0.join("cur/1700000001.folder")).unwrap();
    symlink("/dev/zero", folder.0.join("new/1700000002.M1P1.link")).unwrap();
    folder.put("new/1700000003.M1P1.host", &mail(3));
    assert_eq!(ledger.once(&maildir(&folder.0, After::Delete)).await, 1);
    assert_eq!(folder.names("new"), [".hidden", "1700000002.M1P1.link"]);
}

#[tokio::test]
async fn a_mail_beyond_the_limit_stays_in_its_file() {
    let mut ledger = Ledger::new().await;
    ledger.ctx.limits.mail_size = 20_000;
    let folder = Folder::new(&ledger, "box");
    let large = [mail(1), vec![b'x'; 50_000]].concat();
    folder.put("new/1700000001.M1P1.host", &large);
    folder.put("new/1700000002.M1P1.host", &mail(2));
    let mailbox = maildir(&folder.0, After::Delete);
    assert_eq!(ledger.once(&mailbox).await, 2);
    let row = &ledger.rows().await[0];
    assert_eq!((row.oversize, row.size, row.message_id.as_str()), (true, large.len() as u64, "1@example.test"));
    assert!(row.raw.ends_with(b"\r\n\r\n"));
    assert_eq!(fs::read(folder.0.join("new/1700000001.M1P1.host")).unwrap(), large);
    assert_eq!(ledger.once(&mailbox).await, 0);
    assert_eq!(folder.names("new").len(), 1);
}

#[tokio::test]
async fn the_folder_is_watched_and_its_loss_survived() {
    let ledger = Ledger::new().await;
    let folder = Folder::new(&ledger, "box");
    let running = ledger.run(maildir(&folder.0, After::Keep));
    for number in 1..=3 {
        folder.put(&format!("new/170000000{number}.M1P1.host"), &mail(number));
        assert_eq!(ledger.until(number as usize).await.len(), number as usize);
    }
    fs::rename(&folder.0, ledger.dir.path().join("away")).unwrap();
    let empty = Folder::new(&ledger, "box");
    empty.put("cur/1700000004.M1P1.host:2,", &mail(4));
    ledger.until(4).await;
    running.stop().await;
    assert_eq!(ledger.raw_count().await, 4);
}

#[tokio::test]
async fn a_probe_counts_and_says_what_is_missing() {
    let (ledger, _, mailbox) = three(After::Keep).await;
    assert_eq!(intake::probe(&mailbox, None).await.unwrap().messages, 3);
    let missing = intake::probe(&maildir(ledger.dir.path(), After::Keep), None).await.unwrap_err();
    assert!(format!("{missing:#}").contains("a Maildir with new/ and cur/"), "{missing:#}");
}

#[tokio::test]
async fn drafts_and_trashed_mails_are_not_taken_until_their_flags_are_gone() {
    let (ledger, folder, mailbox) = three(After::Keep).await;
    folder.put("cur/1700000007.M1P1.host:2,DS", &mail(4));
    folder.put("cur/1700000008.M1P1.host:2,ST", &mail(5));
    folder.put("cur/1700000009.D1P1.host:2,RS", &mail(6));
    assert_eq!(ledger.once(&mailbox).await, 4);
    fs::rename(folder.0.join("cur/1700000008.M1P1.host:2,ST"), folder.0.join("cur/1700000008.M1P1.host:2,S")).unwrap();
    assert_eq!(ledger.once(&mailbox).await, 1);
    assert_eq!(ledger.rows().await.last().unwrap().raw, mail(5));
}
